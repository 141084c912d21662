// Who is signed in. Tokens live in this tab and end with it.
import { Failure, send } from './api.js';
import { learn, now, resume } from './clock.js';
import { keep } from './keep.js';

// A token is renewed this long before it ends.
const BEFORE_END = 60_000;
// How long a page waits for the one before it in this tab to let go of the session.
const LET_GO = 1_500;

/** Tells `ended` when a session ends without being asked to. */
export const sessionEvents = new EventTarget();

let session = keep.get('session');
let renewing = null;
resume(session?.ahead);

export const signedIn = () => session !== null;
/** Who is signed in: their name, and the roles of their account. */
export const viewer = () => session?.viewer ?? null;

function set(next) {
  session = next;
  keep.set('session', next);
}

// A refresh token works once, and twice ends the session: so a tab that was duplicated, and holds
// a copy, signs in for itself.
async function hold(name) {
  if (!navigator.locks) return true;
  return new Promise((held) => {
    navigator.locks
      .request(`jij.moderate.${name}`, { signal: AbortSignal.timeout(LET_GO) }, () => {
        held(true);
        return new Promise(() => { /* for as long as the page lives */ });
      })
      .catch(() => held(false));
  });
}

/** Takes up the session that this tab had before it was loaded anew. */
export async function takeUp() {
  if (session !== null && !(await hold(session.name))) set(null);
}

/** Signs in; gives why not, or an empty list. */
export async function signIn(input) {
  // Who was signed in here does not wait for what strangers try.
  const formerRefreshToken = keep.get('former');
  const { sessionCreate: given } = await send('SessionCreate', { input: { ...input, formerRefreshToken } });
  if (given.userErrors.length > 0) return given.userErrors;
  const name = crypto.getRandomValues(new Uint32Array(4)).join('-');
  set({ ...given.session, ahead: learn(given.session.accessToken), name, viewer: given.viewer.account });
  await hold(name);
  return [];
}

export async function signOut() {
  const token = session?.refreshToken;
  set(null);
  keep.set('drafts', null);
  if (token) await send('SessionRevoke', { input: { refreshToken: token } }).catch(() => { /* it ends by itself */ });
}

function end() {
  if (session === null) return;
  keep.set('former', session.refreshToken);
  set(null);
  sessionEvents.dispatchEvent(new Event('ended'));
}

/** Renews the tokens, once for all who ask at the same time. */
export function renew() {
  renewing ??= renewed().finally(() => { renewing = null; });
  return renewing;
}

async function renewed() {
  const before = session;
  const { sessionRefresh: given } = await send('SessionRefresh', { input: { refreshToken: before.refreshToken } });
  if (session !== before) return;
  if (given.session === null) return end();
  set({ ...before, ...given.session, ahead: learn(given.session.accessToken) });
}

/** A token that still works for a while; null where nobody is signed in. */
export async function token() {
  if (session === null) return null;
  if (Date.parse(session.accessTokenExpiresAt) - now() < BEFORE_END) await renew();
  return session?.accessToken ?? null;
}

/** Sends an operation as who is signed in. */
export async function ask(operation, variables = {}) {
  const used = await token();
  if (used === null) throw new Failure('UNAUTHENTICATED', '');
  try {
    return await send(operation, variables, used);
  } catch (failure) {
    if (failure.code !== 'UNAUTHENTICATED') throw failure;
  }
  // Revoked, or the clocks differ: one more try decides which.
  if (session?.accessToken === used) await renew();
  if (session === null) throw new Failure('UNAUTHENTICATED', '');
  try {
    return await send(operation, variables, session.accessToken);
  } catch (failure) {
    if (failure.code === 'UNAUTHENTICATED') end();
    throw failure;
  }
}
