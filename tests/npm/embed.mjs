// What embed.js does on a partner's page, without a browser: node embed.mjs SCRIPT. The last line
// on standard output is JSON: the frame that it made, and what the page was told.
import { readFileSync } from 'node:fs';
import vm from 'node:vm';

const embed = '0197aaaa-bbbb-7ccc-8ddd-eeeeffff0000';
const site = 'https://jij.example';
const told = [];
let hear = null;
let made = null;
const frame = {
  style: {},
  isConnected: true,
  contentWindow: {},
  dispatchEvent({ type, bubbles, detail }) { told.push({ type, bubbles, detail }); },
};
const script = {
  dataset: { poll: embed, title: 'Zwemmen in de kanalen' },
  src: `${site}/embed.js`,
  isConnected: true,
  replaceWith(element) { made = element; script.isConnected = false; },
};
vm.runInNewContext(readFileSync(process.argv[2], 'utf8'), {
  document: { currentScript: script, createElement: () => frame },
  window: {
    addEventListener: (_, listener) => { hear = listener; },
    removeEventListener: () => { hear = null; },
  },
  CustomEvent: class { constructor(type, init) { Object.assign(this, init, { type }); } },
  URL,
});

const said = (data, event = {}) => hear({
  source: frame.contentWindow, origin: site, data: { source: 'jij', embed, ...data }, ...event,
});
// What is not from this frame, or not from the platform's own page in it, is not heard.
said({ type: 'voted' }, { origin: 'https://evil.example' });
said({ type: 'voted' }, { source: {} });
said({ type: 'voted', embed: 'another' });
said({ type: 'voted', source: 'elders' });
said({ type: 'navigate' });
hear({ source: frame.contentWindow, origin: site, data: 'voted' });
hear({ source: frame.contentWindow, origin: site, data: null });
const deaf = told.length;

said({ type: 'ready' });
const heights = [];
for (const height of [700.4, 701.9, 703, 1e9, -5, NaN, '900']) {
  said({ type: 'resize', height });
  heights.push(frame.style.height);
}
said({ type: 'voted' });
said({ type: 'closed' });
frame.isConnected = false;
said({ type: 'ready' });
console.log(JSON.stringify({
  isInPlace: made === frame, src: frame.src, title: frame.title, loading: frame.loading,
  referrerPolicy: frame.referrerPolicy, deaf, heights, stillListens: hear !== null,
  told: told.filter(({ type }) => type !== 'jij:resize').map(({ type, bubbles, detail }) => [type, bubbles, detail.embed]),
}));
