// The list of cases with its filters.
import { Failure } from './api.js';
import { ago, due, moment, until } from './clock.js';
import { hasDraft } from './drafts.js';
import { choice, el, mark, put } from './element.js';
import { BULK, caseOf, changes, contested, filterBy, kindOf, load, queue, select, selectAll, titleOf } from './queue.js';
import { say } from './say.js';
import { viewer } from './session.js';
import { many, named, t, values } from './words.js';

/** Whether a claim still holds, by the clock. */
export const isClaimed = (it) => it.claimedBy !== null && until(it.claimedUntil) > 0;
/** Whether a claim is that of who is signed in. */
export const isMine = (it) => isClaimed(it) && it.claimedBy.id === viewer()?.id;

/** For whom the author speaks, where that is not for themselves. */
export function authorTag({ author }) {
  return author && author.kind !== 'PERSON' ? el('span', { class: 'tag', 'data-author': author.kind }, named('authors', author.kind)) : '';
}

/** The kinds of reasons that reports gave, the most given first. */
function reasonsOf(it) {
  const counts = new Map();
  for (const { reason } of it.reports) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].sort((one, other) => other[1] - one[1]).map(([reason]) => named('reasons', reason));
}

function row(id, hooks) {
  const title = el('a', { href: `#case=${encodeURIComponent(id)}` });
  const box = el('input', {
    type: 'checkbox',
    change: () => { if (!select(id, box.checked)) { box.checked = false; say(t('selectedMost')); } },
  });
  const facts = el('p', { class: 'facts' });
  const tags = el('p', { class: 'tags' });
  const item = el('li', { class: 'row' },
    el('label', { class: 'pick' }, box, el('span', { class: 'unseen' })),
    el('div', { class: 'about' }, title, facts, tags));
  let shown = '';
  const show = (it) => {
    const name = titleOf(it) || t('noText');
    put(title, name);
    put(box.nextSibling, t('selectCase', { title: name }));
    const kind = kindOf(it);
    const reasons = reasonsOf(it);
    const clock = it.state === 'OPEN' ? due(it.dueAt) : { text: ago(it.decisions.at(-1)?.createdAt ?? it.createdAt), mood: '' };
    facts.replaceChildren(
      el('span', { class: 'kind' }, kind ? named('kinds', kind) : t('gone')),
      reasons.length ? el('span', { class: 'why' }, `${it.reports.length > 1 ? `${it.reports.length}× ` : ''}${reasons.join(', ')}`) : '',
      el('time', { datetime: it.state === 'OPEN' ? it.dueAt : it.createdAt, class: clock.mood, title: moment(it.dueAt) }, clock.text));
    tags.replaceChildren(
      el('span', { class: 'author' }, it.author ? t('by', { name: it.author.displayName }) : t('byNobody')),
      authorTag(it),
      ...(it.state === 'OPEN' ? [] : [el('span', { class: 'tag', 'data-state': it.state }, named('states', it.state))]),
      ...(contested(it) ? [el('span', { class: 'tag soon' }, t('appealWaits'))] : []),
      ...(isClaimed(it) ? [el('span', { class: 'tag claim' }, isMine(it) ? t('claimedByMe') : t('claimedByOther', { name: it.claimedBy.displayName }))] : []),
      ...(hasDraft(id) ? [el('span', { class: 'tag' }, t('draftKept'))] : []));
    item.dataset.state = it.state;
  };
  const update = () => {
    const it = caseOf(id);
    // What is read stays as it is until it says something else.
    const now = JSON.stringify([it, due(it.dueAt).text, isClaimed(it), hasDraft(id)]);
    if (now !== shown) show(it);
    shown = now;
    box.checked = queue.selected.has(id);
    const isOpen = hooks.open() === id;
    mark(title, 'aria-current', isOpen);
    item.classList.toggle('current', isOpen);
  };
  update();
  return { item, title, update };
}

/**
 * The list. `hooks.open` gives the id of the case that is being read; `hooks.bulk` begins a
 * decision for what is selected.
 */
export function startList(hooks) {
  let rows = new Map();
  const pairsOf = (kind) => values(kind).map((value) => [value, named(kind, value)]);
  const state = choice(t('state'), 'state', [], '', (value) => attempt(() => filterBy({ state: value })));
  const states = state.querySelector('select');
  const filters = el('div', { class: 'filters', role: 'group', 'aria-label': t('filters') }, state,
    choice(t('kind'), 'kind', [['', t('all')], ...pairsOf('kinds')], queue.kind, (kind) => attempt(() => filterBy({ kind }))),
    choice(t('order'), 'order', pairsOf('orders'), queue.order, (order) => attempt(() => filterBy({ order }))));
  const heading = el('h1', { tabindex: '-1' }, t('queue'));
  const count = el('p', { class: 'count' });
  const list = el('ol', { class: 'rows', role: 'list', 'aria-label': t('queue') });
  const none = el('div', { class: 'none' });
  const more = el('button', { type: 'button', class: 'more', hidden: true, click: () => attempt(() => load({ more: true })) }, t('more'));
  const problem = el('p', { class: 'problem', role: 'alert' });
  // Says how many cases came since, in the place where it stands anyway: nothing moves.
  const refresh = el('button', { type: 'button', class: 'quiet', click: () => again() }, t('refresh'));
  const all = el('input', { type: 'checkbox', id: 'select-all', change: () => selectAll(all.checked) });
  const chosen = el('span', {}, t('selectAll'));
  const bulk = el('button', { type: 'button', class: 'primary small', hidden: true, click: () => hooks.bulk('') }, t('decideTogether'));
  const element = el('section', { class: 'queue', 'aria-label': t('queue') },
    el('div', { class: 'head' }, heading, count, refresh),
    filters,
    el('div', { class: 'pickbar' }, el('label', { class: 'pick', for: 'select-all' }, all, chosen), bulk),
    problem, list, none, more);

  async function attempt(work) {
    element.setAttribute('aria-busy', 'true');
    put(problem, '');
    try {
      await work();
      return true;
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      put(problem, failure.message);
      hooks.failed(failure);
      return false;
    } finally {
      element.removeAttribute('aria-busy');
    }
  }

  async function again() {
    if (await attempt(load)) say(t('refreshed', { found: many('found', queue.total) }));
  }

  // In place: someone may be at the filter when its numbers change.
  function showStates() {
    const counted = values('states')
      .filter((each) => each === 'OPEN' || each === queue.state || queue.counts.get(each))
      .map((each) => [each, queue.counts.size ? `${named('states', each)} (${queue.counts.get(each) ?? 0})` : named('states', each)]);
    const pairs = [...counted, ...pairsOf('searches'), ['', t('all')]];
    if (pairs.map(([state]) => state).join() !== [...states.options].map(({ value }) => value).join()) {
      states.replaceChildren(...pairs.map(([state]) => el('option', { value: state, selected: state === queue.state })));
    }
    for (const [at, [, text]] of pairs.entries()) put(states.options[at], text);
  }

  function showSelection() {
    const n = queue.selected.size;
    all.checked = n > 0 && n >= Math.min(queue.ids.length, BULK);
    all.indeterminate = n > 0 && !all.checked;
    all.disabled = queue.ids.length === 0;
    put(chosen, n ? many('selected', n) : t('selectAll'));
    bulk.hidden = n === 0;
    for (const { update } of rows.values()) update();
    hooks.selected();
  }

  function showList({ detail }) {
    const before = rows;
    rows = new Map(queue.ids.map((id) => [id, before.get(id) ?? row(id, hooks)]));
    const had = document.activeElement;
    const wasThere = list.contains(had);
    const at = detail.more ? queue.ids.find((id) => !before.has(id)) : null;
    if (detail.more) list.append(...[...rows].filter(([id]) => !before.has(id)).map(([, { item }]) => item));
    else list.replaceChildren(...[...rows.values()].map(({ item }) => item));
    if (list.contains(had)) had.focus();
    else if (wasThere) heading.focus();
    if (at) rows.get(at).title.focus();
    for (const { update } of rows.values()) update();
    put(count, many('found', queue.total));
    const isEmpty = queue.ids.length === 0;
    const isFiltered = queue.kind !== '' || queue.state !== 'OPEN';
    none.replaceChildren(...(isEmpty
      ? [el('p', { class: 'calm', 'aria-hidden': 'true' }, '✓'), el('h2', {}, t(isFiltered ? 'noneFound' : 'empty')), el('p', {}, t(isFiltered ? 'noneFoundText' : 'emptyText'))]
      : []));
    list.hidden = isEmpty;
    more.hidden = queue.cursor === null;
    showStates();
    showSelection();
    showWaiting();
  }

  function showWaiting() {
    const n = queue.waiting.size;
    refresh.classList.toggle('news', n > 0);
    put(refresh, n ? many('waiting', n) : t('refresh'));
    // Told once, at the first; the button counts on by itself.
    if (n === 1) say(t('waitingSaid'));
  }

  const stop = new AbortController();
  const on = (name, act) => changes.addEventListener(name, act, { signal: stop.signal });
  on('list', showList);
  on('case', ({ detail }) => rows.get(detail.id)?.update());
  on('waiting', showWaiting);
  on('selection', showSelection);
  on('counts', showStates);
  const ticking = setInterval(() => { for (const { update } of rows.values()) update(); }, 30_000);

  showStates();
  if (queue.loaded) showList({ detail: {} });
  else attempt(load);

  return {
    element,
    heading,
    /** Marks which case is being read. */
    update: () => { for (const { update } of rows.values()) update(); },
    /** Moves the focus to a case in the list. */
    focus(id) {
      const found = rows.get(id);
      if (!found) return false;
      found.title.focus();
      found.item.scrollIntoView({ block: 'nearest' });
      return true;
    },
    stop() { stop.abort(); clearInterval(ticking); },
  };
}
