// Whose a case is now, with the time that is left.
import { countdown, until } from './clock.js';
import { el, mark, put } from './element.js';
import { isClaimed, isMine } from './list.js';
import { say } from './say.js';
import { t } from './words.js';

const SOON = 2 * 60_000;

/**
 * A line that counts down; `it` gives the case. What a screen reader is told is that two minutes
 * are left, and that the time is up: a clock that is read out each second says nothing else.
 */
export function claimLine({ it, claim }) {
  const text = el('span', { role: 'timer', 'aria-live': 'off' });
  const label = el('span', {});
  const button = el('button', { type: 'button', class: 'small', 'aria-keyshortcuts': 'c', click: () => { if (!button.hasAttribute('aria-disabled')) claim(); } }, label, ' ', el('kbd', { 'aria-hidden': 'true' }, 'c'));
  const element = el('div', { class: 'claim-line' }, text, button);
  let wasMine = false;
  let wasSoon = false;

  function update() {
    const now = it();
    const mine = isMine(now);
    const left = now.claimedUntil === null ? 0 : until(now.claimedUntil);
    element.dataset.claim = mine ? 'mine' : isClaimed(now) ? 'other' : '';
    if (mine) put(text, t('claimMine', { time: countdown(left) }));
    else if (isClaimed(now)) put(text, t('claimOther', { name: now.claimedBy.displayName, time: countdown(left) }));
    else put(text, t('claimHint'));
    put(label, t(mine ? 'claimAgain' : 'claim'));
    mark(button, 'aria-disabled', isClaimed(now) && !mine);
    if (mine && left < SOON && !wasSoon) say(t('claimSoon'));
    if (wasMine && !mine && now.state === 'OPEN' && !isClaimed(now)) say(t('claimOver'));
    wasMine = mine;
    wasSoon = mine && left < SOON;
  }

  const ticking = setInterval(update, 1_000);
  update();
  return { element, update, stop: () => clearInterval(ticking) };
}
