// One case: what it is about, who reported it, what was decided, and the form that decides.
import { Failure } from './api.js';
import { showBlock } from './block.js';
import { claimLine } from './claim.js';
import { ago, due, moment } from './clock.js';
import { bulkTitle, DECISIONS, decisionForm } from './decision.js';
import { el, put } from './element.js';
import { authorTag, isClaimed } from './list.js';
import { caseOf, changes, claim, decide, decideMany, kindOf, queue, refresh, textNow, titleOf } from './queue.js';
import { say } from './say.js';
import { viewer } from './session.js';
import { templateEvents } from './templates.js';
import { many, named, t } from './words.js';

// The bar below: news there moves nothing of what one reads.
const bar = document.getElementById('news');
const time = (at) => el('time', { datetime: at, title: moment(at) }, ago(at));

/** What happened to a case since it was shown, in words. */
function news(shown, now) {
  const found = [];
  const reports = now.reports.length - shown.reports.length;
  if (reports > 0) found.push(many('newReports', reports));
  if (now.appeals.length > shown.appeals.length) found.push(t('newAppeal'));
  for (const each of now.decisions.slice(shown.decisions.length)) found.push(decisionName(each));
  if (now.state !== shown.state) found.push(t('newState', { state: named('states', now.state) }));
  return found.length ? found.join(', ') : t('newState', { state: named('states', now.state) });
}

function decisionName({ action, decidedBy }) {
  const what = named('done', action);
  if (decidedBy) return t('decidedBy', { action: what, name: decidedBy.displayName });
  return action === 'HIDE' ? t('decidedByReports', { action: what }) : what;
}

/** What stands above a case: a story's title, else whose it is; the text itself is below. */
function headingOf(it) {
  const kind = kindOf(it);
  if (kind === 'STORY') return titleOf(it) || t('noText');
  if (kind === 'ANSWER') return t('headingAnswer');
  return kind && it.author ? t('headingOf', { kind: named('kinds', kind), name: it.author.displayName }) : t('headingGone');
}

/** How the item is now, beside how it was when it was reported; `story` is a story's whole text, null until it is known. */
function subjectNow({ subject, subjectSnapshot }, story) {
  if (subject === null) return [el('p', { class: 'now' }, t('subjectGone'))];
  const now = subject.__typename === 'Story' ? story : subject.body ?? subject.label ?? subject.displayName ?? '';
  if (now === null || subjectSnapshot === '') return [];
  if (now === subjectSnapshot) return [el('p', { class: 'now' }, t('subjectSame'))];
  return [el('p', { class: 'now late' }, t('subjectChanged')), el('blockquote', { class: 'text', dir: 'auto' }, now)];
}

/** Until when the author is kept out, in words; nothing where they are not. */
function blockTag({ authorBlock: block }) {
  if (!block) return '';
  return el('span', { class: 'tag', 'data-block': '' }, block.until ? t('blockedUntil', { time: moment(block.until) }) : t('blockedForGood'));
}

function reportItem({ reason, explanation, createdAt }) {
  return el('li', {}, el('p', {}, el('b', {}, named('reasons', reason)), ' ', time(createdAt)),
    el('p', explanation ? { dir: 'auto' } : { class: 'hint' }, explanation ?? t('noExplanation')));
}

function appealItem({ statement, outcomeId, createdAt }) {
  return el('li', {}, el('p', {}, el('b', {}, t(outcomeId === null ? 'appealWaits' : 'appealJudged')), ' ', time(createdAt)),
    el('p', statement ? { dir: 'auto' } : { class: 'hint' }, statement || t('appealGone')));
}

function decisionItem(each) {
  return el('li', {}, el('p', {}, el('b', {}, decisionName(each)), each.reasonCode ? ` · ${named('reasons', each.reasonCode)}` : '',
    each.isReversal ? ` (${t('reversal')})` : '', ' ', time(each.createdAt)),
    each.statement ? el('p', { dir: 'auto' }, each.statement) : '');
}

/** What may be decided about a case: what never was out of sight is not put back. */
function actionsFor(cases) {
  const wasOut = cases.some((it) => it.state !== 'OPEN' || it.decisions.some(({ action }) => action === 'HIDE' || action === 'REJECT'));
  return DECISIONS.filter((action) =>
    (action !== 'REQUEST_CHANGES' || cases.every((it) => kindOf(it) === 'STORY')) && (action !== 'RESTORE' || wasOut));
}

/**
 * The view of a case. `hooks.decided` hears that it was; `hooks.failed` of what failed; `hooks.step`
 * goes to the next case or the one before.
 */
export function caseView(id, hooks) {
  // What the moderator has seen: news is told, and shown when they ask.
  let shown = caseOf(id);
  let story = null;

  const heading = el('h2', { tabindex: '-1', id: 'case-title', dir: 'auto' });
  const facts = el('p', { class: 'facts' });
  const notice = el('div', { class: 'notices' });
  const snapshot = el('section', { class: 'snapshot', 'aria-label': t('snapshot') });
  const reports = el('section', { 'aria-labelledby': 'reports-title' });
  const appeals = el('section', { 'aria-labelledby': 'appeals-title' });
  const history = el('section', { 'aria-labelledby': 'history-title' });
  const problem = el('p', { class: 'problem', role: 'alert' });
  const claiming = claimLine({ it: () => caseOf(id), claim: take });
  let form = null;
  const decideArea = el('div', { class: 'decide' });
  const apart = el('p', { class: 'apart' });
  const element = el('section', { class: 'case', 'aria-labelledby': 'case-title' },
    el('div', { class: 'case-head' },
      el('div', { class: 'steps' },
        el('a', { class: 'back', href: '#queue' }, '← ', t('back')),
        el('button', { type: 'button', class: 'quiet small', click: () => hooks.step(-1) }, t('previous'), ' ', el('kbd', { 'aria-hidden': 'true' }, 'k')),
        el('button', { type: 'button', class: 'quiet small', click: () => hooks.step(1) }, t('next'), ' ', el('kbd', { 'aria-hidden': 'true' }, 'j'))),
      heading, facts, claiming.element, notice, problem),
    el('div', { class: 'case-body' },
      el('div', { class: 'evidence' }, snapshot, appeals, reports), decideArea, el('div', { class: 'past' }, history)));

  function show() {
    const it = shown;
    const kind = kindOf(it);
    const clock = due(it.dueAt);
    put(heading, headingOf(it));
    facts.replaceChildren(
      kind === 'STORY' ? el('span', { class: 'kind' }, named('kinds', kind)) : '',
      el('span', { class: 'tag', 'data-state': it.state }, named('states', it.state)),
      blockTag(it),
      authorTag(it),
      kind !== 'STORY' ? '' : el('span', {}, it.author ? t('by', { name: it.author.displayName }) : t('byNobody')),
      el('span', { title: moment(it.openedAt) }, t('since', { time: ago(it.openedAt) })),
      it.state === 'OPEN' ? el('span', { class: clock.mood, title: moment(it.dueAt) }, clock.text) : '',
      el('span', {}, t('priority', { n: it.priority })));
    snapshot.replaceChildren(
      el('h3', {}, t('snapshot')),
      it.subjectSnapshot === '' ? el('p', { class: 'hint' }, t('snapshotGone')) : el('blockquote', { class: 'text', dir: 'auto' }, it.subjectSnapshot),
      ...subjectNow(it, story),
      it.findings.length ? el('p', { class: 'found' }, el('b', {}, t('findings')), ' ', it.findings.map((code) => named('signals', code)).join(', ')) : '');
    appeals.hidden = it.appeals.length === 0;
    appeals.replaceChildren(
      el('h3', { id: 'appeals-title' }, t('appeals'), ' ', el('span', { class: 'number' }, String(it.appeals.length))),
      it.awaitsAnotherModerator ? el('p', { class: 'notice' }, t('appealNeedsAnother')) : '',
      el('ol', { class: 'events', role: 'list' }, it.appeals.map(appealItem)));
    reports.replaceChildren(
      el('h3', { id: 'reports-title' }, t('reports'), ' ', el('span', { class: 'number' }, String(it.reports.length))),
      it.reports.length ? el('ol', { class: 'events', role: 'list' }, it.reports.map(reportItem)) : el('p', { class: 'hint' }, t('noReports')));
    history.replaceChildren(
      el('h3', { id: 'history-title' }, t('history'), ' ', el('span', { class: 'number' }, String(it.decisions.length))),
      it.decisions.length ? el('ol', { class: 'events', role: 'list' }, [...it.decisions].reverse().map(decisionItem)) : el('p', { class: 'hint' }, t('noHistory')));
    apart.replaceChildren(it.author ? el('button', {
      type: 'button', class: 'quiet small', click: () => showBlock({ id: it.author.id, name: it.author.displayName, isBlocked: Boolean(it.authorBlock) }, { ...hooks, done: () => refresh(id) }),
    }, t(it.authorBlock ? 'blockChange' : 'block')) : '');
    claiming.update();
  }

  async function readStory() {
    if (kindOf(shown) !== 'STORY') return;
    try {
      story = await textNow(id);
      show();
    } catch (failure) {
      // Without it the text that was reported is still there.
      if (!(failure instanceof Failure)) throw failure;
    }
  }

  function makeForm() {
    form = decisionForm({
      key: id, title: t('decide'), actions: actionsFor([shown]), failed: hooks.failed, decided: () => hooks.decided([id]),
      submit: async (sent) => {
        const errors = await decide({ caseId: id, expectedVersion: shown.version, ...sent });
        if (errors.length === 0) return null;
        if (errors.some(({ code }) => code === 'CASE_CHANGED')) {
          showNow();
          notice.replaceChildren(el('p', { class: 'notice', tabindex: '-1' }, t('caseChanged')));
          notice.firstChild.focus();
          return errors.filter(({ code }) => code !== 'CASE_CHANGED');
        }
        claiming.update();
        return errors;
      },
    });
    const isOthers = !shown.viewerCanDecide && !isClaimed(shown);
    decideArea.replaceChildren(
      isOthers ? el('p', { class: 'notice' }, t(shown.author?.id === viewer()?.id ? 'ownContent' : 'ownDecision')) : '',
      form.element, apart);
  }

  // Keeps the form, and with it what is typed, where the same may be decided as before.
  function showNow() {
    const before = actionsFor([shown]).join();
    shown = caseOf(id);
    bar.replaceChildren();
    show();
    readStory();
    if (actionsFor([shown]).join() !== before) makeForm();
  }

  async function take() {
    put(problem, '');
    try {
      const errors = await claim(id);
      put(problem, errors.map(({ message }) => message).join(' '));
      if (errors.length === 0) say(t('claimed'));
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      put(problem, failure.message);
      hooks.failed(failure);
    }
  }

  const stop = new AbortController();
  changes.addEventListener('case', ({ detail }) => {
    if (detail.id !== id) return;
    claiming.update();
    const now = caseOf(id);
    if (now.version === shown.version && now.state === shown.state) { shown = now; show(); return; }
    if (detail.isOwn) return;
    const button = el('button', { type: 'button', class: 'small', click: () => {
      showNow();
      notice.replaceChildren();
      heading.focus();
      say(t('caseShown'));
    } }, t('caseNewsShow'));
    bar.replaceChildren(el('p', {}, t('caseNews', { what: news(shown, now) })), button);
  }, { signal: stop.signal });
  templateEvents.addEventListener('loaded', () => form.templates(), { signal: stop.signal });

  show();
  makeForm();
  readStory();
  return {
    id, element, heading,
    choose: (action) => form.choose(action),
    claim: take,
    stop() { stop.abort(); claiming.stop(); bar.replaceChildren(); },
  };
}

/** The view in which the selected cases are decided alike. */
export function bulkView(hooks) {
  const ids = [...queue.selected];
  let cases = ids.map(caseOf);
  let leftAlone = [];
  const heading = el('h2', { tabindex: '-1', id: 'case-title' }, bulkTitle(ids.length));
  const form = decisionForm({
    key: 'bulk', title: t('decide'), actions: actionsFor(cases), failed: hooks.failed, decided: () => hooks.decided(ids, leftAlone),
    submit: async (sent) => {
      // Each in the version that was on the screen.
      const [first, ...rest] = cases.map(({ id, version }) => ({ caseId: id, expectedVersion: version }));
      const given = await decideMany({ ...first, alsoCases: rest, ...sent });
      ({ leftAlone } = given);
      // Who tries again has read that they changed.
      cases = ids.map(caseOf);
      return given.errors.length ? given.errors : null;
    },
  });
  const element = el('section', { class: 'case', 'aria-labelledby': 'case-title' },
    el('div', { class: 'case-head' },
      el('div', { class: 'steps' }, el('a', { class: 'back', href: '#queue' }, '← ', t('back'))),
      heading, el('p', { class: 'intro' }, t('decideBulkText'))),
    el('div', { class: 'case-body' },
      el('ul', { class: 'evidence chosen', role: 'list' }, cases.map((it) => el('li', {}, el('span', { class: 'kind' }, kindOf(it) ? named('kinds', kindOf(it)) : t('gone')), ' ', titleOf(it) || t('noText')))),
      el('div', { class: 'decide' }, form.element)));
  const stop = new AbortController();
  templateEvents.addEventListener('loaded', () => form.templates(), { signal: stop.signal });
  return { id: 'bulk', element, heading, choose: (action) => form.choose(action), claim() { /* many are not claimed */ }, stop: () => stop.abort() };
}
