// The big screen. It shows what everyone may see, also to who leads: its live path carries no
// token, so that nothing of a question that is not revealed comes on the wall by accident.
import { draw } from './charts.js';
import * as lead from './lead.js';
import { BY_CODE, EVERY_QUESTION, OPTIONS, POLL, PULSE, ROOM } from './operations.js';
import { ahead, ask, askSigned, isSignedIn, signOut, watch } from './server.js';
import { signInForm } from './sign-in.js';
import { fill } from './tables.js';
import { keys, listKeys } from './keys.js';
import { applyColours, count, el, otherLanguage, stateWord, t, translate } from './words.js';

const $ = (id) => document.getElementById(id);
const { slug, site } = document.documentElement.dataset;
const OVER = ['CLOSED', 'RESULTS_PUBLISHED', 'ARCHIVED', 'CANCELLED'];
// A screen reader that is told of every state would say nothing else.
const TELL_EVERY = 8_000;
const NOTICE = 5_000;

let poll = null;
let live = null;
let at = 0;
let people = null;
let isJoinLarge = false;
let isTable = false;
let following = null;
let options = new Map();
let votes = new Map();

const isRoom = () => poll?.pace === 'PRESENTER';
const mayLead = () => isSignedIn() && poll?.viewerCanManage === true;
const question = () => (isRoom() ? live?.activeQuestion : live?.questions[at]) ?? null;

/* What is told */

let noticeEnds;
function notice(text) {
  $('notice').textContent = text;
  clearTimeout(noticeEnds);
  if (text) noticeEnds = setTimeout(() => notice(''), NOTICE);
}

let told = { at: 0, timer: null };
function tell(text) {
  clearTimeout(told.timer);
  const wait = Math.max(0, told.at + TELL_EVERY - Date.now());
  told.timer = setTimeout(() => {
    if ($('told').textContent !== text) $('told').textContent = text;
    told.at = Date.now();
  }, wait);
}

/* What is shown */

function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Where people join: an address to type, its code, and a picture of both for telephones. */
function showJoin() {
  const address = `${site.replace(/^https?:\/\//, '')}/${isRoom() ? 'join' : `p/${slug}`}`;
  const code = isRoom() ? poll.joinCode : null;
  const isKnown = !isRoom() || code !== null;
  for (const node of document.querySelectorAll('.address')) put(node, address);
  for (const node of document.querySelectorAll('.code')) put(node, code ? `${code.slice(0, 3)} ${code.slice(3)}` : '');
  for (const node of document.querySelectorAll('.with-code')) node.hidden = !code;
  for (const node of document.querySelectorAll('.join')) if (!node.classList.contains('with-code')) node.hidden = !isKnown;
  for (const image of document.querySelectorAll('.qr')) {
    image.hidden = !isKnown;
    const source = String(new URL(`${slug}/qr.svg${code ? `?code=${code}` : ''}`, import.meta.url));
    if (isKnown && image.src !== source) image.src = source;
    image.alt = t('qr', { address });
  }
}

function showCounts(asked) {
  put($('people'), isRoom() && people !== null ? count('people', people) : '');
  const known = asked && (asked.results?.voterCount ?? votes.get(asked.id));
  const all = live?.voterCount ?? 0;
  put($('voted'), !asked ? '' : typeof known === 'number' ? count('voted', known) : count('votedPoll', all));
}

function showQuestion(asked) {
  put($('title'), live.title);
  put($('place'), t('question', { n: asked.position + 1 }));
  put($('prompt'), asked.prompt);
  const length = asked.prompt.length;
  $('prompt').dataset.length = length > 180 ? 'long' : length > 70 ? 'medium' : 'short';
  const known = options.get(asked.id);
  if (!asked.results && !known) learnOptions();
  draw($('chart'), asked, known ?? []);
  const later = live.resultsVisibility === 'STAFF' ? t('staffOnly') : t('notYet');
  const sentence = asked.results ? asked.results.summary : later;
  put($('sentence'), sentence);
  $('sentence').dataset.length = sentence.length > 170 ? 'long' : 'short';
  tell(`${asked.prompt} ${stateWord(asked.state)}. ${sentence}`);
  $('figures').hidden = !asked.results;
  $('figures').setAttribute('aria-label', t('tableOf', { prompt: asked.prompt }));
  if (asked.results) fill($('table'), asked);
}

function show() {
  const asked = question();
  const isOver = OVER.includes(live?.status);
  const view = !poll ? 'missing' : asked && !isJoinLarge ? 'stage' : 'lobby';
  document.body.dataset.view = view;
  for (const name of ['loading', 'missing', 'lobby', 'stage']) $(name).hidden = name !== view;
  document.querySelector('footer').hidden = view === 'missing';
  document.title = `${asked?.prompt ?? poll?.title ?? t('screen')} – JIJ&Overijssel`;
  if (poll) {
    showJoin();
    put($('lobby-title'), live?.title ?? poll.title);
    put($('lobby-state'), isOver ? t('over') : asked ? '' : t('waiting'));
    showCounts(asked);
  }
  if (view === 'stage') showQuestion(asked);
  const state = isOver ? t('closed') : asked && isRoom() ? stateWord(asked.state) : '';
  put($('state'), state);
  document.body.dataset.state = isOver ? 'OVER' : asked?.state ?? '';
  document.body.classList.toggle('with-table', isTable && view === 'stage' && !!asked?.results);
  $('figures').classList.toggle('away', !isTable);
  // What has to be scrolled takes the focus, so that keys can do it.
  $('figures').tabIndex = isTable && $('figures').scrollHeight > $('figures').clientHeight ? 0 : -1;
  showControls(asked);
  showTimer();
}

function showControls(asked) {
  for (const button of document.querySelectorAll('#controls .lead')) {
    button.hidden = isRoom() ? !mayLead() || button.dataset.do === 'none' : button.classList.contains('room');
  }
  const name = (action) => document.querySelector(`#controls [data-do=${action}]`);
  put(name('lock'), t(asked?.state === 'OPEN' ? 'lock' : 'unlock'));
  put(name('reveal'), t(asked?.state === 'REVEALED' ? 'conceal' : 'reveal'));
  put(name('account'), t(isSignedIn() ? 'signOut' : 'signIn'));
  name('table').setAttribute('aria-pressed', String(isTable));
  name('join').setAttribute('aria-pressed', String(isJoinLarge));
}

function showTimer() {
  const end = Date.parse(question()?.timerEndsAt ?? '');
  const left = Math.ceil((end - Date.now() - ahead) / 1000);
  const time = left > 0 ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}` : '';
  put($('timer'), question()?.state === 'OPEN' && time ? t('timer', { time }) : '');
}
setInterval(showTimer, 250);
addEventListener('resize', show);

/* What is known */

async function learnOptions() {
  const asked = question();
  options.set(asked.id, []);
  try {
    const found = await ask(OPTIONS, { slug });
    options = new Map(found.poll.questions.map((one) => [one.id, one.options]));
    if (!options.has(asked.id)) options.set(asked.id, []);
    show();
  } catch {
    options.delete(asked.id);
  }
}

// Participants who come and go change nothing that the live path would tell, and votes on a
// question whose results are not everyone's are the presenter's to count.
async function pulse() {
  const mine = mayLead();
  const asked = question();
  try {
    if (poll) {
      const { poll: found } = await (mine ? askSigned : ask)(PULSE, { slug });
      if (found) people = found.participantCount;
      if (found && live) live.voterCount = found.voterCount;
      votes = new Map(mine ? found?.questions.map(({ id, results }) => [id, results?.voterCount]) : []);
      show();
    }
  } catch { /* the live path says what there is to say */ }
  setTimeout(pulse, mine && asked?.state === 'OPEN' && !asked.results ? 1_000 : 4_000);
}

async function follow() {
  following?.abort();
  const mine = new AbortController();
  following = mine;
  await watch(isRoom() ? ROOM : EVERY_QUESTION, { id: poll.id }, {
    signal: mine.signal,
    show: ({ pollUpdated }) => {
      const before = question();
      live = pollUpdated;
      people = live.participantCount;
      if (isJoinLarge && question() && question().id !== before?.id) isJoinLarge = false;
      show();
    },
    lost: ({ code }) => notice(t(code === 'NOT_FOUND' ? 'draft' : 'offline')),
    found: () => notice(t('online')),
  });
  // It is over; one day it may be restarted.
  if (!mine.signal.aborted) setTimeout(() => { if (following === mine) follow(); }, 15_000);
}

async function load() {
  let found = null;
  try {
    ({ poll: found } = await askSigned(POLL, { slug }));
    const code = new URLSearchParams(location.search).get('code');
    if (found && !found.joinCode && code) {
      const { pollByJoinCode: room } = await ask(BY_CODE, { code });
      if (room?.slug === slug) found.joinCode = room.joinCode;
    }
  } catch (problem) {
    if (problem.code === 'UNAUTHENTICATED') {
      notice(t('signedOut'));
      return load();
    }
    notice(t('offline'));
    setTimeout(load, 3_000);
    return undefined;
  }
  poll = found;
  show();
  if (poll) follow();
  else setTimeout(() => { if (!poll) load(); }, 10_000);
  return undefined;
}

/* What is done */

let isBusy = false;
async function step(action, ...rest) {
  if (!isRoom()) {
    const to = at + (action === lead.next ? 1 : action === lead.previous ? -1 : 0);
    if (live?.questions[to]) at = to;
    else notice(t(to < 0 ? 'first' : 'last'));
    show();
    return;
  }
  if (!mayLead()) {
    if (isSignedIn()) notice(t('mayNot'));
    else openSignIn();
    return;
  }
  if (isBusy) return;
  isBusy = true;
  try {
    await action(slug, ...rest);
    isJoinLarge = false;
  } catch (problem) {
    notice(problem.key ? t(problem.key) : problem.message && !(problem instanceof TypeError) ? problem.message : t('failed'));
    if (problem.code === 'UNAUTHENTICATED') notice(t('signedOut'));
  }
  isBusy = false;
  show();
}

function openSignIn() {
  const form = signInForm($('sign-in'), () => {
    $('sign-in').close();
    // The focus would keep the controls on the wall.
    document.activeElement?.blur();
    load();
  });
  form.querySelector('.buttons').append(closing());
  $('sign-in').showModal();
}
const closing = () => el('button', { type: 'button', className: 'quiet', 'data-close': '' }, t('close'));

async function account() {
  if (!isSignedIn()) return openSignIn();
  await signOut();
  return load();
}

// A wall does not go to sleep; where the device may not be kept awake, it is not.
async function fullscreen() {
  try {
    if (document.fullscreenElement) return await document.exitFullscreen();
    await document.documentElement.requestFullscreen();
  } catch {
    return notice(t('failed'));
  }
  return navigator.wakeLock?.request('screen').catch(() => null);
}

const DO = {
  next: () => step(lead.next),
  previous: () => step(lead.previous),
  lock: () => step(lead.lock),
  reveal: () => step(lead.reveal),
  clock: () => step(lead.clock, 60),
  table: () => { isTable = !isTable; show(); },
  join: () => { isJoinLarge = !isJoinLarge; show(); },
  fullscreen,
  colours: () => applyColours(true),
  keys: () => ($('keys').open ? $('keys').close() : $('keys').showModal()),
  language: otherLanguage,
  account,
};

document.addEventListener('click', (event) => {
  const button = event.target.closest?.('button');
  if (button?.dataset.do) DO[button.dataset.do]();
  if (button && 'close' in button.dataset) button.closest('dialog').close();
});

// The controls are there for who moves a pointer or comes to them with the keyboard.
let restTimer;
addEventListener('pointermove', () => {
  document.body.classList.add('awake');
  clearTimeout(restTimer);
  restTimer = setTimeout(() => document.body.classList.remove('awake'), 3_000);
});

translate();
applyColours();
listKeys($('key-list'));
$('remote-link').href = String(new URL(`${slug}/remote`, import.meta.url));
$('remote-link').textContent = `${site.replace(/^https?:\/\//, '')}/present/${slug}/remote`;
keys(DO);
load();
pulse();
