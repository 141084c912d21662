// Generates typed operations and trusted documents from the schema and the operations of the
// contract that it accepts: node codegen.mjs SCHEMA OPERATIONS FOLDER
// The last line on standard output is JSON: the names of those operations.
import { generate } from '@graphql-codegen/cli';
import { print } from 'graphql';
import { accepted } from './operations.mjs';

const [schemaFile, folderOfOperations, folder] = process.argv.slice(2);
const operations = accepted(schemaFile, folderOfOperations);
const definitions = new Map();
for (const operation of operations.values()) {
  for (const definition of operation.definitions) definitions.set(definition.name.value, definition);
}
const document = print({ kind: 'Document', definitions: [...definitions.values()] });
await generate({
  schema: schemaFile,
  documents: [document],
  silent: true,
  generates: {
    [`${folder}/`]: {
      preset: 'client',
      presetConfig: { persistedDocuments: true },
      config: { scalars: { BigInt: 'number', DateTime: 'string', HexColor: 'string', JSON: 'unknown' }, strictScalars: true, useTypeImports: true },
    },
  },
}, true);
console.log(JSON.stringify([...operations.keys()]));
