// Follows what happens to cases over server-sent events. `fetch` reads them: EventSource sends no
// token.
import { bodyOf, headersOf } from './api.js';
import { token } from './session.js';

const ENDPOINT = '/graphql/stream';
// How long to wait before trying again, in milliseconds, longer each time.
const PAUSES = [1_000, 2_000, 5_000, 15_000, 30_000];

/** The events of a response's body: their name and data; a comment has neither. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let unread = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      unread += value;
      const whole = unread.split('\n\n');
      unread = whole.pop();
      for (const part of whole) {
        const lines = part.split('\n').map((line) => line.split(/: ?(.*)/s));
        const of = (name) => lines.filter(([field]) => field === name).map(([, text]) => text).join('\n');
        yield { name: of('event'), data: of('data') };
      }
    }
  } finally {
    reader.cancel().catch(() => { /* it broke off by itself */ });
  }
}

/**
 * Watches cases until `signal` aborts. `state` hears `on` and `off`; `on` comes again after each
 * gap, in which cases may have changed. `updated` hears a case.
 */
export async function follow({ signal, state, updated }) {
  for (let tries = 0; !signal.aborted; tries += 1) {
    try {
      const bearer = await token();
      if (bearer === null) return;
      const response = await fetch(ENDPOINT, {
        method: 'POST',
        headers: { ...headersOf(bearer), 'Accept': 'text/event-stream', 'Content-Type': 'application/json' },
        body: bodyOf('ModerationCaseUpdated', {}),
        signal,
        cache: 'no-store',
        credentials: 'omit',
      });
      if (!response.ok) throw new Error(String(response.status));
      let on = false;
      for await (const { name, data } of events(response.body)) {
        const answer = name === 'next' ? JSON.parse(data) : {};
        if (name === 'complete' || answer.errors) throw new Error(answer.errors?.[0].message ?? name);
        // The first comment comes once the server watches: nothing is missed from then on.
        if (!on) { on = true; tries = 0; state('on'); }
        if (answer.data) updated(answer.data.moderationCaseUpdated);
      }
    } catch { /* what went wrong makes no difference: it is tried again */ }
    if (signal.aborted) return;
    state('off');
    await pause(PAUSES[Math.min(tries, PAUSES.length - 1)], signal);
  }
}

function pause(milliseconds, signal) {
  return new Promise((over) => {
    const timer = setTimeout(over, milliseconds);
    signal.addEventListener('abort', () => { clearTimeout(timer); over(); }, { once: true });
  });
}
