// Results as a table, for who does not see the chart, and for who wants the figures.
import { el, number, percent, t } from './words.js';

const counted = (option, value) => option.distribution.find((one) => one.value === value)?.count ?? 0;
const text = (figure) => figure ?? '–';

// The columns of each kind: a heading, and what an option says below it.
const LABEL = ['option', ({ option }) => (option.isRight ? `${option.label} (${t('right')})` : option.label)];
const VOTES = ['votes', ({ voterCount }) => number(voterCount)];
const SHARE = ['share', ({ percentage }) => percent(percentage)];
const PLACE = ['place', ({ rank }) => rank ?? '–'];
const CHOICE = [LABEL, VOTES, SHARE];
const COLUMNS = {
  SINGLE: CHOICE,
  MULTIPLE: CHOICE,
  QUIZ: CHOICE,
  WORD_CLOUD: CHOICE,
  OPEN: CHOICE,
  // What says none of the others has voters and no points.
  POINTS: [LABEL, VOTES, ['points', ({ total }) => (total === null ? '–' : number(total))], SHARE],
  RANKING: [PLACE, LABEL, VOTES, ['meanPlace', ({ meanText }) => text(meanText)]],
  STATEMENTS: [
    LABEL,
    ['agree', (option) => number(counted(option, 1))],
    ['pass', (option) => number(counted(option, 0))],
    ['disagree', (option) => number(counted(option, -1))],
  ],
  SCALE: [LABEL, ['mean', ({ meanText }) => text(meanText)], ['median', ({ medianText }) => text(medianText)], VOTES],
};

/** What each value of a question's only option was given: scales and numbers. */
function valuesOf({ distribution, distributionStep }) {
  const value = (from) => (distributionStep > 1 ? `${number(from)} – ${number(from + distributionStep - 1)}` : number(from));
  return distribution.map((one) => [value(one.value), number(one.count)]);
}

/** Puts the results of a question into its table. */
export function fill(table, question) {
  const { kind, prompt, results } = question;
  const single = kind === 'NUMBER' || (kind === 'SCALE' && results.options.length === 1);
  const headings = single ? ['value', 'votes'] : COLUMNS[kind].map(([heading]) => heading);
  const rows = single
    ? results.options.flatMap(valuesOf)
    : results.options.map((option) => COLUMNS[kind].map(([, cell]) => cell(option)));
  const header = headings.indexOf(single ? 'value' : 'option');
  table.replaceChildren(
    el('caption', {}, t('tableOf', { prompt })),
    el('thead', {}, el('tr', {}, ...headings.map((heading) => el('th', { scope: 'col' }, t(heading))))),
    el('tbody', {}, ...rows.map((row) => el('tr', {}, ...row.map((cell, i) =>
      (i === header ? el('th', { scope: 'row' }, String(cell)) : el('td', {}, String(cell))))))),
  );
}
