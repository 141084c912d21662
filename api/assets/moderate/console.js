// The page as a whole: who is signed in, which view is shown, and what keys do.
import { bulkView, caseView } from './case.js';
import { el, mark, put } from './element.js';
import { figuresView } from './figures.js';
import { forgetAll } from './drafts.js';
import { keep } from './keep.js';
import { follow } from './live.js';
import { isMine, startList } from './list.js';
import { keysAct, listen, showKeys } from './keys.js';
import { caseOf, catchUp, changes, clear, fetchCase, nextOpen, queue, select, take, titleOf } from './queue.js';
import { say } from './say.js';
import { sessionEvents, signedIn, signOut, takeUp, viewer } from './session.js';
import { deniedView, signInView } from './sign-in.js';
import { clearTemplates, loadTemplates, templatesView } from './templates.js';
import { lang, many, named, speak, t, translate } from './words.js';

const main = document.getElementById('main');
const WIDE = matchMedia('(min-width: 60rem)');

// The view beside the list, and the list; null where they are not shown.
let list = null;
let reading = null;
let page = null;
let watching = null;
let isLive = null;
let ending = '';

/* Which view */

const route = () => {
  const [name, id] = location.hash.slice(1).split('=', 2);
  return { name: name || 'queue', id: id ? decodeURIComponent(id) : null };
};

function frame(view) {
  document.body.dataset.view = view;
  for (const link of document.querySelectorAll('#views a')) mark(link, 'aria-current', link.dataset.view === view ? 'page' : null);
  const isIn = view !== 'sign-in';
  for (const id of ['views', 'show-keys', 'sign-out']) document.getElementById(id).hidden = !isIn;
}

function titled(name) { document.title = `${name} · ${t('title')} · JIJ&Overijssel`; }

function leave() {
  list?.stop();
  reading?.stop();
  page?.stop();
  list = reading = page = null;
}

/** Shows one view in the place of all. */
function showPage(view, made, name) {
  leave();
  page = made;
  frame(view);
  titled(name);
  main.replaceChildren(page.element);
}

const aside = el('div', { class: 'aside' });

function beside(view) {
  reading?.stop();
  reading = view;
  document.body.dataset.reading = view ? 'yes' : 'no';
  aside.replaceChildren(view ? view.element : el('div', { class: 'none' },
    el('h2', {}, t('choose')), el('p', {}, t(keysAct() ? 'chooseText' : 'chooseTextPlain'))));
  aside.scrollTop = 0;
  list.update();
}

function showQueue() {
  if (!list) {
    leave();
    list = startList({
      open: () => reading?.id ?? null,
      bulk: (action) => { beside(bulkView({ decided, failed })); reading.heading.focus(); if (action) reading.choose(action); },
      selected: () => { if (reading?.id === 'bulk') queue.selected.size ? beside(bulkView({ decided, failed })) : beside(null); },
      failed,
    });
    main.replaceChildren(list.element, aside);
    beside(null);
  }
  frame('queue');
}

/** Opens a case; the focus goes to it, or stays in the list. */
async function openCase(id, focus) {
  showQueue();
  try {
    if (!caseOf(id)) say(t('caseLoading'));
    const it = await fetchCase(id);
    if (route().id !== id || !list) return;
    if (reading?.id !== id) beside(caseView(id, { decided, failed, step }));
    titled(titleOf(it) || t('noText'));
  } catch (failure) {
    if (failure.code === undefined) throw failure;
    say(failure.code === 'NOT_FOUND' ? t('notFound') : failure.message);
    return failed(failure);
  }
  // In one column the list is out of sight.
  if (focus === 'list' && WIDE.matches && list.focus(id)) return;
  if (focus) reading.heading.focus();
}

function go({ focus = true } = {}) {
  if (!signedIn()) {
    showPage('sign-in', signInView({ done: entered, reason: ending }), t('signIn'));
    ending = '';
    if (focus) page.heading.focus();
    return;
  }
  const { name, id } = route();
  if (name === 'case' && id) return openCase(id, focus ? 'case' : '');
  if (name === 'templates') showPage('templates', templatesView({ failed }), t('viewTemplates'));
  else if (name === 'figures') showPage('figures', figuresView({ failed }), t('viewFigures'));
  else {
    const was = reading?.id;
    showQueue();
    beside(null);
    titled(t('queue'));
    if (focus && !(was && list.focus(was))) list.heading.focus();
    return;
  }
  if (focus) page.heading.focus();
}

/* Coming and going */

function entered() {
  // What one person typed is not for the next.
  const who = viewer().displayName;
  if (keep.get('who') !== who) forgetAll();
  keep.set('who', who);
  loadTemplates().catch(() => { /* the templates' own view says so */ });
  go();
}

function left() {
  watching?.abort();
  watching = isLive = null;
  clear();
  clearTemplates();
  put(document.getElementById('live'), '');
  go();
}

function failed(failure) {
  const lacksFactor = failure.code === 'SECOND_FACTOR_MISSING';
  if ((lacksFactor || failure.code === 'FORBIDDEN') && list && !queue.loaded) {
    showPage('denied', deniedView({ lacksFactor, again: () => go() }), t('denied'));
    page.heading.focus();
  }
}

function showLive() {
  if (isLive === null) return;
  const open = queue.counts.get('OPEN');
  const text = isLive ? `${t('liveOn')}${queue.loaded ? ` · ${many('open', open ?? 0)}` : ''}` : t('liveOff');
  put(document.getElementById('live'), text);
  document.getElementById('live').dataset.live = isLive ? 'on' : 'off';
}

function watch() {
  watching = new AbortController();
  follow({
    signal: watching.signal,
    state(state) {
      isLive = state === 'on';
      showLive();
      // Something may have happened since the list was loaded, or the connection broke.
      if (isLive) catchUp().catch(() => { /* the next gap asks again */ });
    },
    updated: (it) => take(it, 'live'),
  });
}

/* Deciding, and what comes after */

function decided(ids, leftAlone = []) {
  const [id] = ids;
  const it = caseOf(id);
  const next = nextOpen(id, isMine);
  if (leftAlone.length) {
    const which = leftAlone.map((left) => t('leftAlone', { title: titleOf(left.case) || t('noText'), why: left.message }));
    say([t('decidedSome', { n: ids.length - leftAlone.length, left: leftAlone.length }), ...which].join(' '));
    queue.selected.clear();
    for (const left of leftAlone) queue.selected.add(left.case.id);
    changes.dispatchEvent(new Event('selection'));
    return toQueue();
  }
  const what = ids.length === 1
    ? t('decided', { title: titleOf(it) || t('noText'), state: named('states', it.state) })
    : t('decidedMany', { n: ids.length });
  say(next ? what : `${what} ${t('allDone')}`);
  if (ids.length > 1 || queue.selected.size) {
    queue.selected.clear();
    changes.dispatchEvent(new Event('selection'));
  }
  if (next) to(next, 'case');
  else toQueue();
}

function toQueue() {
  if (route().name === 'queue') go();
  else location.hash = '#queue';
}

function to(id, focus) {
  history.replaceState(null, '', `#case=${encodeURIComponent(id)}`);
  openCase(id, focus);
}

/** Goes to the case behind or before the one that is read. */
function step(by) {
  if (!list || queue.ids.length === 0) return false;
  const at = queue.ids.indexOf(reading?.id);
  const next = queue.ids[at < 0 ? 0 : Math.min(Math.max(at + by, 0), queue.ids.length - 1)];
  to(next, 'list');
  return true;
}

function act(action) {
  if (!list) return false;
  if (queue.selected.size && reading?.id !== 'bulk') beside(bulkView({ decided, failed }));
  return reading ? reading.choose(action) : false;
}

listen({
  'j': () => step(1),
  'k': () => step(-1),
  'a': () => act('APPROVE'),
  'r': () => act('REJECT'),
  'h': () => act('HIDE'),
  'i': () => act('IGNORE'),
  'c': () => { if (!reading) return false; reading.claim(); return true; },
  'x': () => {
    const id = reading?.id;
    if (!id || id === 'bulk') return false;
    if (!select(id, !queue.selected.has(id))) say(t('selectedMost'));
    return true;
  },
  'u': () => { if (!reading) return false; toQueue(); return true; },
  '?': () => { if (!signedIn()) return false; showKeys(); return true; },
});

/* The page's own buttons */

document.getElementById('show-keys').addEventListener('click', showKeys);
document.getElementById('language').addEventListener('click', () => {
  speak(lang() === 'nl' ? 'en' : 'nl');
  translate();
  put(document.getElementById('said'), '');
  const bulk = reading?.id === 'bulk';
  leave();
  go({ focus: false });
  if (bulk) beside(bulkView({ decided, failed }));
  showLive();
});
document.getElementById('sign-out').addEventListener('click', async () => {
  const done = signOut();
  forgetAll();
  left();
  say(t('signedOut'));
  await done;
});
sessionEvents.addEventListener('ended', () => { ending = t('sessionEnded'); left(); });
changes.addEventListener('counts', showLive);
// Who may see the queue may watch it.
changes.addEventListener('list', () => { if (!watching) watch(); });
addEventListener('hashchange', () => go());
// A link to where one is does not change the address, and still leads there.
document.addEventListener('click', (event) => {
  const link = event.target.closest('a[href^="#"]');
  if (!link) return;
  if (link.hash === '#main') { event.preventDefault(); main.focus(); } else if (link.hash === location.hash) go();
});

await takeUp();
translate();
if (signedIn()) entered();
else go({ focus: false });
