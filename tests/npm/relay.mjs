// Has Relay's compiler write what it makes of the schema and the contract's operations:
// node relay.mjs SCHEMA OPERATIONS FOLDER
// Relay wants names that begin with their module's and end with their kind; nothing else of the
// operations is changed. The last line on standard output is JSON: the names of those operations.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { print, visit } from 'graphql';
import compiler from 'relay-compiler';
import { accepted } from './operations.mjs';

const [schema, folderOfOperations, folder] = process.argv.slice(2);
const kinds = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' };
mkdirSync(join(folder, 'src'), { recursive: true });
copyFileSync(schema, join(folder, 'schema.graphql'));
const operations = accepted(schema, folderOfOperations);
for (const [name, operation] of operations) {
  const named = (node, value) => ({ ...node, name: { ...node.name, value } });
  const renamed = visit(operation, {
    OperationDefinition: (node) => named(node, `${name}${kinds[node.operation]}`),
    FragmentDefinition: (node) => named(node, `${name}_${node.name.value}`),
    FragmentSpread: (node) => named(node, `${name}_${node.name.value}`),
  });
  const tags = renamed.definitions.map((definition) => `graphql\`\n${print(definition)}\n\`;`);
  writeFileSync(
    join(folder, 'src', `${name}.ts`),
    `import { graphql } from 'relay-runtime';\n${tags.join('\n')}\n`,
  );
}
writeFileSync(join(folder, 'relay.config.json'), JSON.stringify({
  src: './src',
  schema: './schema.graphql',
  language: 'typescript',
  eagerEsModules: true,
  customScalarTypes: { DateTime: 'string', HexColor: 'string', JSON: 'unknown' },
}));
const { status, stdout, stderr } = spawnSync(compiler, ['relay.config.json'], { cwd: folder, encoding: 'utf8' });
if (status !== 0) throw new Error(`${stdout}\n${stderr}`);
const written = readdirSync(join(folder, 'src', '__generated__')).filter((name) => /(Query|Mutation|Subscription)\.graphql\.ts$/.test(name));
if (written.length !== operations.size) throw new Error(`${written.length} of ${operations.size} operations`);
console.log(JSON.stringify([...operations.keys()]));
