import { documents } from './operations.js';
import { lang, t } from './words.js';

const ENDPOINT = '/graphql';

/** An answer that holds no data; `code` is one of the API's, NETWORK or UNREADABLE. */
export class Failure extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** The headers of a request by whoever holds `token`. */
export const headersOf = (token) => ({ 'Accept-Language': lang(), ...(token && { Authorization: `Bearer ${token}` }) });

/** The body of an operation that this page knows by name. */
export const bodyOf = (operation, variables) =>
  JSON.stringify({ query: documents[operation], operationName: operation, variables });

/** Sends an operation and gives its data; throws a Failure where there is none. */
export async function send(operation, variables, token) {
  let response;
  try {
    response = await fetch(ENDPOINT, {
      method: 'POST',
      headers: { ...headersOf(token), 'Accept': 'application/graphql-response+json', 'Content-Type': 'application/json' },
      body: bodyOf(operation, variables),
      cache: 'no-store',
      credentials: 'omit',
    });
  } catch {
    throw new Failure('NETWORK', t('network'));
  }
  let answer;
  try {
    answer = await response.json();
  } catch {
    throw new Failure('UNREADABLE', t('unreadable', { status: response.status }));
  }
  const error = answer.errors?.[0];
  if (!error) return answer.data;
  throw new Failure(error.extensions?.code ?? 'INTERNAL', explain(error));
}

function explain(error) {
  const known = { UNAUTHENTICATED: 'ended', FORBIDDEN: 'forbidden', SECOND_FACTOR_MISSING: 'factorMissing', RATE_LIMITED: 'tooOften', NOT_FOUND: 'notFound', INTERNAL: 'internal' };
  const key = known[error.extensions?.code];
  return key ? t(key) : error.message;
}
