// Signing in, and setting the second factor that moderators need.
import { Failure } from './api.js';
import { el, mark, newId, put } from './element.js';
import { say } from './say.js';
import { ask, renew, signIn, viewer } from './session.js';
import { t } from './words.js';

function field(label, attributes, hint = '') {
  const id = newId(attributes.name);
  const error = el('p', { class: 'error', id: `${id}-error` });
  const help = hint ? el('p', { class: 'hint', id: `${id}-hint` }, hint) : null;
  const input = el('input', { id, 'aria-describedby': `${id}-error${hint ? ` ${id}-hint` : ''}`, required: true, ...attributes });
  const element = el('div', { class: 'field' }, el('label', { for: id }, label), input, error, help);
  const refuse = (message) => { put(error, message); mark(input, 'aria-invalid', message !== ''); };
  return { element, input, refuse, isMissing: () => input.value.trim() === '' };
}

const codeField = () => field(t('code'),
  { name: 'code', type: 'text', inputmode: 'numeric', autocomplete: 'one-time-code', spellcheck: 'false', autocapitalize: 'off' }, t('codeHint'));

/** The form with which a moderator signs in; `done` hears that they did. */
export function signInView({ done, reason = '' }) {
  let busy = false;
  const heading = el('h1', { tabindex: '-1' }, t('signIn'));
  const email = field(t('email'), { name: 'email', type: 'email', autocomplete: 'username', autocapitalize: 'off', spellcheck: 'false' });
  const password = field(t('password'), { name: 'password', type: 'password', autocomplete: 'current-password' });
  const code = codeField();
  code.element.hidden = true;
  const problem = el('p', { class: 'problem', role: 'alert' }, reason);
  const button = el('button', { type: 'submit', class: 'primary' }, t('signIn'));

  async function send() {
    if (busy) return;
    put(problem, '');
    const asked = [email, password, ...(code.element.hidden ? [] : [code])];
    for (const each of asked) each.refuse(each.isMissing() ? t('fillIn') : '');
    const missing = asked.find((each) => each.isMissing());
    if (missing) return missing.input.focus();
    busy = true;
    mark(button, 'aria-disabled', true);
    put(button, t('signingIn'));
    try {
      const errors = await signIn({
        email: email.input.value.trim(),
        password: password.input.value,
        secondFactorCode: code.element.hidden ? null : code.input.value.replaceAll(' ', ''),
      });
      if (errors.length === 0) {
        say(t('welcome', { name: viewer().displayName }));
        return done();
      }
      refuse(errors);
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      put(problem, failure.message);
    } finally {
      busy = false;
      mark(button, 'aria-disabled', null);
      put(button, t('signIn'));
    }
  }

  function refuse(errors) {
    if (errors.some(({ code: why }) => why === 'SECOND_FACTOR_REQUIRED')) {
      code.element.hidden = false;
      say(t('codeAsked'));
      return code.input.focus();
    }
    const message = errors.map((error) => error.message).join(' ');
    if (errors.some(({ code: why }) => why === 'SECOND_FACTOR_INVALID')) {
      code.refuse(message);
      return code.input.focus();
    }
    put(problem, message);
    password.input.focus();
  }

  const element = el('section', { class: 'card' }, heading, el('p', { class: 'intro' }, t('signInIntro')), problem,
    el('form', { method: 'post', novalidate: true, submit: (event) => { event.preventDefault(); send(); } },
      email.element, password.element, code.element, button));
  return { element, heading: reason ? heading : email.input, stop() { /* nothing runs on */ } };
}

/** What someone sees who may not see the queue, with the way to it for whose role lacks a second factor. */
export function deniedView({ lacksFactor, again }) {
  const account = viewer();
  const heading = el('h1', { tabindex: '-1' }, t('denied'));
  const problem = el('p', { class: 'problem', role: 'alert' });
  const step = el('div', { class: 'step' });
  const element = el('section', { class: 'card' }, heading,
    el('p', {}, t(lacksFactor ? 'deniedFactor' : 'deniedRole', { name: account.displayName })), problem, step);

  async function attempt(work) {
    put(problem, '');
    try {
      await work();
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      put(problem, failure.message);
    }
  }
  const told = (errors) => { put(problem, errors.map(({ message }) => message).join(' ')); return errors.length > 0; };

  const password = field(t('password'), { name: 'password', type: 'password', autocomplete: 'current-password' });
  const enrol = () => attempt(async () => {
    password.refuse(password.isMissing() ? t('fillIn') : '');
    if (password.isMissing()) return password.input.focus();
    const { secondFactorEnroll: given } = await ask('SecondFactorEnroll', { input: { password: password.input.value } });
    if (told(given.userErrors)) return;
    const key = new URL(given.otpauthUri).searchParams.get('secret');
    const code = codeField();
    step.replaceChildren(
      el('p', {}, t('factorScan')),
      el('p', {}, t('factorKey'), ': ', el('code', {}, key.replace(/(.{4})(?=.)/g, '$1 '))),
      el('p', {}, el('a', { href: given.otpauthUri }, t('factorOpen'))),
      el('form', { method: 'post', novalidate: true, submit: (event) => { event.preventDefault(); confirm(code); } },
        code.element, el('button', { type: 'submit', class: 'primary' }, t('factorConfirm'))));
    code.input.focus();
  });

  const confirm = (code) => attempt(async () => {
    if (code.isMissing()) { code.refuse(t('fillIn')); return code.input.focus(); }
    const { secondFactorConfirm: given } = await ask('SecondFactorConfirm', { input: { code: code.input.value.replaceAll(' ', '') } });
    if (given.userErrors.length) {
      code.refuse(given.userErrors.map(({ message }) => message).join(' '));
      return code.input.focus();
    }
    const text = el('p', { tabindex: '-1' }, t('factorCodes'));
    step.replaceChildren(text, el('ul', { class: 'codes' }, given.recoveryCodes.map((each) => el('li', {}, el('code', {}, each)))),
      el('button', { type: 'button', class: 'primary', click: () => attempt(async () => { await renew(); again(); }) }, t('factorDone')));
    text.focus();
  });

  if (lacksFactor) {
    step.append(el('form', { method: 'post', novalidate: true, submit: (event) => { event.preventDefault(); enrol(); } },
      password.element, el('button', { type: 'submit', class: 'primary' }, t('factorBegin'))));
  }
  return { element, heading, stop() { /* nothing runs on */ } };
}
