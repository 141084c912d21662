// Results as pictures that move: bars, statements in three parts, scales, columns, a cloud and
// answers. What is drawn is kept from state to state, so that only what changed moves. None of it
// is told to a screen reader: the sentence and the table beside it are.
import { cloud } from './cloud.js';
import { glide } from './glide.js';
import { el, number, percent, t } from './words.js';

// Most rows that can be read from the back of a hall.
const ROWS = 8;
const STATEMENTS = 5;
const ANSWERS = 8;

/** Sets how much of its room something takes, from 0 to 1. */
const part = (node, share) => node.style.setProperty('--part', String(Math.max(0, Math.min(1, share || 0))));

/** Brings the children in line with `items`, keeping those with the same key; moves the rest. */
function keep(parent, items, key, make, update) {
  const before = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  const nodes = items.map((item) => {
    const node = before.get(key(item)) ?? make(item);
    node.dataset.key = key(item);
    update(node, item);
    return node;
  });
  if (nodes.length === parent.children.length && nodes.every((node, i) => node === parent.children[i])) return;
  glide([...before.values()], () => parent.replaceChildren(...nodes));
}

const idOf = ({ option }) => option.id;

const isNone = ({ option }) => option?.role === 'NONE_OF_THE_ABOVE';

/** The first so many, with the one that says none of the others, and a word on the rest. */
function shown(chart, options, most) {
  chart.style.setProperty('--rows', String(Math.max(2, Math.min(most, options.length))));
  const hidden = options.length - most;
  const rest = chart.querySelector('.rest');
  rest.textContent = hidden > 0 ? t('more', { n: number(hidden) }) : '';
  const none = options.slice(most).find(isNone);
  return none ? [...options.slice(0, most - 1), none] : options.slice(0, most);
}

const row = (extra) => el('div', { className: 'row' },
  el('span', { className: 'label' }), extra, el('span', { className: 'figure' }));
const track = () => el('span', { className: 'track' }, el('span', { className: 'bar' }));

/** A bar for each option; `say` gives its share of the longest bar and its figure, `place` its rank. */
function bars(chart, options, say, place = () => null) {
  keep(chart.querySelector('.rows'), shown(chart, options, ROWS), idOf, () => row(track()), (node, option) => {
    const [share, figure] = say(option);
    const right = option.option.isRight;
    node.classList.toggle('right', right === true);
    node.classList.toggle('wrong', right === false && options.some((other) => other.option.isRight));
    const sign = right ? '✓ ' : place(option) === null ? '' : `${place(option)}. `;
    node.querySelector('.label').textContent = sign + option.option.label;
    node.querySelector('.figure').textContent = figure;
    part(node.querySelector('.bar'), share);
  });
}

function choice(chart, { results }) {
  bars(chart, results.options, ({ share, figure }) => [share, figure]);
}

/** What says none of the others comes last, with its own share of the voters: it has no points and no place. */
function points(chart, { results }) {
  const own = ({ share }) => share ?? 0;
  const most = Math.max(...results.options.filter((one) => !isNone(one)).map(own), 0.01);
  const order = results.options.toSorted((a, b) => Number(isNone(a)) - Number(isNone(b)) || own(b) - own(a));
  bars(chart, order, (option) => [isNone(option) ? own(option) : own(option) / most, option.figure]);
}

function ranking(chart, { results }) {
  const most = Math.max(...results.options.map(({ score }) => score ?? 0), 1);
  const order = results.options.toSorted((a, b) => Number(isNone(a)) - Number(isNone(b)) || (a.rank ?? Infinity) - (b.rank ?? Infinity) || 0);
  bars(chart, order, (option) => [isNone(option) ? option.share : option.score / most, option.figure], ({ rank }) => rank);
}

function statements(chart, { results }) {
  let legend = chart.querySelector('.legend');
  if (!legend) {
    legend = el('div', { className: 'legend' }, ...['agree', 'pass', 'disagree'].map((word) =>
      el('span', { className: word }, t(word))));
    chart.prepend(legend);
  }
  const make = () => el('div', { className: 'row statement' }, el('span', { className: 'label' }),
    el('span', { className: 'track' }, ...['agree', 'pass', 'disagree'].map((name) => el('span', { className: `bar ${name}` }))));
  keep(chart.querySelector('.rows'), shown(chart, results.options, STATEMENTS), idOf, make, (node, option) => {
    node.querySelector('.label').textContent = option.option.label;
    for (const [name, value] of [['agree', 1], ['pass', 0], ['disagree', -1]]) {
      const found = option.distribution.find((one) => one.value === value);
      const share = option.voterCount ? (found?.count ?? 0) / option.voterCount : 0;
      const bar = node.querySelector(`.bar.${name}`);
      part(bar, share);
      bar.textContent = share >= 0.08 ? percent(found.percentage) : '';
    }
  });
}

/** Columns for how many gave each value; each stands at its place between low and high. */
function columns(area, option, low, high) {
  const step = option.distributionStep;
  const range = high - low + step;
  const most = Math.max(...option.distribution.map(({ count }) => count), 1);
  const place = (value) => (value - low + step / 2) / range;
  area.style.setProperty('--slot', String(step / range));
  const inside = el('span', { className: 'columns' });
  const found = area.querySelector('.columns') ?? inside;
  if (found === inside) area.append(inside, el('span', { className: 'mean' }));
  keep(found, option.distribution, ({ value }) => String(value), () => el('span', { className: 'column' }, el('b')), (node, { value, count }) => {
    node.style.setProperty('--at', String(place(value)));
    part(node, count / most);
    node.firstChild.textContent = count ? number(count) : '';
  });
  const mean = area.querySelector('.mean');
  mean.hidden = option.mean === null;
  // A group's values fill it; a single value stands in the middle.
  if (option.mean !== null) mean.style.setProperty('--at', String(step > 1 ? (option.mean - low) / range : place(option.mean)));
}

function scales(chart, { results, rules }) {
  const make = () => row(el('span', { className: 'spread' }));
  keep(chart.querySelector('.rows'), shown(chart, results.options, ROWS), idOf, make, (node, option) => {
    node.querySelector('.label').textContent = option.option.label;
    node.querySelector('.figure').textContent = option.meanText ?? '';
    columns(node.querySelector('.spread'), option, rules.scaleMin, rules.scaleMax);
  });
  if (!chart.querySelector('.ends')) {
    const edges = row(ends(rules));
    edges.classList.add('edges');
    chart.append(edges);
  }
}

const ends = ({ scaleMin, scaleMax, scaleMinLabel, scaleMaxLabel }) => el('div', { className: 'ends' },
  el('span', {}, scaleMinLabel ? `${scaleMin} ${scaleMinLabel}` : `${scaleMin}`),
  el('span', {}, scaleMaxLabel ? `${scaleMax} ${scaleMaxLabel}` : `${scaleMax}`));

// Most columns of a histogram that are told apart.
const COLUMNS = 14;

/** Numbers in groups of a round size, so that a histogram has a shape: as the server gives them where those are few. */
function grouped(option) {
  const values = option.distribution.map(({ value }) => value);
  const range = Math.max(...values) - Math.min(...values) + option.distributionStep;
  const sizes = [1, 2, 5].flatMap((size) => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((power) => size * 10 ** power));
  const size = sizes.sort((a, b) => a - b).find((one) => one >= option.distributionStep && range / one <= COLUMNS);
  if (!values.length || size === undefined || size === option.distributionStep) return option;
  const groups = new Map();
  for (const { value, count } of option.distribution) {
    const from = Math.floor(value / size) * size;
    groups.set(from, (groups.get(from) ?? 0) + count);
  }
  const distribution = [...groups].map(([value, count]) => ({ value, count }));
  return { ...option, distribution, distributionStep: size };
}

/** One scale, or a number, on the whole stage. */
function histogram(chart, { kind, results, rules }) {
  const option = results.options[0] && (kind === 'NUMBER' ? grouped(results.options[0]) : results.options[0]);
  let whole = chart.querySelector('.whole');
  if (!whole) {
    whole = el('div', { className: 'whole' }, el('span', { className: 'spread' }));
    chart.querySelector('.rows').replaceWith(whole);
    chart.append(el('div', { className: 'axis' }), el('div', { className: 'ends' }), el('p', { className: 'middle' }));
  }
  if (!option) return;
  const values = option.distribution.map(({ value }) => value);
  const isScale = kind === 'SCALE';
  const low = isScale ? rules.scaleMin : Math.min(...values);
  const high = isScale ? rules.scaleMax : Math.max(...values);
  if (values.length) columns(whole.firstChild, option, low, high);
  const steps = isScale && high - low <= 12 ? Array.from({ length: high - low + 1 }, (_, i) => low + i) : [];
  chart.querySelector('.axis').replaceChildren(...steps.map((step) => el('span', {}, String(step))));
  const texts = isScale
    ? [rules.scaleMinLabel ?? '', rules.scaleMaxLabel ?? '']
    : values.length ? [number(low), number(high + option.distributionStep - 1)] : ['', ''];
  chart.querySelector('.ends').replaceChildren(...texts.map((text) => el('span', {}, text)));
  const target = rules.target ?? null;
  const figures = [['mean', option.meanText], ['median', option.medianText], ['target', target === null ? null : number(target)]];
  chart.querySelector('.middle').textContent = figures
    .filter(([, text]) => text !== null)
    .map(([word, text]) => `${t(word)} ${text}`).join(' · ');
}

function answers(chart, { results }) {
  chart.querySelector('.rows').classList.add('cards');
  const make = () => el('div', { className: 'card' }, el('span', { className: 'label' }), el('span', { className: 'figure' }));
  keep(chart.querySelector('.rows'), shown(chart, results.options, ANSWERS), idOf, make, (node, option) => {
    node.querySelector('.label').textContent = option.option.label;
    node.querySelector('.figure').textContent = option.voterCount > 1 ? `${number(option.voterCount)}×` : '';
  });
}

const DRAW = {
  SINGLE: choice, MULTIPLE: choice, QUIZ: choice, POINTS: points, RANKING: ranking, STATEMENTS: statements,
  WORD_CLOUD: cloud, OPEN: answers, NUMBER: histogram,
  SCALE: (chart, question) => (question.results.options.length === 1 ? histogram : scales)(chart, question),
};

/** The largest type with which every text has room, in as many lines as it takes; else fewer lines. */
function fit(chart) {
  const texts = [...chart.querySelectorAll('.row:not(.edges) .label, .card .label, .choice')];
  const size = `${chart.clientWidth} ${chart.clientHeight} ${texts.map((node) => node.textContent).join('\n')}`;
  if (chart.dataset.size === size) return;
  chart.dataset.size = size;
  const isTight = (node) => (node.matches('.choice')
    ? node.scrollHeight > node.clientHeight + 1
    : node.scrollHeight > node.clientHeight + 2 || node.offsetHeight > node.parentNode.clientHeight);
  for (const lines of [3, 2, 1]) {
    for (const type of [1, 0.9, 0.8, 0.7, 0.6, 0.5]) {
      chart.style.setProperty('--lines', String(lines));
      chart.style.setProperty('--fit', String(type));
      // A text that is cut at three lines is cut; one that has no room in its row is not seen.
      const cut = lines === 3 && type > 0.6;
      if (!texts.some((node) => (cut ? isTight(node) : node.offsetHeight > node.parentNode.clientHeight))) return;
    }
  }
}

/** Draws what may be seen of a question: its results, or else its options. */
export function draw(chart, question, options) {
  const form = `${question.id} ${question.results ? 'results' : 'options'}`;
  if (chart.dataset.form !== form) {
    chart.dataset.form = form;
    chart.className = `chart ${question.kind.toLowerCase().replace('_', '-')}`;
    chart.replaceChildren(el('div', { className: 'rows' }), el('p', { className: 'rest' }));
  }
  if (question.results) {
    DRAW[question.kind](chart, question);
    fit(chart);
    return;
  }
  chart.classList.add('choices');
  keep(chart.querySelector('.rows'), shown(chart, options, ROWS), ({ id }) => id,
    () => el('div', { className: 'choice' }), (node, { label }) => { node.textContent = label; });
  fit(chart);
}
