// Speaks with the server as front ends do: node clients.mjs ADDRESS TOKEN POLL BALLOT
// The last line on standard output is JSON: what was seen.
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { Client, fetchExchange } from '@urql/core';
import { GraphQLClient } from 'graphql-request';
import { createClient } from 'graphql-ws';
import { createHash } from 'node:crypto';
import WebSocket from 'ws';

const [address, token, pollId, ballot] = process.argv.slice(2);
const url = `http://${address}/graphql`;
const headers = { authorization: `Bearer ${token}` };
const input = JSON.parse(ballot);
const seen = {};

const POLLS = 'query Polls { polls(first: 5) { edges { node { id title voterCount } } } }';
const CAST = 'mutation Cast($input: BallotCastInput!) { ballotCast(input: $input) { ballot { id } userErrors { code } } }';
const WATCH = 'subscription Watch($id: ID!) { pollUpdated(pollId: $id) { id voterCount } }';
const WRONG = 'query Wrong { nothing }';
const code = (errors) => errors?.[0]?.extensions?.code ?? null;

// Apollo Client: automatic persisted queries over GET, mutations, a subscription.
const requests = [];
const recorded = (address, options) => {
  requests.push(`${options?.method ?? 'GET'} ${new URL(address).search.includes('query=') || options?.body?.includes('"query"') ? 'text' : 'hash'}`);
  return fetch(address, options);
};
const persisted = new PersistedQueryLink({
  sha256: (text) => createHash('sha256').update(text).digest('hex'),
  useGETForHashedQueries: true,
});
const socket = createClient({ url: `ws://${address}/graphql/ws`, webSocketImpl: WebSocket, connectionParams: headers, retryAttempts: 0 });
const apollo = new ApolloClient({
  cache: new InMemoryCache(),
  link: ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(socket),
    persisted.concat(new HttpLink({ uri: url, fetch: recorded })),
  ),
});
const withoutCache = { fetchPolicy: 'no-cache' };
const states = [];
const watched = new Promise((resolve, reject) => {
  const subscription = apollo.subscribe({ query: gql(WATCH), variables: { id: pollId } }).subscribe({
    next: ({ data, error }) => {
      if (error) return reject(error);
      states.push(data.pollUpdated.voterCount);
      if (states.length === 1) apollo.mutate({ mutation: gql(CAST), variables: { input }, context: { headers } })
        .then((result) => { seen.apolloCast = result.data.ballotCast; }, reject);
      if (data.pollUpdated.voterCount === 1) { subscription.unsubscribe(); resolve(); }
    },
    error: reject,
  });
});
await watched;
seen.apolloStates = states;
requests.length = 0;
seen.apolloFirst = (await apollo.query({ query: gql(POLLS), ...withoutCache })).data.polls.edges.length;
seen.apolloSecond = (await apollo.query({ query: gql(POLLS), ...withoutCache })).data.polls.edges.length;
seen.apolloRequests = [...requests];
seen.apolloWrong = await apollo.query({ query: gql(WRONG), ...withoutCache }).then(() => null, (error) => code(error.errors));
await socket.dispose();

// urql.
const urql = new Client({ url, exchanges: [fetchExchange], preferGetMethod: false, fetchOptions: { headers } });
seen.urql = (await urql.query(POLLS, {}).toPromise()).data.polls.edges.length;
seen.urqlGet = (await urql.query(POLLS, {}, { preferGetMethod: 'force' }).toPromise()).data.polls.edges.length;
seen.urqlCast = (await urql.mutation(CAST, { input }).toPromise()).data.ballotCast;
seen.urqlWrong = code((await urql.query(WRONG, {}).toPromise()).error.graphQLErrors);

// graphql-request.
const plain = new GraphQLClient(url, { headers });
seen.plain = (await plain.request(POLLS)).polls.edges.length;
seen.plainCast = (await plain.request(CAST, { input })).ballotCast;
seen.plainWrong = await plain.request(WRONG).then(() => null, (error) => code(error.response.errors));
const strangers = new GraphQLClient(url, { headers: { authorization: 'Bearer nonsense' } });
seen.plainUnauthenticated = await strangers.request(POLLS).then(() => null, (error) => [error.response.status, code(error.response.errors)]);

console.log(JSON.stringify(seen));
process.exit(0);
