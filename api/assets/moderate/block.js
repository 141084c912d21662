// Blocking an account: a decision of its own, whatever becomes of what its owner wrote.
import { now } from './clock.js';
import { decisionForm } from './decision.js';
import { choice, el } from './element.js';
import { say } from './say.js';
import { ask } from './session.js';
import { t } from './words.js';

const DAY = 24 * 60 * 60_000;
const DAYS = [1, 7, 30, 90, 365];
const dialog = document.getElementById('block');

// What was read out or typed in it is not there for who looks elsewhere.
dialog.addEventListener('close', () => dialog.replaceChildren());

/** Asks for how long an account is blocked, and why, or lifts its block. */
export function showBlock({ id, name, isBlocked }, hooks) {
  let days = 7;
  const form = decisionForm({
    key: `block ${id}`, title: '', actions: isBlocked ? ['UNBLOCK', 'BLOCK'] : ['BLOCK'], failed: hooks.failed,
    more: choice(t('blockFor'), 'days', DAYS.map((n) => [String(n), n === 1 ? t('day') : t('days', { n })]), '7', (n) => { days = Number(n); }),
    submit: async ({ action, reasonCode, statement }) => {
      const isBlock = action === 'BLOCK';
      const until = new Date(now() + days * DAY).toISOString();
      const { userErrors } = isBlock
        ? (await ask('AccountBlock', { input: { accountId: id, until, reasonCode, statement } })).accountBlock
        : (await ask('AccountUnblock', { input: { accountId: id, statement } })).accountUnblock;
      if (userErrors.length) return userErrors;
      say(t(isBlock ? 'blocked' : 'unblocked', { name }));
      await hooks.done();
      return null;
    },
    decided: () => dialog.close(),
  });
  dialog.replaceChildren(
    el('h2', { id: 'block-title', tabindex: '-1' }, t('blockTitle', { name })),
    el('p', { class: 'intro' }, t('blockText')),
    form.element,
    el('form', { method: 'dialog' }, el('button', {}, t('cancel'))));
  dialog.showModal();
}
