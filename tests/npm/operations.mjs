// The operations of a folder that the schema accepts, by name, each a document with its fragments;
// what the schema has yet to offer is left out.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, parse, separateOperations, validate } from 'graphql';

export const accepted = (schemaFile, folder) => {
  const schema = buildSchema(readFileSync(schemaFile, 'utf8'));
  const operations = new Map();
  for (const file of readdirSync(folder)) {
    const document = parse(readFileSync(join(folder, file), 'utf8'));
    for (const [name, operation] of Object.entries(separateOperations(document))) {
      if (validate(schema, operation).length === 0) operations.set(name, operation);
    }
  }
  return operations;
};
