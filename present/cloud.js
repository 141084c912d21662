// A word cloud: each word as large as it has voters, the largest in the middle.
import { el } from './words.js';

const WORDS = 40;
const SMALLEST = 0.28;

/** Words from the middle outwards: the second to the right of the first, the third to its left. */
function fromTheMiddle(words) {
  const order = [];
  words.forEach((word, i) => (i % 2 ? order.push(word) : order.unshift(word)));
  return order;
}

export function cloud(chart, { results }) {
  const rows = chart.querySelector('.rows');
  const options = results.options.slice(0, WORDS);
  const most = Math.max(...options.map(({ voterCount }) => voterCount), 1);
  const before = new Map([...rows.children].map((node) => [node.dataset.key, node]));
  const nodes = fromTheMiddle(options).map(({ option, voterCount }) => {
    const node = before.get(option.id) ?? el('span', { className: 'word' }, option.label);
    node.dataset.key = option.id;
    node.style.setProperty('--size', String(SMALLEST + (1 - SMALLEST) * Math.sqrt(voterCount / most)));
    node.classList.toggle('most', voterCount === most);
    return node;
  });
  // Moving a node that stays where it is would start its motion anew.
  if (nodes.length !== rows.children.length || nodes.some((node, i) => node !== rows.children[i])) {
    rows.replaceChildren(...nodes);
  }
  fit(rows);
}

/** The largest type with which every word is on the stage. */
function fit(rows) {
  for (let size = 15; size >= 3; size -= 0.75) {
    rows.style.setProperty('--type', `${size}vh`);
    if (rows.scrollHeight <= rows.clientHeight + 1 && rows.scrollWidth <= rows.clientWidth + 1) return;
  }
}
