import { dutch } from './dutch.js';
import { english } from './english.js';
import { like } from './keep.js';

const asked = like.get('lang') ?? navigator.languages?.map((tag) => tag.slice(0, 2)).find((tag) => tag === 'nl' || tag === 'en');
let language = asked === 'en' ? 'en' : 'nl';

const words = () => (language === 'en' ? english : dutch);

/** The language of the page: nl or en. */
export const lang = () => language;

export function speak(next) {
  language = next;
  like.set('lang', next);
}

/** A sentence in the language of the page. */
export function t(key, values = {}) {
  return words()[key].replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));
}

/** A sentence about so many: its key ends in One where that is one. */
export const many = (key, n) => t(n === 1 ? `${key}One` : key, { n: new Intl.NumberFormat(language).format(n) });

/** What people call a value of the API; a value that is newer than this page goes by its own name. */
export const named = (kind, value) => words()[kind][value] ?? value.toLowerCase().replaceAll('_', ' ');

/** Every value of a kind that this page knows. */
export const values = (kind) => Object.keys(words()[kind]);

/** Puts the page's fixed texts in its language. */
export function translate() {
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll('[data-t]')) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll('[data-t-label]')) node.setAttribute('aria-label', t(node.dataset.tLabel));
  const button = document.getElementById('language');
  button.textContent = t('switchTo');
  button.lang = language === 'nl' ? 'en' : 'nl';
}
