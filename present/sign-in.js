// The form that signs a presenter in, for this window only.
import { signIn } from './server.js';
import { el, t } from './words.js';

const field = (name, label, properties) => el('p', {},
  el('label', { htmlFor: `sign-in-${name}` }, t(label)),
  el('input', { id: `sign-in-${name}`, name, ...properties }));

/** A form in `place`; `done` is called once someone is signed in. */
export function signInForm(place, done) {
  const problem = el('p', { className: 'problem', role: 'alert' });
  const factor = field('secondFactorCode', 'secondFactor', { autocomplete: 'one-time-code', inputMode: 'numeric' });
  factor.hidden = true;
  const byToken = el('details', {}, el('summary', {}, t('haveToken')),
    el('p', {}, t('tokenHelp')), field('refreshToken', 'token', { type: 'password', autocomplete: 'off' }));
  const form = el('form', { noValidate: true },
    el('h2', { id: 'sign-in-title' }, t('signInTitle')),
    el('p', {}, t('signInWhy')),
    field('email', 'email', { type: 'email', autocomplete: 'username', required: true }),
    field('password', 'password', { type: 'password', autocomplete: 'current-password', required: true }),
    factor, byToken, problem,
    el('p', { className: 'buttons' }, el('button', { type: 'submit' }, t('signIn'))));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    problem.textContent = '';
    try {
      const [declined] = await signIn(Object.fromEntries(new FormData(form)));
      if (declined?.code === 'SECOND_FACTOR_REQUIRED') {
        factor.hidden = false;
        factor.querySelector('input').focus();
        problem.textContent = t('secondFactorAsked');
      } else if (declined) {
        problem.textContent = declined.message;
      } else {
        form.reset();
        done();
      }
    } catch (fault) {
      problem.textContent = fault.code ? fault.message : t('failed');
    }
  });
  place.replaceChildren(form);
  return form;
}
