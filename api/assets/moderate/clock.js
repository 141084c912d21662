import { lang, t } from './words.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// How far the server's clock is ahead of this one: claims and due times are by the server's.
let ahead = 0;

/** Learns the server's time from when it made a token. */
export function learn(token) {
  try {
    const payload = token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/');
    const { iat } = JSON.parse(atob(payload));
    if (Number.isFinite(iat)) ahead = iat * 1000 - Date.now();
  } catch { /* another kind of token: then the clocks are taken as equal */ }
  return ahead;
}

/** Takes the difference that another page of this tab learned. */
export function resume(difference) { ahead = Number.isFinite(difference) ? difference : 0; }

/** What time it is at the server, in milliseconds. */
export const now = () => Date.now() + ahead;

/** The milliseconds until a time of the server's. */
export const until = (time) => Date.parse(time) - now();

const ZONE = 'Europe/Amsterdam';

const inFull = (time, options = {}) => {
  const form = { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' };
  return new Intl.DateTimeFormat(lang(), { ...form, timeZone: ZONE, ...options }).format(time);
};

/** A time in full, by the clocks of Overijssel; in the hour that they show twice, with its zone. */
export const moment = (text) => {
  const time = Date.parse(text);
  const comesTwice = [-HOUR, HOUR].some((apart) => inFull(time + apart) === inFull(time));
  return inFull(time, comesTwice ? { timeZoneName: 'short' } : {});
};

/** How long ago, in words; the time itself where that is more than a week. */
export function ago(time) {
  const past = -until(time);
  const relative = new Intl.RelativeTimeFormat(lang(), { numeric: 'auto', style: 'short' });
  if (past < MINUTE) return t('justNow');
  if (past < HOUR) return relative.format(-Math.floor(past / MINUTE), 'minute');
  if (past < DAY) return relative.format(-Math.floor(past / HOUR), 'hour');
  if (past < 7 * DAY) return relative.format(-Math.floor(past / DAY), 'day');
  return moment(time);
}

function long(milliseconds) {
  const [unit, size] = milliseconds < HOUR ? ['minute', MINUTE] : milliseconds < 2 * DAY ? ['hour', HOUR] : ['day', DAY];
  const value = Math.max(1, Math.floor(milliseconds / size));
  return new Intl.NumberFormat(lang(), { style: 'unit', unit, unitDisplay: unit === 'day' ? 'long' : 'short' }).format(value);
}

/** How long is left until a decision is due, and whether that is past or close. */
export function due(time) {
  const left = until(time);
  if (left < 0) return { text: t('overdue', { time: long(-left) }), mood: 'late' };
  return { text: t('dueIn', { time: long(left) }), mood: left < 4 * HOUR ? 'soon' : '' };
}

/** Minutes and seconds, such as 14:32. */
export function countdown(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
