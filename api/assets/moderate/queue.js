// The cases that this page knows, and the list that is shown of them. Live news changes a case in
// its place; the list itself changes only when it is asked to.
import { Failure } from './api.js';
import { until } from './clock.js';
import { ask, viewer } from './session.js';
import { keep } from './keep.js';

const PAGE = 50;
/** How many cases may be decided at once. */
export const BULK = 100;
// Counts are asked for anew at most so often, in milliseconds.
const COUNT_EVERY = 3_000;

const cases = new Map();

/**
 * Tells `list` when the list was loaded, `case` when a case changed (`id`, and whether
 * the moderator changed it: `isOwn`), `waiting`, `selection` and `counts`.
 */
export const changes = new EventTarget();
const tell = (name, detail = {}) => changes.dispatchEvent(new CustomEvent(name, { detail }));

export const queue = {
  state: 'OPEN', kind: '', order: 'PRIORITY',
  ...keep.get('filter'),
  ids: [],
  /** Cases that belong in the list, and came after it was loaded. */
  waiting: new Set(),
  selected: new Set(),
  total: 0,
  counts: new Map(),
  cursor: null,
  loaded: false,
};

/** A case as it was last heard of. */
export const caseOf = (id) => cases.get(id);

export const kindOf = (it) => (it.subject ? { Story: 'STORY', Comment: 'COMMENT', Answer: 'ANSWER', Author: 'PROFILE' }[it.subject.__typename] : null);

/** What a case is called: the first line of its text. */
export function titleOf(it) {
  const subject = it.subject?.title ?? it.subject?.label ?? it.subject?.displayName;
  const line = (it.subjectSnapshot || subject || it.subject?.body || '').trim().split('\n', 1)[0];
  return line.length > 120 ? `${line.slice(0, 119).trimEnd()}…` : line;
}

/** Whether an appeal in a case waits for a judgement. */
export const contested = (it) => it.appeals.some(({ outcomeId }) => outcomeId === null);

/** What may stand in the place of a state: what it asks of the server, and which cases fit. */
const SEARCHES = {
  OVERDUE: [{ overdue: true }, (it) => it.state === 'OPEN' && until(it.dueAt) < 0],
  CONTESTED: [{ appealed: true }, contested],
  MINE: [{ claimedByViewer: true }, (it) => it.claimedBy?.id === viewer()?.id],
};

/** Whether a case may be shown in the list by its filters. */
const fits = (it) => (SEARCHES[queue.state]?.[1](it) ?? (!queue.state || it.state === queue.state)) && (!queue.kind || kindOf(it) === queue.kind);

/** Takes a case as the server gave it, unless a later one is known; `from` is own, live or nothing. */
export function take(it, from = '') {
  const before = cases.get(it.id);
  if (before && before.version > it.version) return;
  cases.set(it.id, it);
  if (before && JSON.stringify(before) === JSON.stringify(it)) return;
  tell('case', { id: it.id, isOwn: from === 'own' });
  if (from !== 'live') return;
  if (queue.loaded && !queue.ids.includes(it.id)) {
    const size = queue.waiting.size;
    if (fits(it)) queue.waiting.add(it.id);
    else queue.waiting.delete(it.id);
    if (queue.waiting.size !== size) tell('waiting');
  }
  countSoon();
}

function takeCounts(counts) {
  queue.counts = new Map(counts.map(({ state, count }) => [state, count]));
  tell('counts');
}

let counting = null;
/** Asks for the counts in a moment, once for all that happens until then. */
export function countSoon() {
  counting ??= setTimeout(async () => {
    counting = null;
    try {
      const data = await ask('ModerationCounts');
      takeCounts(data.moderationCases.countsByState);
    } catch { /* the next news asks again */ }
  }, COUNT_EVERY);
}

function variables(after) {
  const filter = { ...(SEARCHES[queue.state]?.[0] ?? (queue.state && { state: [queue.state] })), ...(queue.kind && { subjectKind: [queue.kind] }) };
  return { first: PAGE, after, filter, orderBy: queue.order };
}

let loads = 0;
/** Loads the list from its start, or what comes after it. */
export async function load({ more = false } = {}) {
  const load = loads += 1;
  const { moderationCases: page } = await ask('ModerationQueue', variables(more ? queue.cursor : null));
  // A later filter was faster.
  if (load !== loads) return;
  const found = page.edges.map(({ node }) => node);
  for (const it of found) take(it);
  const ids = found.map(({ id }) => id);
  queue.ids = more ? [...queue.ids, ...ids.filter((id) => !queue.ids.includes(id))] : ids;
  queue.total = page.totalCount;
  queue.cursor = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  queue.loaded = true;
  if (!more) queue.waiting.clear();
  for (const id of queue.selected) if (!queue.ids.includes(id)) queue.selected.delete(id);
  takeCounts(page.countsByState);
  tell('list', { more });
}

/** Looks what changed while there was no live news, without moving the list. */
export async function catchUp() {
  if (!queue.loaded) return;
  const { moderationCases: page } = await ask('ModerationQueue', variables(null));
  for (const { node } of page.edges) take(node, 'live');
  takeCounts(page.countsByState);
}

export function filterBy(part) {
  Object.assign(queue, part);
  keep.set('filter', { state: queue.state, kind: queue.kind, order: queue.order });
  queue.selected.clear();
  tell('selection');
  return load();
}

/** Selects a case or not; false where it would be one too many. */
export function select(id, chosen) {
  if (chosen && queue.selected.size >= BULK) return false;
  if (chosen) queue.selected.add(id);
  else queue.selected.delete(id);
  tell('selection');
  return true;
}

export function selectAll(chosen) {
  queue.selected.clear();
  if (chosen) for (const id of queue.ids.slice(0, BULK)) queue.selected.add(id);
  tell('selection');
}

/** The case itself, fetched where it is not known. */
export async function fetchCase(id) {
  if (!cases.has(id)) {
    const { node } = await ask('ModerationCase', { id });
    // Of another kind of object nothing is given.
    if (!node?.id) throw new Failure('NOT_FOUND', '');
    take(node);
  }
  return cases.get(id);
}

/** Asks for a case again, for what changed beside it. */
export async function refresh(id) {
  const { node } = await ask('ModerationCase', { id });
  if (node?.id) take(node, 'own');
}

/** The item's text as it is now; null where it is gone. */
export async function textNow(id) {
  const { node } = await ask('ModerationText', { id });
  return node?.subjectText ?? null;
}

/** Claims a case for 15 minutes; gives why not, or an empty list. */
export async function claim(id) {
  const { moderationCaseClaim: given } = await ask('ModerationCaseClaim', { input: { caseId: id } });
  if (given.case) take(given.case, 'own');
  return given.userErrors;
}

/** Decides a case; gives why not, or an empty list. */
export const decide = async (input) => (await decideMany(input)).errors;

/** Decides a case, and more of them alike; gives why not, or an empty list, and which were left alone while others were decided. */
export async function decideMany(input) {
  const { moderationCaseDecide: given } = await ask('ModerationCaseDecide', { input });
  if (given.case) take(given.case, 'own');
  for (const { id, state } of given.alsoDecided ?? []) {
    const known = cases.get(id);
    if (known) take({ ...known, state, claimedBy: null, claimedUntil: null }, 'own');
  }
  for (const left of given.leftAlone ?? []) take(left.case, 'own');
  countSoon();
  return { errors: given.userErrors, leftAlone: given.leftAlone ?? [] };
}

/** The open case behind `id` in the list, or before it where there is none behind. */
export function nextOpen(id, isMine) {
  const at = queue.ids.indexOf(id);
  const free = (each) => {
    const it = cases.get(each);
    return each !== id && it.state === 'OPEN' && (!it.claimedBy || isMine(it));
  };
  const behind = queue.ids.slice(at + 1);
  return behind.find(free) ?? queue.ids.slice(0, Math.max(at, 0)).reverse().find(free) ?? null;
}

/** Forgets everything, for who comes next. */
export function clear() {
  cases.clear();
  queue.ids = [];
  queue.waiting.clear();
  queue.selected.clear();
  queue.counts.clear();
  queue.loaded = false;
}
