// The form that decides a case, or many alike.
import { Failure } from './api.js';
import { draft, forget, remember } from './drafts.js';
import { el, mark, newId, put } from './element.js';
import { fitting, templates, templateEvents } from './templates.js';
import { lang, many, named, t, values } from './words.js';

const MOST = 1_000;
// From here on what is left is read out.
const NEARLY = 100;
/** What may be decided about an item; blocking an account is apart. */
export const DECISIONS = ['APPROVE', 'REQUEST_CHANGES', 'REJECT', 'HIDE', 'RESTORE', 'IGNORE'];
/** The key that chooses each action. */
export const KEYS = { APPROVE: 'a', REJECT: 'r', HIDE: 'h', IGNORE: 'i' };
const NEED_NO_REASON = new Set(['APPROVE', 'RESTORE', 'IGNORE', 'UNBLOCK']);

const length = (text) => [...text].length;

/**
 * A form; `key` names what is typed in it, `actions` are those to choose from, `more` is a field
 * beside them. `submit` gets the
 * action, reason and statement, and gives why they were declined: null where they were not;
 * `decided` hears of that.
 */
export function decisionForm({ key, title, actions, more = '', submit, decided, failed }) {
  const value = draft(key);
  if (!actions.includes(value.action)) value.action = '';
  let busy = false;

  const problem = el('p', { class: 'problem', role: 'alert' });
  const fault = (name) => el('p', { class: 'error', id: newId(`${name}-error`) });
  const faults = { action: fault('action'), reasonCode: fault('reason'), statement: fault('statement') };

  const radios = new Map(actions.map((action) => [action, el('input', {
    type: 'radio', name: 'action', value: action, checked: action === value.action, 'aria-keyshortcuts': KEYS[action] ?? null,
    change: () => { value.action = action; chosen(); },
  })]));
  const group = el('fieldset', { class: 'actions', 'aria-describedby': faults.action.id },
    el('legend', {}, t('action')),
    [...radios].map(([action, radio]) => el('label', { class: 'action', 'data-action': action }, radio,
      el('span', {}, el('b', {}, named('actions', action)), ' ', el('small', {}, named('means', action))),
      KEYS[action] ? el('kbd', { 'aria-hidden': 'true' }, KEYS[action]) : '')),
    faults.action);

  const reasonId = newId('reason');
  const reason = el('select', {
    id: reasonId, name: 'reasonCode', 'aria-describedby': faults.reasonCode.id,
    change: () => { value.reasonCode = reason.value; chosen(); },
  });
  const templateId = newId('template');
  const template = el('select', { id: templateId, name: 'template', change: () => useTemplate() });
  const statementId = newId('statement');
  const statementLabel = el('label', { for: statementId });
  const hint = el('p', { class: 'hint', id: newId('hint') }, t('statementHint'));
  const left = el('p', { class: 'left', role: 'status' });
  const statement = el('textarea', {
    id: statementId, name: 'statement', rows: '5', value: value.statement,
    'aria-describedby': `${faults.statement.id} ${hint.id}`,
    input: () => { value.statement = statement.value; keepIt(); showLeft(); put(faults.statement, ''); mark(statement, 'aria-invalid', null); },
    keydown: (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
    },
  });
  const confirm = el('button', { type: 'submit', class: 'primary' });
  const form = el('form', { class: 'decision', method: 'post', novalidate: true, submit: (event) => { event.preventDefault(); decide(); } },
    title ? el('h3', {}, title) : '', problem, group, more,
    el('div', { class: 'pair' },
      el('div', { class: 'field' }, el('label', { for: reasonId }, t('reason')), reason, faults.reasonCode),
      el('div', { class: 'field' }, el('label', { for: templateId }, t('template')), template)),
    el('div', { class: 'field' }, statementLabel, statement, faults.statement, el('div', { class: 'under' }, hint, left)),
    confirm);

  const keepIt = () => remember(key, { ...value });
  const isFree = () => NEED_NO_REASON.has(value.action);

  function showReasons() {
    const first = t(isFree() ? 'reasonOptional' : 'reasonNone');
    reason.replaceChildren(...[['', first], ...values('reasons').map((code) => [code, named('reasons', code)])]
      .map(([code, text]) => el('option', { value: code, selected: code === value.reasonCode }, text)));
  }

  function showTemplates() {
    const found = fitting(value.action, value.reasonCode).filter(({ action }) => actions.includes(action));
    template.disabled = found.length === 0;
    const options = (locale) => found.filter((each) => each.locale === locale).map((each) => {
      const start = each.text.length > 50 ? `${each.text.slice(0, 49)}…` : each.text;
      const about = [value.action ? '' : named('actions', each.action), each.reasonCode && named('reasons', each.reasonCode)].filter(Boolean).join(', ');
      return el('option', { value: each.id }, about ? `${about}: ${start}` : start);
    });
    template.replaceChildren(el('option', { value: '' }, t('templateNone')),
      ...values('locales').filter((locale) => options(locale).length)
        .map((locale) => el('optgroup', { label: named('locales', locale) }, options(locale))));
  }

  function showLeft() {
    const n = MOST - length(statement.value);
    put(left, n < 0 ? t('leftOver', { n: -n }) : n < NEARLY ? t('left', { n }) : '');
    left.classList.toggle('late', n < 0);
  }

  function fill(text) {
    statement.value = text;
    value.statement = text;
    value.filled = text;
    keepIt();
    showLeft();
  }

  // A template never takes the place of what someone wrote.
  const isUntouched = () => value.statement.trim() === '' || value.statement === value.filled;

  function useTemplate() {
    const found = templates().find(({ id }) => id === template.value);
    template.value = '';
    if (!found) return;
    if (!value.action && radios.has(found.action)) { radios.get(found.action).checked = true; value.action = found.action; }
    if (!value.reasonCode && found.reasonCode) value.reasonCode = found.reasonCode;
    if (isUntouched()) fill(found.text);
    else { statement.value = `${value.statement.trimEnd()}\n\n${found.text}`; value.statement = statement.value; }
    show();
    keepIt();
    statement.focus();
  }

  function offerTemplate() {
    if (!value.action || !isUntouched()) return;
    const mine = fitting(value.action, value.reasonCode).filter(({ locale }) => locale === lang().toUpperCase());
    const found = value.reasonCode ? mine[0] : undefined;
    fill(found?.text ?? '');
    put(hint, t(found ? 'templateFilled' : 'statementHint'));
  }

  function show() {
    put(confirm, value.action ? t('confirmAction', { action: named('actions', value.action) }) : t('confirm'));
    put(statementLabel, t(isFree() ? 'statementOptional' : 'statement'));
    mark(reason, 'aria-required', !isFree());
    mark(statement, 'aria-required', !isFree());
    showReasons();
    showTemplates();
    showLeft();
  }

  function chosen() {
    for (const [name, field] of [['action', group], ['reasonCode', reason]]) { put(faults[name], ''); mark(field, 'aria-invalid', null); }
    put(problem, '');
    offerTemplate();
    show();
    keepIt();
  }

  /** Shows what is wrong at its field, and brings the focus to the first. */
  function refuse(errors) {
    const fields = { action: radios.values().next().value, reasonCode: reason, statement };
    const rest = errors.filter(({ field }) => !faults[field?.at?.(-1)]);
    for (const { field, message } of errors) {
      const name = field?.at?.(-1);
      if (!faults[name]) continue;
      put(faults[name], message);
      if (name !== 'action') mark(fields[name], 'aria-invalid', true);
    }
    put(problem, rest.map(({ message }) => message).join(' '));
    const first = Object.keys(fields).find((name) => errors.some(({ field }) => field?.at?.(-1) === name));
    if (first) fields[first].focus();
  }

  function missing() {
    const found = [];
    const lacks = (name, key) => found.push({ field: [name], message: t(key) });
    if (!value.action) lacks('action', 'actionMissing');
    if (!isFree() && value.action && !value.reasonCode) lacks('reasonCode', 'reasonMissing');
    if (!isFree() && value.action && value.statement.trim() === '') lacks('statement', 'statementMissing');
    if (length(value.statement.trim()) > MOST) lacks('statement', 'statementLong');
    return found;
  }

  async function decide() {
    if (busy) return;
    for (const each of Object.values(faults)) put(each, '');
    put(problem, '');
    for (const field of [reason, statement]) mark(field, 'aria-invalid', null);
    const lacking = missing();
    if (lacking.length) return refuse(lacking);
    busy = true;
    mark(confirm, 'aria-disabled', true);
    put(confirm, t('deciding'));
    try {
      const sent = { action: value.action, reasonCode: value.reasonCode || null, statement: value.statement.trim() || null };
      const errors = await submit(sent);
      if (errors !== null) return refuse(errors);
      forget(key);
      decided();
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      put(problem, failure.message);
      failed(failure);
    } finally {
      busy = false;
      mark(confirm, 'aria-disabled', null);
      show();
    }
  }

  show();
  return {
    element: form,
    /** Chooses an action, and brings the focus to what comes next. */
    choose(action) {
      const radio = radios.get(action);
      if (!radio) return false;
      radio.checked = true;
      value.action = action;
      chosen();
      (isFree() ? confirm : value.reasonCode ? statement : reason).focus();
      return true;
    },
    /** Takes note of templates that came since. */
    templates: showTemplates,
  };
}

/** The sentence that says what a decision about many is. */
export const bulkTitle = (n) => many('decideBulk', n);
export { templateEvents };
