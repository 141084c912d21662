// What graphql-eslint's schema and Relay rules and graphql-schema-linter find in the schema:
// node schema.mjs SCHEMA. The last line on standard output is JSON: a list, a line a finding.
import { readFileSync } from 'node:fs';
import graphqlPlugin from '@graphql-eslint/eslint-plugin';
import { ESLint } from 'eslint';
import linter from 'graphql-schema-linter/lib/index.js';

const [schemaFile] = process.argv.slice(2);

// Parts and outcomes, which no id names.
const VALUES = [
  'AccountBlock', 'AssuranceResults', 'ChannelResults', 'ContributionScreening', 'ContributionWarning', 'EmbedLoad', 'ErasedTable', 'ErasureReceipt', 'Mark', 'ModerationAppeal',
  'ModerationCaseLeftAlone', 'ModerationFigures', 'ModerationStateCount', 'Municipality', 'OptionResults', 'OtherText', 'PageInfo', 'PartnerMember',
  'PollRun', 'QuestionResults', 'QuestionRules', 'Reaction', 'Session', 'UserError', 'ValueCount', 'Viewer',
];
const source = readFileSync(schemaFile, 'utf8');
const findings = [];

const eslint = new ESLint({
  cwd: '/',
  overrideConfigFile: true,
  allowInlineConfig: false,
  overrideConfig: [{
    files: ['**/*.graphql'],
    plugins: { '@graphql-eslint': graphqlPlugin },
    languageOptions: {
      parser: graphqlPlugin.parser,
      parserOptions: { graphQLConfig: { schema: schemaFile } },
    },
    rules: {
      ...graphqlPlugin.configs['flat/schema-recommended'].rules,
      ...graphqlPlugin.configs['flat/schema-relay'].rules,
      // Clients want `userErrors` and the like as plain lists.
      '@graphql-eslint/relay-edge-types': ['error', { listTypeCanWrapOnlyEdgeType: false }],
      // What is no object of its own but a part or the outcome of something has no id.
      '@graphql-eslint/strict-id-in-types': ['error', { exceptions: { types: VALUES, suffixes: ['Payload', 'Connection', 'Edge'] } }],
    },
  }],
});
for (const { messages } of await eslint.lintText(source, { filePath: schemaFile })) {
  for (const { line, ruleId, message } of messages) findings.push(`${line}: ${ruleId}: ${message}`);
}

// All rules of graphql-schema-linter.
const said = [];
const stream = { write: (text) => said.push(text) };
const code = await linter.runner.run(stream, process.stdin, stream, ['node', 'schema.mjs', '--format', 'json', schemaFile]);
if (code !== 0 && code !== 1) throw new Error(said.join(''));
for (const { rule, message, location } of JSON.parse(said.join('')).errors) findings.push(`${location.line}: ${rule}: ${message}`);
console.log(JSON.stringify(findings));
