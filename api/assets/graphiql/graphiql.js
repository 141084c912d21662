import { el, keep, lang, t, translate } from './words.js';
import { colourJson, expiry, indentJson, operations } from './text.js';
import { startDocs } from './docs.js';
import { watch } from './live.js';

const ENDPOINT = '/graphql';
const LIVE_ENDPOINT = '/graphql/stream';
// A screen reader that is told of every state would say nothing else.
const TELL_EVERY = 5_000;
const SHOWN_AT_MOST = 1_000_000;
const $ = (id) => document.getElementById(id);

const query = $('query');
const variables = $('variables');
const token = $('token');
const runButton = $('run');
const stopButton = $('stop');

/* Sending */

function cleanToken() {
  return token.value.trim().replace(/^bearer\s+/i, '');
}
const tokenFits = (value) => /^[\x21-\x7e]*$/.test(value);

function headersOf(bearer) {
  return { 'Accept-Language': lang, ...(bearer && { Authorization: `Bearer ${bearer}` }) };
}

/** Posts to the endpoint; throws only when there is no whole answer. */
async function send(body, { bearer = '', signal } = {}) {
  const headers = {
    ...headersOf(bearer),
    'Accept': 'application/graphql-response+json, application/json;q=0.9',
    'Content-Type': 'application/json',
  };
  return whole(await fetch(ENDPOINT, { method: 'POST', headers, body: JSON.stringify(body), signal, cache: 'no-store' }));
}

async function whole(response) {
  let bytes;
  try {
    bytes = await response.arrayBuffer();
  } catch (problem) {
    throw problem.name === 'AbortError' ? problem : Object.assign(problem, { brokenOff: true });
  }
  const text = new TextDecoder().decode(bytes);
  let json;
  try { json = JSON.parse(text); } catch { /* stays undefined: not JSON */ }
  return { status: response.status, reason: response.statusText, size: bytes.byteLength, text, json };
}

function explain(problem) {
  if (problem.name === 'AbortError') return t('stopped');
  return problem.brokenOff ? t('brokenOff') : t('network');
}

function size(bytes) {
  const [value, unit] = bytes < 1000 ? [bytes, 'byte'] : bytes < 1e6 ? [bytes / 1e3, 'kilobyte'] : [bytes / 1e6, 'megabyte'];
  return new Intl.NumberFormat(lang, { style: 'unit', unit, maximumFractionDigits: 1 }).format(value);
}

/* Fields and what is wrong with them */

function fault(field, message = '') {
  $(`${field.id}-error`).textContent = message;
  if (message) field.setAttribute('aria-invalid', 'true');
  else field.removeAttribute('aria-invalid');
}

function summarise(text, mood = '') {
  $('summary').textContent = text;
  $('summary').className = mood;
}

function readVariables() {
  if (variables.value.trim() === '') return {};
  let value;
  try {
    value = JSON.parse(variables.value);
  } catch (problem) {
    fault(variables, `${t('variablesBad')}\n${problem.message}`);
    return null;
  }
  if (value === null) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value;
  fault(variables, t('variablesObject'));
  return null;
}

function chosenOperation() {
  const found = operations(query.value);
  return found.find((operation) => operation.name !== null && operation.name === $('operation').value) ?? found[0];
}

function showOperations() {
  const found = operations(query.value);
  const select = $('operation');
  const before = select.value;
  select.replaceChildren(...found.map(({ kind, name }) => el('option', { value: name ?? '' }, `${kind} ${name ?? t('unnamed')}`)));
  if (found.some(({ name }) => name === before)) select.value = before;
  $('operations').hidden = found.length < 2;
  const note = found.some(({ kind }) => kind === 'subscription') ? t('subscriptionNote') : '';
  if ($('subscription').textContent !== note) $('subscription').textContent = note;
}

function showExpiry() {
  const at = expiry(cleanToken());
  const time = at?.toLocaleTimeString(lang, { hour: '2-digit', minute: '2-digit', timeZone: 'Europe/Amsterdam' });
  $('token-expiry').textContent = at ? t(at > new Date() ? 'tokenUntil' : 'tokenPast', { time }) : '';
}

function tokenChanged() {
  keep.set('token', cleanToken());
  fault(token);
  showExpiry();
}

/* Running */

let running = null;
let answer = null;

async function run() {
  if (running) return;
  fault(variables);
  fault(token);
  if (query.value.trim() === '') return summarise(t('queryEmpty'), 'bad');
  const operation = chosenOperation();
  const given = readVariables();
  if (given === null) return variables.focus();
  const bearer = cleanToken();
  if (!tokenFits(bearer)) {
    fault(token, t('tokenBad'));
    return token.focus();
  }
  showExpiry();

  running = new AbortController();
  runButton.setAttribute('aria-disabled', 'true');
  stopButton.disabled = false;
  summarise(t('sending'));
  const start = performance.now();
  try {
    const body = { query: query.value, variables: given };
    if (operation?.name) body.operationName = operation.name;
    if (operation?.kind === 'subscription') {
      await follow(body, bearer, start);
    } else {
      const result = await send(body, { bearer, signal: running.signal });
      showAnswer(result, performance.now() - start, bearer);
    }
  } catch (problem) {
    showText('');
    summarise(explain(problem), 'bad');
  } finally {
    $('live').textContent = '';
    running = null;
    runButton.removeAttribute('aria-disabled');
    // A disabled button loses the focus to nowhere.
    if (document.activeElement === stopButton) runButton.focus();
    stopButton.disabled = true;
  }
}

/** Shows each new state in the place of the one before, until the server or the reader stops. */
async function follow(body, bearer, start) {
  let count = 0;
  let told = -Infinity;
  let good = true;
  const received = () => t(count === 1 ? 'subscriptionOne' : 'subscriptionCount', { n: count });
  const show = (text) => {
    count += 1;
    const result = { text, json: JSON.parse(text) };
    good = !Array.isArray(result.json.errors);
    const top = $('answer').scrollTop;
    $('answer').textContent = indentJson(text, SHOWN_AT_MOST).text;
    $('answer').scrollTop = top;
    colourJson($('answer').firstChild);
    answer = result;
    $('copy').disabled = $('save').disabled = false;
    const time = new Date().toLocaleTimeString(lang, { timeZone: 'Europe/Amsterdam' });
    $('live').textContent = t('subscriptionLast', { n: count, time, size: size(new Blob([text]).size) });
    if (performance.now() - told < TELL_EVERY) return;
    told = performance.now();
    summarise(`${t('subscriptionLive')} ${received()}`, good ? 'good' : 'bad');
  };
  showText('');
  try {
    const end = await watch(LIVE_ENDPOINT, body, { headers: headersOf(bearer), signal: running.signal, show });
    if (end !== true) return showAnswer(await whole(end), performance.now() - start, bearer);
    summarise(`${t('subscriptionEnd')} ${received()}`, good ? 'good' : 'bad');
  } catch (problem) {
    const why = problem.name === 'AbortError' ? t('subscriptionStop') : explain(problem);
    summarise(count ? `${why} ${received()}` : why, problem.name === 'AbortError' ? '' : 'bad');
  }
}

function showAnswer(result, ms, bearer) {
  const errors = Array.isArray(result.json?.errors) ? result.json.errors : [];
  const codes = [...new Set(errors.map((error) => error?.extensions?.code).filter((code) => typeof code === 'string'))];
  const parts = [`${result.status} ${result.reason}`.trim(), `${Math.round(ms)} ms`, size(result.size)];
  if (result.status === 401) parts.push(t(bearer ? 'refused' : 'needsToken'));
  if (result.json === undefined) parts.push(t('notJson'));
  else if (errors.length) parts.push(t(errors.length === 1 ? 'error' : 'errors', { n: errors.length }) + (codes.length ? ` (${codes.join(', ')})` : ''));
  else if (result.status === 200) parts.push(t('noErrors'));
  if (result.status === 401 && bearer) fault(token, t('tokenRefused'));

  const isJson = result.json !== undefined;
  const { text, cut } = isJson
    ? indentJson(result.text, SHOWN_AT_MOST)
    : { text: result.text.slice(0, SHOWN_AT_MOST), cut: result.text.length > SHOWN_AT_MOST };
  showText(text, isJson);
  answer = result;
  $('copy').disabled = $('save').disabled = false;
  const good = result.status >= 200 && result.status < 300 && isJson && errors.length === 0;
  const note = cut ? ` ${t('cut', { shown: size(SHOWN_AT_MOST), size: size(result.size) })}` : '';
  summarise(parts.join(' · ') + '.' + note, good ? 'good' : 'bad');
}

function showText(text, isJson = false) {
  answer = null;
  $('copy').disabled = $('save').disabled = true;
  $('answer').textContent = text;
  $('answer').scrollTop = 0;
  colourJson(isJson ? $('answer').firstChild : null);
}

async function copyAnswer() {
  try {
    await navigator.clipboard.writeText(answer.json === undefined ? answer.text : indentJson(answer.text, Infinity).text);
    announce(t('copied'));
  } catch {
    announce(t('notCopied'));
  }
}
function announce(text) {
  const summary = $('summary').textContent.replace(` ${t('copied')}`, '').replace(` ${t('notCopied')}`, '');
  $('summary').textContent = `${summary} ${text}`;
}

function saveAnswer() {
  const isJson = answer.json !== undefined;
  const url = URL.createObjectURL(new Blob([answer.text], { type: isJson ? 'application/json' : 'text/plain' }));
  el('a', { href: url, download: isJson ? 'answer.json' : 'answer.txt' }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/* Editing */

// insertText keeps the browser's own undo; setRangeText is for where it is gone.
function replace(area, from, to, text) {
  area.setSelectionRange(from, to);
  const done = text === '' && from !== to ? document.execCommand('delete') : document.execCommand('insertText', false, text);
  if (done) return;
  area.setRangeText(text, from, to, 'end');
  area.dispatchEvent(new Event('input'));
}

// lastIndexOf takes a negative start for 0, hence the first case.
const lineStart = (value, at) => (at === 0 ? 0 : value.lastIndexOf('\n', at - 1) + 1);

function indent(area, inward) {
  const { selectionStart, selectionEnd, value } = area;
  const from = lineStart(value, selectionStart);
  // A selection that ends before a line's first character does not mean that line.
  const last = selectionEnd > selectionStart && value[selectionEnd - 1] === '\n' ? selectionEnd - 1 : selectionEnd;
  const to = value.indexOf('\n', last) < 0 ? value.length : value.indexOf('\n', last);
  const before = value.slice(from, to);
  const lines = before.split('\n').map((line) => (inward ? `  ${line}` : line.replace(/^ {1,2}|^\t/, '')));
  const after = lines.join('\n');
  if (after === before) return;
  replace(area, from, to, after);
  if (selectionStart === selectionEnd) {
    const caret = Math.max(from, selectionStart + after.length - before.length);
    area.setSelectionRange(caret, caret);
  } else {
    area.setSelectionRange(from, from + after.length);
  }
}

function newLine(area) {
  const { selectionStart, selectionEnd, value } = area;
  const line = value.slice(lineStart(value, selectionStart), selectionStart);
  const deeper = /[{([]\s*$/.test(line) ? '  ' : '';
  replace(area, selectionStart, selectionEnd, '\n' + line.match(/^[ \t]*/)[0] + deeper);
}

function editorKeys(event) {
  if (event.isComposing) return;
  const area = event.currentTarget;
  const command = (event.ctrlKey || event.metaKey) && !event.altKey;
  if (event.key === 'Enter' && command) run();
  else if (event.key === 'Enter' && !event.altKey && !event.shiftKey) newLine(area);
  // Tab is left alone: it must lead out of the field.
  else if (event.key === ']' && event.ctrlKey && !event.altKey) indent(area, true);
  else if (event.key === '[' && event.ctrlKey && !event.altKey) indent(area, false);
  else return;
  event.preventDefault();
}

/* Signing in */

const SIGN_IN = `mutation SignIn($email: String!, $password: String!) {
  sessionCreate(input: { email: $email, password: $password }) {
    session { accessToken }
    userErrors { code message field }
  }
}`;

async function signIn(event) {
  event.preventDefault();
  const say = (text) => { $('sign-in-status').textContent = text; };
  const email = $('email').value.trim();
  const password = $('password').value;
  if (!email || !password) {
    say(t('signInMissing'));
    return (email ? $('password') : $('email')).focus();
  }
  say(t('sending'));
  try {
    // Without the old token: a refused one would refuse this too.
    const { status, json } = await send({ query: SIGN_IN, variables: { email, password }, operationName: 'SignIn' });
    const payload = json?.data?.sessionCreate;
    if (payload?.session?.accessToken) {
      token.value = payload.session.accessToken;
      $('password').value = '';
      tokenChanged();
      return say(t('signedIn'));
    }
    const reasons = [...(payload?.userErrors ?? []), ...(json?.errors ?? [])].map((e) => [e.message, e.code ?? e.extensions?.code].filter(Boolean).join(' · '));
    say([t('signInFailed'), ...(reasons.length ? reasons : [`HTTP ${status}`])].join(' '));
  } catch (problem) {
    say(explain(problem));
  }
}

/* Starting */

translate();
const address = new URL(ENDPOINT, location.href).href;
$('live-address').textContent = new URL('/graphql/ws', location.href.replace(/^http/, 'ws')).href;
for (const node of document.querySelectorAll('[data-endpoint]')) node.textContent = address;
$('curl').textContent = `curl ${address} \\\n  -H 'Content-Type: application/json' \\\n  -H 'Authorization: Bearer …' \\\n  -d '{"query":"{ themes(first: 5) { totalCount edges { node { title } } } }"}'`;

const example = { query: query.defaultValue, variables: variables.defaultValue };
query.value = keep.get('query') ?? example.query;
variables.value = keep.get('variables') ?? example.variables;
token.value = keep.get('token') ?? '';

query.addEventListener('input', () => { keep.set('query', query.value); showOperations(); });
variables.addEventListener('input', () => { keep.set('variables', variables.value); fault(variables); });
token.addEventListener('input', tokenChanged);
for (const area of [query, variables]) area.addEventListener('keydown', editorKeys);
token.addEventListener('keydown', (event) => { if (event.key === 'Enter') run(); });
runButton.addEventListener('click', run);
stopButton.addEventListener('click', () => running?.abort());
$('copy').addEventListener('click', copyAnswer);
$('save').addEventListener('click', saveAnswer);
$('sign-in').addEventListener('submit', signIn);
$('example').addEventListener('click', () => {
  // The query last: the browser undoes the latest change first.
  for (const area of [variables, query]) {
    area.focus();
    replace(area, 0, area.value.length, example[area.id]);
    area.setSelectionRange(0, 0);
  }
});
$('token-show').addEventListener('click', (event) => {
  const shown = token.type === 'password';
  token.type = shown ? 'text' : 'password';
  event.currentTarget.textContent = t(shown ? 'tokenHide' : 'tokenShow');
});
$('language').hidden = false;
$('language').textContent = t('switchTo');
$('language').lang = lang === 'nl' ? 'en' : 'nl';
$('language').addEventListener('click', () => {
  keep.set('lang', lang === 'nl' ? 'en' : 'nl');
  location.reload();
});

showOperations();
showExpiry();
startDocs(send, () => (tokenFits(cleanToken()) ? cleanToken() : ''), explain);
