// Generates typed operations and trusted documents from the schema and the operations of the
// contract that it accepts: node codegen.mjs SCHEMA OPERATIONS FOLDER
// The last line on standard output is JSON: the names of those operations.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from '@graphql-codegen/cli';
import { buildSchema, parse, print, separateOperations, validate } from 'graphql';

const [schemaFile, operations, folder] = process.argv.slice(2);
const schema = buildSchema(readFileSync(schemaFile, 'utf8'));
const accepted = new Map();
const names = [];
for (const file of readdirSync(operations)) {
  const document = parse(readFileSync(join(operations, file), 'utf8'));
  for (const [name, operation] of Object.entries(separateOperations(document))) {
    // A file of fragments only separates into nothing; what the schema has yet to offer fails.
    if (validate(schema, operation).length > 0) continue;
    names.push(name);
    for (const definition of operation.definitions) accepted.set(definition.name.value, definition);
  }
}
const document = print({ kind: 'Document', definitions: [...accepted.values()] });
await generate({
  schema: schemaFile,
  documents: [document],
  silent: true,
  generates: {
    [`${folder}/`]: {
      preset: 'client',
      presetConfig: { persistedDocuments: true },
      config: { scalars: { DateTime: 'string' }, strictScalars: true, useTypeImports: true },
    },
  },
}, true);
console.log(JSON.stringify(names));
