// Single keys, for whoever wants them: they can be turned off, and do nothing where one types.
import { el } from './element.js';
import { like } from './keep.js';
import { t } from './words.js';

const dialog = document.getElementById('keys');

export const keysAct = () => like.get('keys') !== 'off';

const LIST = [
  ['j', 'keyNext'], ['k', 'keyPrevious'], ['Enter', 'keyOpen'], ['a', 'keyApprove'], ['r', 'keyReject'], ['h', 'keyHide'],
  ['i', 'keyIgnore'], ['c', 'keyClaim'], ['x', 'keySelect'], ['u', 'keyBack'], ['Ctrl+Enter', 'keyDecide'], ['?', 'keyHelp'],
];

/** Shows the keys, and the switch that turns them off. */
export function showKeys() {
  const box = el('input', {
    type: 'checkbox', id: 'keys-on', checked: keysAct(), 'aria-describedby': 'keys-on-hint',
    change: () => { like.set('keys', box.checked ? null : 'off'); document.body.dataset.keys = box.checked ? 'on' : 'off'; },
  });
  dialog.replaceChildren(
    el('h2', { id: 'keys-title' }, t('keysTitle')),
    el('div', { class: 'switch' }, el('label', { for: 'keys-on' }, box, ' ', t('keysOn')), el('p', { class: 'hint', id: 'keys-on-hint' }, t('keysOnHint'))),
    el('table', {}, el('tbody', {}, LIST.map(([key, what]) => el('tr', {}, el('th', { scope: 'row' }, el('kbd', {}, key)), el('td', {}, t(what)))))),
    el('p', { class: 'hint' }, t('keysTyping')),
    el('form', { method: 'dialog' }, el('button', { class: 'primary' }, t('close'))));
  dialog.showModal();
}

const types = (node) => node.matches('textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])');

/** Calls what `acts` has under the key that is struck. */
export function listen(acts) {
  document.body.dataset.keys = keysAct() ? 'on' : 'off';
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return;
    if (!keysAct() || document.querySelector('dialog[open]') || types(event.target) || !Object.hasOwn(acts, event.key)) return;
    if (acts[event.key]() !== false) event.preventDefault();
  });
}
