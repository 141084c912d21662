// The keys of the big screen, those of a presenter's clicker (Page Up and Page Down) among them.
import { el, keep, t } from './words.js';

// The action of each key, and what it is called in the overview.
const KEYS = [
  ['next', 'keyNext', ['ArrowRight', 'PageDown', ' ', 'n']],
  ['previous', 'keyPrevious', ['ArrowLeft', 'PageUp', 'p']],
  ['lock', 'keyLock', ['l']],
  ['reveal', 'keyReveal', ['r']],
  ['clock', 'keyClock', ['k']],
  ['join', 'keyJoin', ['j']],
  ['table', 'keyTable', ['t']],
  ['fullscreen', 'keyFullscreen', ['f']],
  ['colours', 'keyColours', ['c']],
  ['keys', 'keyHelp', ['?']],
];
const ACTION = new Map(KEYS.flatMap(([action, , names]) => names.map((name) => [name, action])));
const WRITTEN = { ArrowRight: '→', ArrowLeft: '←', PageDown: 'Page Down', PageUp: 'Page Up' };

/** The overview: each key, and what it does. */
export function listKeys(list) {
  for (const [, word, names] of KEYS) {
    list.append(
      el('dt', {}, ...names.flatMap((name) => [el('kbd', {}, name === ' ' ? t('space') : WRITTEN[name] ?? name), ' '])),
      el('dd', {}, t(word)),
    );
  }
}

/** Whether what has the focus takes this key for itself. */
function isTaken({ target, key }) {
  if (target.closest('input:not([type=checkbox]), select, textarea')) return true;
  if (key === ' ') return target.closest('button, a, input, summary, [role=region]') !== null;
  return key.length > 1 && target.closest('[role=region]') !== null;
}

/** Calls the actions by their keys. Those of one character can be switched off (WCAG 2.1.4). */
export function keys(actions) {
  const on = document.getElementById('keys-on');
  on.checked = keep.get('keys') !== 'off';
  on.addEventListener('change', () => keep.set('keys', on.checked ? null : 'off'));
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTaken(event)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const action = ACTION.get(key);
    const inDialog = document.querySelector('dialog[open]') !== null;
    if (!action || (inDialog && action !== 'keys') || (key.length === 1 && !on.checked)) return;
    event.preventDefault();
    actions[action]();
  });
}
