// Runs npm's `graphql-http` audits against a server: node audits.mjs ADDRESS
// The last line on standard output is JSON: the audits with how each ended.
import { auditServer } from 'graphql-http';

const [address] = process.argv.slice(2);
const results = await auditServer({ url: `http://${address}/graphql` });
console.log(JSON.stringify(results.map(({ id, name, status, reason }) => ({ id, name, status, reason }))));
process.exit(0);
