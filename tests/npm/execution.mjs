// What npm `graphql` answers to the documents of golden.json, over the schema of the tests beside
// it in Rust: `node execution.mjs ../../api/src/graphql/operation/execute/golden.json` prints the
// file as it should be.
import { readFileSync } from 'node:fs';
import { buildSchema, execute, parse, validate } from 'graphql';

const schema = buildSchema(`
  type Query {
    thing(id: Int! = 1): Thing
    thingHard(id: Int! = 1): Thing!
    failing: Thing
    failingHard: Thing!
    nullableItems: [Thing]!
    items: [Thing!]
    itemsHard: [Thing!]!
    nested: [[Thing!]]!
    any: [Any!]!
    either: [Either]!
    echo(number: Int! = 30, text: String, list: [Int!]): String!
  }
  type Mutation { bump(by: Int!): Thing! }
  interface Any { id: ID! }
  union Either = Thing | Other
  type Thing implements Any {
    id: ID!
    name: String
    slow: Int!
    failing: Int
    hard: Int!
    inner: Thing
    innerHard: Thing!
    none: Thing
  }
  type Other implements Any { id: ID! other: Int! }
`);

const fail = (message) => () => {
  throw new Error(message);
};
const thing = (id) => ({
  __typename: 'Thing',
  id,
  name: id === 2 ? null : `thing ${id}`,
  slow: async () => id,
  failing: fail('failing'),
  hard: () => (id % 2 === 0 ? fail('hard')() : id),
  inner: () => thing(id + 1),
  innerHard: () => thing(id + 1),
  none: null,
});
const other = (id) => ({ __typename: 'Other', id, other: id * 10 });
const root = () => {
  let bumped = 0;
  return {
    thing: ({ id }) => thing(id),
    thingHard: ({ id }) => thing(id),
    failing: fail('failing'),
    failingHard: fail('failing hard'),
    nullableItems: () => [thing(1), thing(2), null],
    items: () => [thing(1), thing(2)],
    itemsHard: () => [thing(1), thing(2)],
    nested: () => [[thing(1)], null, [thing(3), thing(4)]],
    any: () => [thing(1), other(2)],
    either: () => [other(1), null, thing(2)],
    echo: ({ number, text, list }) =>
      `${number} ${text ?? ''} ${list == null ? 'None' : `Some([${list.join(', ')}])`}`,
    bump: ({ by }) => thing((bumped += by)),
  };
};

const cases = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const answered = [];
for (const { query, variables } of cases) {
  const document = parse(query);
  const problems = validate(schema, document);
  if (problems.length > 0) {
    throw new Error(`${query}: ${problems[0].message}`);
  }
  const answer = await execute({ schema, document, rootValue: root(), variableValues: variables });
  const errors = answer.errors?.map(({ path }) => ({ path }));
  const { data } = answer;
  answered.push({ query, variables, answer: { errors, data } });
}
process.stdout.write(`[\n${answered.map((one) => JSON.stringify(one)).join(',\n')}\n]\n`);
