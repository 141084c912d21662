// How moderation goes, and the log as everyone can read it.
import { ago, moment } from './clock.js';
import { choice, el, put } from './element.js';
import { ask } from './session.js';
import { lang, named, t } from './words.js';

const PAGE = 20;
const DAYS = [7, 30, 90, 365];
const number = (value, digits = 0) => new Intl.NumberFormat(lang(), { maximumFractionDigits: digits }).format(value);

function tile(value, text, mood = '') {
  return el('div', { class: 'tile' }, el('dt', {}, text), el('dd', { class: mood }, value));
}

/** The view of the figures. */
export function figuresView(hooks) {
  const heading = el('h1', { tabindex: '-1' }, t('figures'));
  const tiles = el('dl', { class: 'tiles' });
  const problem = el('p', { class: 'problem', role: 'alert' });
  const rows = el('tbody');
  const none = el('p', { class: 'hint', hidden: true }, t('logNone'));
  const more = el('button', { type: 'button', hidden: true, click: () => log() }, t('more'));
  let cursor = null;

  const failed = (failure) => { put(problem, failure.message); hooks.failed(failure); };

  async function figures(days) {
    const { moderationFigures: it } = await ask('ModerationFigures', { days });
    tiles.replaceChildren(
      tile(number(it.open), t('openNow')),
      tile(number(it.overdue), t('overdueNow'), it.overdue > 0 ? 'late' : ''),
      tile(number(it.decided), t('decidedCount')),
      tile(it.medianHoursToDecision === null ? t('noFigure') : number(it.medianHoursToDecision, 1), t('medianHours')),
      tile(number(it.appealed), t('appealed')),
      tile(number(it.reversed), t('reversed')));
  }

  async function log() {
    const { moderationLog: page } = await ask('ModerationLog', { first: PAGE, after: cursor });
    cursor = page.pageInfo.endCursor;
    more.hidden = !page.pageInfo.hasNextPage;
    rows.append(...page.edges.map(({ node }) => el('tr', {},
      el('td', {}, named('done', node.action), node.isReversal ? ` (${t('reversal')})` : ''),
      el('td', {}, named('kinds', node.subjectKind)),
      el('td', {}, node.reasonCode ? named('reasons', node.reasonCode) : '–'),
      el('td', {}, el('time', { datetime: node.createdAt, title: moment(node.createdAt) }, ago(node.createdAt))))));
    none.hidden = rows.children.length > 0;
  }

  const element = el('section', { class: 'page' },
    el('div', { class: 'page-head' }, heading,
      choice(t('figuresDays'), 'days', DAYS.map((n) => [String(n), t('days', { n })]), '30', (n) => figures(Number(n)).catch(failed))),
    problem, tiles,
    el('h2', { id: 'log-title' }, t('log')), el('p', { class: 'intro' }, t('logIntro')),
    el('div', { class: 'scroller', role: 'region', tabindex: '0', 'aria-labelledby': 'log-title' },
      el('table', { 'aria-labelledby': 'log-title' },
        el('thead', {}, el('tr', {}, [t('logWhat'), t('logAbout'), t('logWhy'), t('logWhen')].map((name) => el('th', { scope: 'col' }, name)))),
        rows)),
    none, more);
  figures(30).catch(failed);
  log().catch(failed);
  return { element, heading, stop() { /* nothing runs on */ } };
}
