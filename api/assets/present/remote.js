// The remote control: a telephone that leads the room. Unlike the big screen it sees what only
// presenters see, and asks for it as who is signed in.
import * as lead from './lead.js';
import { EVERY_QUESTION, POLL } from './operations.js';
import { ahead, askSigned, isSignedIn, signOut, token, watch } from './server.js';
import { signInForm } from './sign-in.js';
import { applyColours, count, el, otherLanguage, stateWord, t, translate } from './words.js';

const $ = (id) => document.getElementById(id);
const { slug } = document.documentElement.dataset;

let live = null;
let following = null;

let noticeEnds;
function notice(text) {
  $('notice').textContent = text;
  clearTimeout(noticeEnds);
  if (text) noticeEnds = setTimeout(() => notice(''), 5_000);
}

const active = () => live?.questions.find(({ id }) => id === live.activeQuestion?.id) ?? null;

function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function show() {
  const asked = active();
  put($('title'), live.title);
  put($('prompt'), asked?.prompt ?? t('nothingActive'));
  put($('place'), asked ? t('questionOf', { n: asked.position + 1, all: live.questions.length }) : '');
  put($('state'), asked ? stateWord(asked.state) : '');
  $('desk').dataset.state = asked?.state ?? '';
  const votes = asked?.results?.voterCount ?? 0;
  const people = live.participantCount ?? 0;
  put($('counts'), [count('people', people), ...(asked ? [count('voted', votes)] : [])].join(' · '));
  $('backstage').hidden = !asked?.results;
  put($('sentence'), asked?.results?.summary ?? '');
  const button = (action) => document.querySelector(`[data-do=${action}]`);
  put(button('lock'), t(asked?.state === 'OPEN' ? 'lock' : 'unlock'));
  put(button('reveal'), t(asked?.state === 'REVEALED' ? 'conceal' : 'reveal'));
  showQuestions(asked);
  showTimer();
}

function showQuestions(asked) {
  const list = $('questions');
  while (list.children.length > live.questions.length) list.lastChild.remove();
  live.questions.forEach((question, i) => {
    if (!list.children[i]) {
      list.append(el('li', {}, el('button', { type: 'button' }, el('span'), ' ', el('small'))));
    }
    const button = list.children[i].firstChild;
    button.dataset.question = question.id;
    button.setAttribute('aria-current', String(question.id === asked?.id));
    put(button.firstChild, question.prompt);
    put(button.lastChild, stateWord(question.state));
  });
}

function showTimer() {
  const asked = active();
  const left = Math.ceil((Date.parse(asked?.timerEndsAt ?? '') - Date.now() - ahead) / 1000);
  const time = left > 0 ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}` : '';
  put($('timer'), asked?.state === 'OPEN' && time ? t('timer', { time }) : '');
}
setInterval(showTimer, 250);

function follow(poll) {
  following?.abort();
  following = new AbortController();
  watch(EVERY_QUESTION, { id: poll.id }, {
    token,
    signal: following.signal,
    show: ({ pollUpdated }) => { live = pollUpdated; show(); },
    lost: ({ code }) => {
      if (code === 'UNAUTHENTICATED') enter(t('signedOut'));
      else notice(t('offline'));
    },
    found: () => notice(t('online')),
  });
}

function enter(text = '') {
  following?.abort();
  $('desk').hidden = true;
  $('sign-out').hidden = !isSignedIn();
  $('enter').hidden = false;
  if (isSignedIn()) $('enter').replaceChildren(el('p', {}, text));
  else signInForm($('enter'), load);
  notice(text);
}

async function load() {
  if (!isSignedIn()) {
    enter();
    return;
  }
  try {
    const { poll } = await askSigned(POLL, { slug });
    if (!poll) enter(t('notFound'));
    else if (!poll.viewerCanManage || poll.pace !== 'PRESENTER') enter(t('mayNot'));
    else {
      $('enter').hidden = true;
      $('desk').hidden = false;
      $('sign-out').hidden = false;
      put($('title'), poll.title);
      document.title = `${t('remote')}: ${poll.title} – JIJ&Overijssel`;
      follow(poll);
    }
  } catch (problem) {
    if (problem.code === 'UNAUTHENTICATED' || !isSignedIn()) enter(t('signedOut'));
    else {
      notice(t('offline'));
      setTimeout(load, 3_000);
    }
  }
}

let isBusy = false;
async function step(action, ...rest) {
  if (isBusy) return;
  isBusy = true;
  document.body.setAttribute('aria-busy', 'true');
  try {
    await action(slug, ...rest);
    navigator.vibrate?.(20);
    notice('');
  } catch (problem) {
    if (!isSignedIn()) enter(t('signedOut'));
    else notice(problem.key ? t(problem.key) : problem instanceof TypeError ? t('failed') : problem.message || t('failed'));
  }
  isBusy = false;
  document.body.removeAttribute('aria-busy');
}

document.addEventListener('click', (event) => {
  const { dataset } = event.target.closest?.('button') ?? { dataset: {} };
  if (dataset.do === 'clock') step(lead.clock, Number(dataset.seconds));
  else if (dataset.do) step(lead[dataset.do]);
  else if (dataset.question) step(lead.jump, dataset.question);
});
$('language').addEventListener('click', otherLanguage);
$('sign-out').addEventListener('click', async () => {
  await signOut();
  load();
});

translate();
applyColours();
load();
