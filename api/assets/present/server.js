// Speaks with the server: queries, the live path, and who is signed in in this window.
import { RENEW, SIGN_IN, SIGN_OUT } from './operations.js';
import { keep, lang } from './words.js';

const ROOT = new URL('../', import.meta.url);
const ENDPOINT = new URL('graphql', ROOT);
const LIVE = new URL('graphql/stream', ROOT);
// Before an access token ends it is renewed.
const EARLY = 60_000;
const LONGEST_WAIT = 15_000;

/** How much the server's clock is ahead of this one's, in milliseconds. */
export let ahead = 0;

const headers = (token) => ({
  'Accept-Language': lang,
  'Content-Type': 'application/json',
  ...(token && { Authorization: `Bearer ${token}` }),
});

/** The answer's data; throws an error with `code` where there is none. */
export async function ask(query, variables = {}, token = '') {
  const response = await fetch(ENDPOINT, {
    method: 'POST',
    headers: { ...headers(token), Accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query, variables }),
    cache: 'no-store',
    credentials: 'omit',
  });
  const date = Date.parse(response.headers.get('date'));
  if (date) ahead = Math.abs(date - Date.now()) > 2_000 ? date - Date.now() : 0;
  const answer = await response.json();
  if (answer.errors?.length) {
    const [{ message, extensions }] = answer.errors;
    const code = extensions?.code ?? 'INTERNAL';
    throw Object.assign(new Error(message), { code, key: code === 'SECOND_FACTOR_MISSING' ? 'factorMissing' : null });
  }
  return answer.data;
}

async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let unread = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    unread += value;
    const whole = unread.split('\n\n');
    unread = whole.pop();
    yield* whole;
  }
}

async function listen(query, variables, { show, token, signal, begun }) {
  const response = await fetch(LIVE, {
    method: 'POST',
    headers: { ...headers(await token()), Accept: 'text/event-stream' },
    body: JSON.stringify({ query, variables }),
    cache: 'no-store',
    credentials: 'omit',
    signal,
  });
  if (!response.ok) {
    const code = response.status === 401 ? 'UNAUTHENTICATED' : 'UNAVAILABLE';
    throw Object.assign(new Error(`status ${response.status}`), { code });
  }
  for await (const event of events(response.body)) {
    if (event.startsWith('event: complete')) return true;
    if (!event.startsWith('event: next\ndata: ')) continue;
    const { data, errors } = JSON.parse(event.slice('event: next\ndata: '.length));
    if (errors?.length) throw Object.assign(new Error(errors[0].message), { code: errors[0].extensions?.code });
    begun();
    show(data);
  }
  throw new Error('broken off');
}

/**
 * Shows every state of a subscription until the server completes it or `signal` says so, and comes
 * back by itself after a while wherever the connection breaks; `lost` hears of that, and `found`
 * when it is back. A session that has ended is renewed; where it cannot be, `lost` hears
 * UNAUTHENTICATED and nothing more is tried.
 */
export async function watch(query, variables, { show, lost, found, signal, token = () => '' }) {
  let failures = 0;
  let problem = null;
  const begun = () => {
    if (failures > 0) found?.();
    failures = 0;
  };
  while (!signal?.aborted) {
    try {
      if (await listen(query, variables, { show, token, signal, begun })) return;
    } catch (fault) {
      if (signal?.aborted) return;
      problem = fault;
      if (fault.code === 'UNAUTHENTICATED' && session && !(await isRenewed())) {
        lost?.(fault);
        return;
      }
    }
    failures += 1;
    if (failures > 1) lost?.(problem);
    // A thousand screens that lost one server do not come back in the same instant.
    const wait = Math.min(LONGEST_WAIT, 500 * 2 ** failures) * (0.5 + Math.random() / 2);
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

let session = JSON.parse(keep.get('session') ?? 'null');
let renewal = null;

function remember(found) {
  // Who was signed in here does not wait for what strangers try.
  if (session && !found) keep.set('former', session.refreshToken);
  session = found;
  keep.set('session', found ? JSON.stringify(found) : null);
}

export const isSignedIn = () => session !== null;

/** The token to send, renewed where it is about to end; empty where nobody is signed in. */
export async function token() {
  if (!session) return '';
  if (Date.parse(session.accessTokenExpiresAt) - Date.now() - ahead > EARLY) return session.accessToken;
  renewal ??= renew(session.refreshToken).finally(() => { renewal = null; });
  await renewal;
  return session?.accessToken ?? '';
}

async function renew(refreshToken) {
  const { sessionRefresh: { session: found, userErrors } } = await ask(RENEW, { input: { refreshToken } });
  remember(found);
  return userErrors;
}

/** Renews the session before its time; false where it has ended. */
async function isRenewed() {
  try {
    renewal ??= renew(session.refreshToken).finally(() => { renewal = null; });
    await renewal;
    return isSignedIn();
  } catch {
    // Nothing is known of it: the next try says.
    return true;
  }
}

/** Signs in; gives what was declined. */
export async function signIn({ email, password, secondFactorCode, refreshToken }) {
  if (refreshToken) return renew(refreshToken.trim());
  const input = { email, password, secondFactorCode: secondFactorCode || null, formerRefreshToken: keep.get('former') };
  const { sessionCreate: { session: found, userErrors } } = await ask(SIGN_IN, { input });
  if (found) remember(found);
  return userErrors;
}

export async function signOut() {
  const left = session;
  remember(null);
  if (!left) return;
  const input = { refreshToken: left.refreshToken };
  await ask(SIGN_OUT, { input }).catch(() => { /* it ends by itself */ });
}

/** `ask` as who is signed in; a session that is over is forgotten. */
export async function askSigned(query, variables) {
  try {
    return await ask(query, variables, await token());
  } catch (problem) {
    if (problem.code === 'UNAUTHENTICATED') remember(null);
    throw problem;
  }
}
