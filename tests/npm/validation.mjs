// Documents with the verdict of npm `graphql` over schema.graphql, a line of JSON each: the
// operations that clients send and documents made by hand, and what comes of them by chance.
// `node validation.mjs SEED COUNT`
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, Kind, Lexer, parse, print, Source, validate, visit } from 'graphql';

const root = join(import.meta.dirname, '../..');
const schema = buildSchema(readFileSync(join(root, 'schema.graphql'), 'utf8'));

// A small generator of good enough chance (mulberry32), so that a seed gives the same documents.
let state = Number(process.argv[2]) >>> 0;
const random = () => {
  state = (state + 0x6d2b79f5) >>> 0;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
};
const one = (list) => list[Math.floor(random() * list.length)];
const happens = (chance) => random() < chance;

// Of each operation only itself and the fragments that it uses, as clients send it.
function operations(folder) {
  return readdirSync(join(root, folder)).flatMap((file) => {
    const document = parse(readFileSync(join(root, folder, file), 'utf8'));
    const fragments = new Map(
      document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION).map((one) => [one.name.value, one]),
    );
    return document.definitions
      .filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
      .map((operation) => {
        const used = new Set();
        const follow = (node) =>
          visit(node, {
            FragmentSpread({ name }) {
              if (!used.has(name.value) && fragments.has(name.value)) {
                used.add(name.value);
                follow(fragments.get(name.value));
              }
            },
          });
        follow(operation);
        return print({ kind: Kind.DOCUMENT, definitions: [operation, ...[...used].map((name) => fragments.get(name))] });
      });
  });
}

const BY_HAND = readFileSync(join(import.meta.dirname, 'documents.graphql'), 'utf8')
  .split(/^# ---.*$/m)
  .map((text) => text.trim())
  .filter((text) => text !== '');

const types = Object.values(schema.getTypeMap());
const names = [
  ...new Set(
    types.flatMap((type) => [
      type.name,
      ...('getFields' in type
        ? Object.values(type.getFields()).flatMap((field) => [field.name, ...(field.args ?? []).map((arg) => arg.name)])
        : []),
      ...('getValues' in type ? type.getValues().map(({ name }) => name) : []),
    ]),
  ),
];
const composite = types.filter((type) => 'getFields' in type || 'getTypes' in type).map(({ name }) => name);
const inputs = ['Int', 'String', 'ID', 'Boolean', 'Float', 'DateTime', 'StoryKind', 'SessionRevokeInput', 'Nope', 'Story'];

const name = (value) => ({ kind: Kind.NAME, value });
const literal = (text) => parse(`{ a(b: ${text}) }`).definitions[0].selectionSet.selections[0].arguments[0].value;
const LITERALS = ['null', '1', '-0', '1.5', '3000000000', '"text"', '"""block"""', 'true', 'OPEN', '$input', '$id', '$first', '[]', '[1]', '["x", null]', '{}', '{ id: 1 }', '{ id: "x", id: "y" }'];
const TYPES = inputs.flatMap((type) => [type, `${type}!`, `[${type}]`, `[${type}!]!`]);
const ofType = (text) => parse(`query($a: ${text}) { a }`).definitions[0].variableDefinitions[0].type;
const DIRECTIVES = ['@skip(if: true)', '@include(if: $first)', '@include(if: false)', '@skip', '@skip(if: true) @skip(if: true)', '@nope', '@deprecated', '@include(if: "x")', '@skip(if: $input)'];
const directives = () => parse(`{ a ${one(DIRECTIVES)} }`).definitions[0].selectionSet.selections[0].directives;

// Changes one node of a document, if it can.
function changed(document) {
  const nodes = [];
  visit(document, {
    enter(node) {
      nodes.push(node);
    },
  });
  const chosen = one(nodes);
  const replace = (make) =>
    visit(document, {
      leave(node) {
        return node === chosen ? make(node) : undefined;
      },
    });
  switch (chosen.kind) {
    case Kind.FIELD: {
      const dice = random();
      if (dice < 0.15) return replace((node) => ({ ...node, name: name(one(names)) }));
      if (dice < 0.25) return replace((node) => ({ ...node, alias: name(one(['a', 'id', 'title', '__x'])) }));
      if (dice < 0.35) return replace((node) => ({ ...node, directives: directives() }));
      if (dice < 0.45) return replace((node) => ({ ...node, selectionSet: undefined }));
      if (dice < 0.55) return replace((node) => ({ ...node, arguments: [...node.arguments, ...node.arguments.slice(0, 1)] }));
      if (dice < 0.65) return replace((node) => ({ ...node, arguments: [...node.arguments, { kind: Kind.ARGUMENT, name: name(one(['first', 'id', 'input', 'nope'])), value: literal(one(LITERALS)) }] }));
      if (dice < 0.75) return replace((node) => ({ ...node, arguments: [] }));
      return replace(() => null);
    }
    case Kind.SELECTION_SET: {
      const dice = random();
      if (dice < 0.3) return replace((node) => ({ ...node, selections: [...node.selections, one(node.selections)] }));
      if (dice < 0.5) return replace((node) => ({ ...node, selections: [...node.selections, { kind: Kind.FIELD, name: name('__typename') }] }));
      const typeCondition = happens(0.7) ? { kind: Kind.NAMED_TYPE, name: name(one(composite)) } : undefined;
      return replace((node) => ({ ...node, selections: [...node.selections, { kind: Kind.INLINE_FRAGMENT, typeCondition, directives: happens(0.2) ? directives() : [], selectionSet: node }] }));
    }
    case Kind.ARGUMENT:
    case Kind.OBJECT_FIELD: {
      const dice = random();
      if (dice < 0.2) return replace(() => null);
      if (dice < 0.4) return replace((node) => ({ ...node, name: name(one(names)) }));
      return replace((node) => ({ ...node, value: literal(one(LITERALS)) }));
    }
    case Kind.OBJECT:
      return replace((node) => ({ ...node, fields: [...node.fields, ...node.fields.slice(0, 1)] }));
    case Kind.VARIABLE_DEFINITION: {
      const dice = random();
      if (dice < 0.15) return replace(() => null);
      if (dice < 0.5) return replace((node) => ({ ...node, type: ofType(one(TYPES)) }));
      if (dice < 0.7) return replace((node) => ({ ...node, type: node.type.kind === Kind.NON_NULL_TYPE ? node.type.type : { kind: Kind.NON_NULL_TYPE, type: node.type } }));
      return replace((node) => ({ ...node, defaultValue: literal(one(LITERALS.filter((text) => !text.startsWith('$')))) }));
    }
    case Kind.VARIABLE:
      return replace((node) => ({ ...node, name: name(one(['input', 'id', 'first', 'nope'])) }));
    case Kind.FRAGMENT_SPREAD:
      return replace((node) => (happens(0.3) ? null : { ...node, name: name(one(['StoryCard', 'Nope', node.name.value])) }));
    case Kind.FRAGMENT_DEFINITION:
      return replace((node) => (happens(0.2) ? null : { ...node, typeCondition: { kind: Kind.NAMED_TYPE, name: name(one(composite)) } }));
    case Kind.INLINE_FRAGMENT:
      return replace((node) => ({ ...node, typeCondition: { kind: Kind.NAMED_TYPE, name: name(one(composite)) } }));
    case Kind.OPERATION_DEFINITION: {
      const dice = random();
      if (dice < 0.3) return replace((node) => ({ ...node, operation: one(['query', 'mutation', 'subscription']) }));
      if (dice < 0.5) return { ...document, definitions: [...document.definitions, chosen] };
      return replace((node) => ({ ...node, directives: directives() }));
    }
    default:
      return document;
  }
}

// Changes the text itself: a token more, less or in another place.
function retyped(text) {
  const tokens = [];
  const lexer = new Lexer(new Source(text));
  for (let token = lexer.advance(); token.kind !== '<EOF>'; token = lexer.advance()) {
    tokens.push(text.slice(token.start, token.end));
  }
  const at = Math.floor(random() * tokens.length);
  const dice = random();
  if (dice < 0.3) tokens.splice(at, 1);
  else if (dice < 0.5) tokens.splice(at, 0, one(tokens));
  else if (dice < 0.7) tokens.splice(at, 1, one(names));
  else tokens.splice(at, 0, one(['!', '$', '&', '(', ')', '...', ':', '=', '@', '[', ']', '{', '|', '}', '""', '0', '01', '1x', '"\\u00e9"', '"\\uD800"', '"\\u{110000}"', '#x\n', ',', 'on', 'null', 'true', 'fragment']));
  return tokens.join(' ');
}

const sources = [...operations('tests/contract/operations'), ...operations('tests/contract/own'), ...BY_HAND];
const isValid = (text) => {
  try {
    return validate(schema, parse(text)).length === 0;
  } catch {
    return false;
  }
};
// Operations that the schema does not have yet would be refused for that, whatever is changed.
const bases = [...sources.filter(isValid), ...BY_HAND];
const count = Number(process.argv[3]);
const documents = new Set(sources);
while (documents.size < count) {
  const source = one(bases);
  try {
    if (happens(0.15)) {
      documents.add(retyped(source));
    } else {
      let document = parse(source);
      for (let times = 1 + Math.floor(random() * 2); times > 0; times -= 1) {
        document = changed(document);
      }
      documents.add(print(document));
    }
  } catch {
    // Not every document by hand can be parsed, and not every change printed.
  }
}
for (const document of documents) {
  let reason = '';
  try {
    const parsed = parse(document);
    reason = validate(schema, parsed)[0]?.message ?? '';
    if (parsed.definitions.some(({ description }) => description)) {
      reason = 'descriptions of operations and fragments are not taken here, a documented limit';
    }
  } catch (error) {
    reason = error.message;
  }
  process.stdout.write(`${JSON.stringify({ document, reason })}\n`);
}
