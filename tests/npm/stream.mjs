// Speaks with the server through npm's `graphql-sse` and `eventsource`:
// node stream.mjs ADDRESS TOKEN POLL BALLOT
// The last line on standard output is JSON: what was seen. A line `waiting` asks for the end of
// the server.
import { createClient } from 'graphql-sse';
import { EventSource } from 'eventsource';

const [address, token, pollId, ballot] = process.argv.slice(2);
const url = `http://${address}/graphql/stream`;
const seen = { states: [], source: [] };

const POLL = 'subscription ($id: ID!) { pollUpdated(pollId: $id) { id voterCount } }';
const CAST = 'mutation ($input: BallotCastInput!) { ballotCast(input: $input) { ballot { id } userErrors { code } } }';

const client = (options = {}) => createClient({ url, retryAttempts: 0, ...options });
const all = async (iterable) => {
  const results = [];
  for await (const result of iterable) results.push(result);
  return results;
};
const problem = (promise) => promise.then(() => null, (error) => error);
const voter = client({ headers: { authorization: `Bearer ${token}` } });

// What a page does without a library: no header of its own, so what everyone may see.
const source = new EventSource(`${url}?${new URLSearchParams({ query: POLL, variables: JSON.stringify({ id: pollId }) })}`);
const completed = new Promise((resolve) => source.addEventListener('complete', (event) => { source.close(); resolve(event.data); }));
const one = new Promise((resolve) => source.addEventListener('next', ({ data }) => {
  const { voterCount } = JSON.parse(data).data.pollUpdated;
  seen.source.push(voterCount);
  if (voterCount === 1) resolve();
}));
await new Promise((resolve) => source.addEventListener('open', resolve));

for await (const { data, errors } of voter.iterate({ query: POLL, variables: { id: pollId } })) {
  if (errors) throw new Error(JSON.stringify(errors));
  seen.states.push(data.pollUpdated.voterCount);
  if (data.pollUpdated.voterCount === 1) break;
  if (seen.states.length === 1) {
    [seen.cast] = await all(voter.iterate({ query: CAST, variables: { input: JSON.parse(ballot) } }));
  }
}
await one;
seen.query = await all(voter.iterate({ query: '{ __typename }' }));
seen.refused = await all(voter.iterate({ query: '{ nonsense }' }));
const forbidden = await problem(all(client({ headers: { authorization: 'Bearer nonsense' } }).iterate({ query: '{ __typename }' })));
seen.unauthenticated = forbidden.response.status;

const last = all(voter.iterate({ query: POLL, variables: { id: pollId } }));
await new Promise((resolve) => setTimeout(resolve, 100));
console.log('waiting');
seen.completed = await completed;
seen.last = (await last).length;
console.log(JSON.stringify(seen));
process.exit(0);
