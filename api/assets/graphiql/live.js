// Subscriptions over server-sent events. `fetch` reads them, since EventSource sends no token.

/** The parts between blank lines of an answer that goes on. */
async function* parts(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let unread = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      unread += value;
      const whole = unread.split('\n\n');
      unread = whole.pop();
      yield* whole;
    }
  } finally {
    reader.cancel().catch(() => { /* it broke off by itself */ });
  }
}

/**
 * Watches an operation: calls `show` with the text of each result, and ends with true when the
 * server completes it. Gives the response itself where the server does not take the operation.
 */
export async function watch(endpoint, body, { headers, signal, show }) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { ...headers, 'Accept': 'text/event-stream', 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    signal,
    cache: 'no-store',
  });
  if (!response.ok) return response;
  try {
    for await (const part of parts(response.body)) {
      const fields = part.split('\n').map((line) => line.split(/: ?(.*)/s));
      const of = (name) => fields.filter(([field]) => field === name).map(([, value]) => value).join('\n');
      if (of('event') === 'complete') return true;
      if (of('event') === 'next') show(of('data'));
    }
  } catch (problem) {
    throw problem.name === 'AbortError' ? problem : Object.assign(problem, { brokenOff: true });
  }
  throw Object.assign(new Error('no end'), { brokenOff: true });
}
