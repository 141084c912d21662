// The page itself is written in Dutch; `nl` holds only what the script says.
const nl = {
  switchTo: 'English',
  tokenHide: 'Verberg token',
  tokenShow: 'Toon token',
  tokenUntil: 'Geldig tot {time}.',
  tokenPast: 'Verlopen om {time}. Meld opnieuw aan voor een nieuw token.',
  tokenBad: 'Dit token heeft een spatie of een teken dat niet in een header mag. Plak alleen het token.',
  tokenRefused: 'De server weigert dit token. Het is verlopen of hoort niet bij deze server.',
  variablesBad: 'Dit is geen geldige JSON, dus er is niets verstuurd.',
  variablesObject: 'Variabelen zijn één JSON-object, zoals {"first": 5}. Er is niets verstuurd.',
  queryEmpty: 'Er staat geen query. Er is niets verstuurd.',
  subscriptionNote: 'Een abonnement (subscription) blijft open: nieuwe antwoorden komen vanzelf, tot je stopt.',
  subscriptionLive: 'Live, tot je stopt.',
  subscriptionLast: 'Laatste antwoord om {time} · {size}.',
  subscriptionOne: '1 antwoord ontvangen.',
  subscriptionCount: '{n} antwoorden ontvangen.',
  subscriptionEnd: 'De server heeft het abonnement afgerond.',
  subscriptionStop: 'Gestopt.',
  unnamed: '(zonder naam)',
  sending: 'Bezig…',
  stopped: 'Gestopt. Een mutatie kan al wel zijn uitgevoerd.',
  network: 'De server is niet bereikbaar. Draait hij nog, en is er netwerk?',
  brokenOff: 'Het antwoord brak onderweg af.',
  notJson: 'het antwoord is geen JSON',
  errors: '{n} fouten',
  error: '1 fout',
  noErrors: 'geen fouten',
  refused: 'token geweigerd',
  needsToken: 'aanmelden is nodig',
  cut: 'Hier staat de eerste {shown} van {size}. Bewaar geeft het hele antwoord.',
  copied: 'Het antwoord is gekopieerd.',
  notCopied: 'Kopiëren lukte niet. Selecteer het antwoord en kopieer het zelf.',
  signedIn: 'Aangemeld. Het token staat in het veld Token.',
  signInMissing: 'Vul een e-mailadres en een wachtwoord in.',
  signInFailed: 'Aanmelden lukte niet.',
  docsLoading: 'Het schema wordt opgehaald…',
  docsReady: '{n} typen.',
  docsFailed: 'De documentatie is er niet. Ze wordt gemaakt met een introspectie-query, en daarop gaf de server geen schema:',
  docsElse: 'Heeft deze server introspectie uitstaan, meld dan aan of lees `schema.graphql` uit de broncode. Queries versturen kan wel.',
  docsRetry: 'Probeer opnieuw',
  back: 'Terug',
  schema: 'Schema',
  roots: 'Begin hier',
  types: 'Alle typen',
  fields: 'Velden',
  values: 'Waarden',
  inputFields: 'Invoervelden',
  implements: 'Voldoet aan',
  possible: 'Mogelijke typen',
  usedBy: 'Te vinden via',
  old: 'Verouderd: {why}',
  oldPlain: 'Verouderd.',
  standard: 'Standaard:',
  oneOf: 'Precies één van deze velden wordt ingevuld.',
  noType: 'Dit type staat niet in het schema: {name}',
  found: '{n} gevonden.',
  foundMore: '{n} gevonden, de eerste {shown} staan hier.',
  results: 'Gevonden',
  kinds: { OBJECT: 'Objecten', INTERFACE: 'Interfaces', UNION: 'Unions', ENUM: 'Enums', INPUT_OBJECT: 'Invoer', SCALAR: 'Scalars' },
  kind: { OBJECT: 'object', INTERFACE: 'interface', UNION: 'union', ENUM: 'enum', INPUT_OBJECT: 'invoer', SCALAR: 'scalar' },
};

const en = {
  pageTitle: 'Query page · JIJ&Overijssel',
  title: 'Query page',
  skipNav: 'Skip to',
  skipQuery: 'To the query',
  skipAnswer: 'To the answer',
  skipDocs: 'To the documentation',
  ask: 'Request',
  example: 'Back to the example',
  query: 'Query',
  keys: '`Ctrl+Enter` sends, `Ctrl+]` indents, `Ctrl+[` outdents.',
  operation: 'Run',
  run: 'Send',
  stop: 'Stop',
  variables: 'Variables (JSON)',
  token: 'Token',
  tokenHint: 'Empty means not signed in. The token stays in this tab only (sessionStorage) and is gone when you close it.',
  signIn: 'Sign in for a token',
  email: 'E-mail address',
  password: 'Password',
  signInDo: 'Sign in',
  answer: 'Answer',
  copy: 'Copy',
  save: 'Save',
  nothingYet: 'Nothing sent yet.',
  docs: 'Documentation',
  docsReload: 'Load again',
  search: 'Search the schema',
  tools: 'Rather use your own program?',
  toolsIntro: 'GraphiQL, Altair and Insomnia work with this server. Set this:',
  toolsEndpoint: 'Endpoint',
  toolsLive: 'Subscriptions',
  toolsLiveHow: ', protocol `graphql-transport-ws`, with `{"authorization": "Bearer …"}` as connection parameters.',
  toolsHeader: 'Header',
  toolGraphiql: 'GraphiQL: the endpoint at the top, and under Headers `{"Authorization": "Bearer …"}`.',
  toolAltair: 'Altair: the endpoint after POST, and the header under Set Headers.',
  toolInsomnia: 'Insomnia: a new GraphQL request to the endpoint, and under Auth the kind Bearer Token.',
  toolCurl: 'A command line: see below.',
  toolsWhy: 'GraphiQL itself is not here: it comes only from a CDN or from npm, and this server fetches nothing from outside. This is a small page of our own. It follows subscriptions over server-sent events.',
  answerLabel: 'Text of the answer',
  docsLabel: 'Content of the schema',
  curlLabel: 'Command for curl',
  switchTo: 'Nederlands',
  tokenHide: 'Hide token',
  tokenShow: 'Show token',
  tokenUntil: 'Valid until {time}.',
  tokenPast: 'Expired at {time}. Sign in again for a new token.',
  tokenBad: 'This token has a space or a character that a header may not carry. Paste the token only.',
  tokenRefused: 'The server refuses this token. It has expired or does not belong to this server.',
  variablesBad: 'This is not valid JSON, so nothing was sent.',
  variablesObject: 'Variables are one JSON object, such as {"first": 5}. Nothing was sent.',
  queryEmpty: 'There is no query. Nothing was sent.',
  subscriptionNote: 'A subscription stays open: new answers arrive by themselves until you stop.',
  subscriptionLive: 'Live, until you stop.',
  subscriptionLast: 'Last answer at {time} · {size}.',
  subscriptionOne: '1 answer received.',
  subscriptionCount: '{n} answers received.',
  subscriptionEnd: 'The server completed the subscription.',
  subscriptionStop: 'Stopped.',
  unnamed: '(without a name)',
  sending: 'Sending…',
  stopped: 'Stopped. A mutation may have run already.',
  network: 'The server cannot be reached. Is it still running, and is there a network?',
  brokenOff: 'The answer broke off on its way.',
  notJson: 'the answer is not JSON',
  errors: '{n} errors',
  error: '1 error',
  noErrors: 'no errors',
  refused: 'token refused',
  needsToken: 'sign-in needed',
  cut: 'These are the first {shown} of {size}. Save gives the whole answer.',
  copied: 'The answer was copied.',
  notCopied: 'Copying failed. Select the answer and copy it yourself.',
  signedIn: 'Signed in. The token is in the Token field.',
  signInMissing: 'Fill in an e-mail address and a password.',
  signInFailed: 'Signing in failed.',
  docsLoading: 'Fetching the schema…',
  docsReady: '{n} types.',
  docsFailed: 'There is no documentation. It is made with an introspection query, and the server gave no schema for it:',
  docsElse: 'If this server has introspection switched off, sign in or read `schema.graphql` in the source code. Sending queries still works.',
  docsRetry: 'Try again',
  back: 'Back',
  schema: 'Schema',
  roots: 'Start here',
  types: 'All types',
  fields: 'Fields',
  values: 'Values',
  inputFields: 'Input fields',
  implements: 'Implements',
  possible: 'Possible types',
  usedBy: 'Found through',
  old: 'Deprecated: {why}',
  oldPlain: 'Deprecated.',
  standard: 'Default:',
  oneOf: 'Exactly one of these fields is given.',
  noType: 'This type is not in the schema: {name}',
  found: '{n} found.',
  foundMore: '{n} found, these are the first {shown}.',
  results: 'Found',
  kinds: { OBJECT: 'Objects', INTERFACE: 'Interfaces', UNION: 'Unions', ENUM: 'Enums', INPUT_OBJECT: 'Inputs', SCALAR: 'Scalars' },
  kind: { OBJECT: 'object', INTERFACE: 'interface', UNION: 'union', ENUM: 'enum', INPUT_OBJECT: 'input', SCALAR: 'scalar' },
};

// Reading sessionStorage throws where the browser blocks storage.
export const keep = {
  get(key) { try { return sessionStorage.getItem('jij.' + key); } catch { return null; } },
  set(key, value) { try { sessionStorage.setItem('jij.' + key, value); } catch { /* this tab forgets */ } },
};

const asked = keep.get('lang') ?? navigator.languages?.map((l) => l.slice(0, 2)).find((l) => l === 'nl' || l === 'en');
export const lang = asked === 'en' ? 'en' : 'nl';
const words = lang === 'en' ? en : nl;

export function t(key, values = {}) {
  return words[key].replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));
}
export const kindName = (kind) => words.kind[kind] ?? kind;
export const kindTitle = (kind) => words.kinds[kind] ?? kind;

/** An element with properties and children; strings become text nodes, never markup. */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (key in node) node[key] = value;
    else node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Text in which `code` stands between backticks, as nodes. */
export function rich(text) {
  return text.split(/`([^`\n]+)`/).map((part, i) => (i % 2 ? el('code', {}, part) : part));
}

export function translate() {
  document.documentElement.lang = lang;
  for (const node of document.querySelectorAll('[data-t]')) {
    const text = words[node.dataset.t];
    if (text) node.replaceChildren(...rich(text));
  }
  for (const node of document.querySelectorAll('[data-t-label]')) {
    const text = words[node.dataset.tLabel];
    if (text) node.setAttribute('aria-label', text);
  }
  if (words.pageTitle) document.title = words.pageTitle;
}
