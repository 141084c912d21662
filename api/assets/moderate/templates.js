// Standing texts: known to the form that decides, and edited in a view of their own.
import { Failure } from './api.js';
import { draft, forget, remember } from './drafts.js';
import { choice, el, mark, newId, put } from './element.js';
import { say } from './say.js';
import { ask } from './session.js';
import { lang, named, t, values } from './words.js';

// Templates go with what goes against an author: the rest needs no words.
const ACTIONS = ['REQUEST_CHANGES', 'REJECT', 'HIDE', 'BLOCK'];

let known = [];
let loading = null;
/** Tells `loaded` when templates came or changed. */
export const templateEvents = new EventTarget();

export const templates = () => known;

/** Those for an action and reason, or for all where none is given. */
export const fitting = (action, reason) => known.filter((each) =>
  (!action || each.action === action) && (!reason || each.reasonCode === reason));

function learn(list) {
  known = list;
  templateEvents.dispatchEvent(new Event('loaded'));
}

/** Fetches the templates once; again where that failed. */
export function loadTemplates() {
  loading ??= ask('ModerationTemplates')
    .then(({ moderationTemplates }) => learn(moderationTemplates))
    .catch((failure) => { loading = null; throw failure; });
  return loading;
}

export function clearTemplates() {
  known = [];
  loading = null;
}

/** A form for one template, or for a new one. What is typed in it stays until it is saved. */
function templateForm(each, hooks) {
  const key = `template ${each?.id ?? ''}`;
  const typed = draft(key);
  const value = typed.locale ? typed : {
    action: each?.action ?? 'REJECT', reasonCode: each?.reasonCode ?? 'SPAM', locale: each?.locale ?? lang().toUpperCase(), statement: each?.text ?? '',
  };
  const id = newId('template-text');
  const error = el('p', { class: 'error', id: newId('template-error'), role: 'alert' });
  const unsaved = el('span', { class: 'tag', hidden: !typed.locale }, t('unsaved'));
  const text = el('textarea', {
    id, rows: '5', value: value.statement, 'aria-describedby': error.id,
    input: () => { changed('statement', text.value); put(error, ''); mark(text, 'aria-invalid', null); },
  });
  function changed(name, now) {
    value[name] = now;
    remember(key, { ...value });
    unsaved.hidden = false;
  }
  const pick = (name) => (chosen) => changed(name, chosen);
  async function save() {
    if (text.value.trim() === '') return refuse(t('templateEmpty'));
    const input = {
      ...(each && { templateId: each.id }),
      action: value.action, reasonCode: value.reasonCode, locale: value.locale, text: text.value.trim(),
    };
    try {
      const { moderationTemplateSet: given } = await ask('ModerationTemplateSet', { input });
      if (given.userErrors.length) return refuse(given.userErrors.map(({ message }) => message).join(' '));
      unsaved.hidden = true;
      forget(key);
      hooks.saved(given.template, each);
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      put(error, failure.message);
      hooks.failed(failure);
    }
  }
  function refuse(message) {
    put(error, message);
    mark(text, 'aria-invalid', true);
    text.focus();
  }
  return el('form', { class: 'template', method: 'post', novalidate: true, submit: (event) => { event.preventDefault(); save(); } },
    el('div', { class: 'triple' },
      choice(t('decide'), 'action', ACTIONS.map((code) => [code, named('actions', code)]), value.action, pick('action')),
      choice(t('reason'), 'reason', values('reasons').map((code) => [code, named('reasons', code)]), value.reasonCode, pick('reasonCode')),
      choice(t('templateLanguage'), 'locale', values('locales').map((code) => [code, named('locales', code)]), value.locale, pick('locale'))),
    el('div', { class: 'field' }, el('label', { for: id }, t('templateText')), text, error),
    el('div', { class: 'ends' }, el('button', { type: 'submit', class: 'primary' }, t('templateSave')), unsaved));
}

/** The view in which templates are read and changed. */
export function templatesView(hooks) {
  const list = el('div', { class: 'templates' });
  const problem = el('p', { class: 'problem', role: 'alert' });
  const heading = el('h1', { tabindex: '-1' }, t('viewTemplates'));
  const fresh = el('details', { class: 'fresh' });
  let locale = lang().toUpperCase();
  const element = el('section', { class: 'page' },
    el('div', { class: 'page-head' }, heading,
      choice(t('templateLanguage'), 'shown', values('locales').map((code) => [code, named('locales', code)]), locale, (code) => { locale = code; show(); })),
    el('p', { class: 'intro' }, t('templatesIntro')), problem, fresh, list);

  function item(each) {
    const start = el('span', { class: 'start', lang: each.locale.toLowerCase() }, each.text);
    const summary = el('summary', {}, el('b', {}, named('reasons', each.reasonCode)), start);
    const saved = (now) => {
      learn(known.map((one) => (one.id === now.id ? { ...one, ...now } : one)));
      details.open = false;
      show();
      (list.querySelector(`[data-id="${CSS.escape(now.id)}"] > summary`) ?? heading).focus();
      say(t('templateSaved'));
    };
    const details = el('details', { class: 'item', 'data-id': each.id }, summary, templateForm(each, { ...hooks, saved }));
    return details;
  }

  function begin() {
    fresh.open = false;
    fresh.replaceChildren(el('summary', {}, t('templateNew')), templateForm(null, { ...hooks, saved: (now) => {
      learn([...known, now]);
      show();
      begin();
      fresh.querySelector('summary').focus();
      say(t('templateSaved'));
    } }));
  }

  function show() {
    const isOpen = new Set([...list.children].filter(({ open }) => open).map(({ dataset }) => dataset.id));
    const order = ({ reasonCode }) => values('reasons').indexOf(reasonCode);
    const here = known.filter((each) => each.locale === locale).sort((one, other) => order(one) - order(other));
    list.replaceChildren(...(here.length ? ACTIONS.flatMap((action) => {
      const those = here.filter((each) => each.action === action);
      return those.length === 0 ? [] : [el('h2', {}, named('actions', action)), ...those.map((each) => {
        // A form that is open keeps what is typed in it.
        const before = list.querySelector(`[data-id="${CSS.escape(each.id)}"]`);
        return isOpen.has(each.id) && before ? before : item(each);
      })];
    }) : [el('p', {}, t('templatesNone'))]));
  }

  begin();
  show();
  loadTemplates().then(show, (failure) => { put(problem, failure.message); hooks.failed(failure); });
  return { element, heading, stop() { /* nothing runs on */ } };
}
