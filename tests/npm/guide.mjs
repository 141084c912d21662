// Does what docs/clients.md tells a front-end developer to do:
// node guide.mjs PAGE SCHEMA OPERATIONS FOLDER, which generates what the page's configuration says;
// node guide.mjs PAGE watch ADDRESS TOKEN POLL, which watches a poll as the page does.
// The last line on standard output is JSON: the folder's files, or the first states.
import { mkdirSync, readFileSync, readdirSync, writeFileSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { generate } from '@graphql-codegen/cli';
import { print } from 'graphql';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { accepted } from './operations.mjs';

const [page, ...rest] = process.argv.slice(2);
const blocks = [...readFileSync(page, 'utf8').matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code);
const block = (part) => {
  const found = blocks.filter((code) => code.includes(part));
  if (found.length !== 1) throw new Error(`${found.length} blocks with ${part}`);
  return found[0];
};

if (rest[0] === 'watch') {
  const [, address, accessToken, id] = rest;
  const states = [];
  let first;
  let report;
  const seen = new Promise((resolve, reject) => { first = resolve; report = reject; });
  const show = ({ data }) => { states.push(data.pollUpdated.status); first(); };
  const code = block('createClient({').replace('wss://api.example.org', `ws://${address}`);
  const run = new Function('createClient', 'accessToken', 'id', 'show', 'report', `${code}\nreturn client;`);
  const client = run((options) => createClient({ ...options, webSocketImpl: WebSocket }), accessToken, id, show, report);
  await seen;
  await client.dispose();
  console.log(JSON.stringify(states));
} else {
  const [schema, operations, folder] = rest;
  mkdirSync(join(folder, 'src'), { recursive: true });
  copyFileSync(schema, join(folder, 'schema.graphql'));
  const definitions = new Map();
  for (const operation of accepted(schema, operations).values()) {
    for (const definition of operation.definitions) definitions.set(definition.name.value, definition);
  }
  writeFileSync(join(folder, 'src', 'all.graphql'), print({ kind: 'Document', definitions: [...definitions.values()] }));
  writeFileSync(join(folder, 'codegen.mjs'), block('persistedDocuments: true'));
  const { default: config } = await import(pathToFileURL(join(folder, 'codegen.mjs')).href);
  process.chdir(folder);
  await generate({ ...config, silent: true }, true);
  console.log(JSON.stringify(readdirSync(join(folder, 'src', 'generated'))));
}
