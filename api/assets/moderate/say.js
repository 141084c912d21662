import { put } from './element.js';

/** Says in the bar below what happened; a screen reader reads it when it has a moment. */
export function say(text) {
  const bar = document.getElementById('said');
  // The same sentence twice is two things that happened.
  if (bar.textContent === text) bar.textContent = '';
  put(bar, text);
}
