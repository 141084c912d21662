// Speaks with the server through npm's `graphql-ws`: node websocket.mjs ADDRESS TOKEN POLL BALLOT
// The last line on standard output is JSON: what was seen. A line `waiting` asks for the end of
// the server.
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const [address, token, pollId, ballot] = process.argv.slice(2);
const url = `ws://${address}/graphql/ws`;
const seen = { states: [], pongs: 0 };

const POLL = 'subscription ($id: ID!) { pollUpdated(pollId: $id) { id voterCount } }';
const CAST = 'mutation ($input: BallotCastInput!) { ballotCast(input: $input) { ballot { id } userErrors { code } } }';

const client = (options = {}) => createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0, ...options });
const all = async (iterable) => {
  const results = [];
  for await (const result of iterable) results.push(result);
  return results;
};
const problem = (promise) => promise.then(() => null, (error) => error);
const closing = ({ code, reason }) => ({ code, reason: String(reason) });

const voter = client({
  connectionParams: { authorization: `Bearer ${token}` },
  keepAlive: 50,
  on: { pong: (received) => { if (received) seen.pongs += 1; } },
});

// Results come as they change, while other operations run on the same socket.
const states = voter.iterate({ query: POLL, variables: { id: pollId } });
for await (const { data, errors } of states) {
  if (errors) throw new Error(JSON.stringify(errors));
  seen.states.push(data.pollUpdated.voterCount);
  if (data.pollUpdated.voterCount === 1) break;
  if (seen.states.length === 1) {
    [seen.cast] = await all(voter.iterate({ query: CAST, variables: { input: JSON.parse(ballot) } }));
  }
}
seen.query = await all(voter.iterate({ query: '{ __typename }' }));
seen.failed = await all(voter.iterate({ query: POLL, variables: { id: 'nonsense' } }));
seen.refused = await problem(all(voter.iterate({ query: '{ nonsense }' })));
while (seen.pongs < 2) await new Promise((resolve) => setTimeout(resolve, 10));

// A close code is what the client gives its application to act on.
const forbidden = await problem(all(client({ connectionParams: { authorization: 'Bearer nonsense' } }).iterate({ query: '{ __typename }' })));
seen.forbidden = closing(forbidden);

const ended = new Promise((resolve) => voter.on('closed', resolve));
const last = problem(all(voter.iterate({ query: POLL, variables: { id: pollId } })));
await new Promise((resolve) => setTimeout(resolve, 100));
console.log('waiting');
seen.ended = closing(await ended);
await last;
console.log(JSON.stringify(seen));
