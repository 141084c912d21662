// The schema's documentation, made from an introspection query.
import { el, kindName, kindTitle, rich, t } from './words.js';

const SHOWN_AT_MOST = 100;
const $ = (id) => document.getElementById(id);

// Four levels of ofType hold [[T!]!]: no type of ours is deeper, and servers limit the depth.
const introspection = (old, more) => `query Documentation {
  __schema {
    queryType { name } mutationType { name } subscriptionType { name }
    types {
      kind name description ${more}
      fields(includeDeprecated: true) {
        name description isDeprecated deprecationReason
        args${old} { ...Input }
        type { ...Ref }
      }
      inputFields${old} { ...Input }
      enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
      interfaces { name }
      possibleTypes { name }
    }
  }
}
fragment Input on __InputValue { name description defaultValue ${old && 'isDeprecated deprecationReason'} type { ...Ref } }
fragment Ref on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } }`;

// The second is for servers of before the specification of 2021.
const QUERIES = [introspection('(includeDeprecated: true)', 'specifiedByURL isOneOf'), introspection('', '')];

let schema = null;
let reachedFrom = new Map();
const trail = [];

export function startDocs(send, bearer, explain) {
  const load = () => loadSchema(send, bearer, explain);
  $('docs-reload').addEventListener('click', load);
  $('search').addEventListener('input', showSearch);
  $('search').addEventListener('keydown', (event) => {
    if (event.key === 'Enter' || event.key === 'ArrowDown') {
      event.preventDefault();
      $('docs-view').querySelector('.results a')?.focus();
    }
  });
  addEventListener('hashchange', () => {
    if (schema && isDocs(location.hash)) showPlace(location.hash, true);
  });
  return load();
}

const isDocs = (hash) => hash === '#doc' || hash.startsWith('#doc/');
const named = (ref) => (ref.ofType ? named(ref.ofType) : ref.name);

async function loadSchema(send, bearer, explain) {
  $('docs-status').textContent = t('docsLoading');
  let reason = '';
  // Without the token too: an expired one must not cost the reader the documentation.
  for (const token of new Set([bearer(), ''])) {
    for (const query of QUERIES) {
      try {
        const { status, json } = await send({ query, operationName: 'Documentation' }, { bearer: token });
        if (json?.data?.__schema?.types) return ready(json.data.__schema);
        reason ||= json?.errors?.[0]?.message ?? `HTTP ${status}`;
        if (status === 401) break;
      } catch (problem) {
        return refused(explain(problem));
      }
    }
  }
  refused(reason);
}

function refused(reason) {
  schema = null;
  $('docs-status').textContent = `${t('docsFailed')} ${reason}`;
  const retry = el('button', { type: 'button' }, t('docsRetry'));
  retry.addEventListener('click', () => {
    // This button goes away, and would take the focus along.
    $('docs-reload').focus();
    $('docs-reload').click();
  });
  $('docs-view').replaceChildren(el('p', {}, ...rich(t('docsElse'))), el('p', {}, retry));
}

function ready(raw) {
  const types = raw.types.filter(({ name }) => !name.startsWith('__')).sort((a, b) => a.name.localeCompare(b.name));
  schema = { ...raw, types, byName: new Map(types.map((type) => [type.name, type])) };
  reachedFrom = new Map();
  for (const type of types) {
    for (const field of type.fields ?? []) {
      const name = named(field.type);
      if (!reachedFrom.has(name)) reachedFrom.set(name, []);
      reachedFrom.get(name).push({ type, field });
    }
  }
  $('docs-status').textContent = t('docsReady', { n: types.length });
  if ($('search').value.trim()) showSearch();
  else showPlace(isDocs(location.hash) ? location.hash : '#doc', false);
}

/* Pieces */

const place = (type, member) => `#doc/${type}${member ? `/${member}` : ''}`;
const link = (type, member, text = type) => el('a', { href: place(type, member) }, text);

function reference(ref) {
  if (ref.kind === 'NON_NULL') return [...reference(ref.ofType), '!'];
  if (ref.kind === 'LIST') return ['[', ...reference(ref.ofType), ']'];
  return [schema.byName.has(ref.name) ? link(ref.name) : ref.name];
}

function description(text) {
  return text ? el('p', { className: 'text' }, ...rich(text)) : null;
}

function deprecation(member) {
  if (!member.isDeprecated) return null;
  const why = member.deprecationReason;
  return el('p', { className: 'old' }, ...rich(why ? t('old', { why }) : t('oldPlain')));
}

function input(value) {
  return el('li', {},
    el('div', { className: 'signature' }, value.name, ': ', ...reference(value.type)),
    value.defaultValue == null ? null : el('p', { className: 'kind' }, `${t('standard')} `, el('code', {}, value.defaultValue)),
    description(value.description),
    deprecation(value));
}

function member(type, value) {
  const signature = el('div', { className: 'signature' }, el('strong', {}, value.name));
  if (value.type) signature.append(': ', ...reference(value.type));
  const rest = 'defaultValue' in value ? input(value) : null;
  rest?.firstChild.remove();
  return el('li', { id: place(type.name, value.name).slice(1), tabIndex: -1 },
    signature,
    ...(rest ? rest.childNodes : [description(value.description), deprecation(value)]),
    value.args?.length ? el('ul', { className: 'arguments' }, ...value.args.map(input)) : null);
}

function group(title, ...children) {
  return el('section', { className: 'group' }, el('h4', {}, title), ...children);
}
function names(types) {
  return el('ul', { className: 'names' }, ...types.map(({ name }) => el('li', {}, link(name))));
}

/* Places */

function showRoot() {
  const roots = ['queryType', 'mutationType', 'subscriptionType'].map((key) => schema[key]?.name);
  const start = roots.map((name) => {
    if (!name) return null;
    const fields = schema.byName.get(name)?.fields ?? [];
    return el('li', { className: 'group' },
      el('div', { className: 'signature' }, el('strong', {}, link(name))),
      el('ul', { className: 'names' }, ...fields.map((field) => el('li', {}, link(name, field.name, field.name)))));
  });
  const kinds = ['OBJECT', 'INTERFACE', 'UNION', 'ENUM', 'INPUT_OBJECT', 'SCALAR'].map((kind) => {
    const types = schema.types.filter((type) => type.kind === kind && !roots.includes(type.name));
    return types.length ? el('details', {}, el('summary', {}, `${kindTitle(kind)} (${types.length})`), names(types)) : null;
  });
  return [
    el('h3', { tabIndex: -1 }, t('schema')),
    group(t('roots'), el('ul', { className: 'group' }, ...start.filter(Boolean))),
    group(t('types'), ...kinds),
  ];
}

function showType(type) {
  const members = (title, list) => (list?.length
    ? group(title, el('ul', { className: 'members' }, ...list.map((value) => member(type, value))))
    : null);
  const from = reachedFrom.get(type.name) ?? [];
  const origin = ({ type: { name }, field }) => el('li', {}, link(name, field.name, `${name}.${field.name}`));
  return [
    el('div', {},
      el('h3', { tabIndex: -1 }, type.name),
      el('p', { className: 'kind' }, kindName(type.kind), type.specifiedByURL ? `, ${type.specifiedByURL}` : '')),
    description(type.description),
    type.isOneOf ? el('p', { className: 'text' }, t('oneOf')) : null,
    type.interfaces?.length ? group(t('implements'), names(type.interfaces)) : null,
    type.possibleTypes?.length ? group(t('possible'), names(type.possibleTypes)) : null,
    members(t('fields'), type.fields),
    members(t('inputFields'), type.inputFields),
    members(t('values'), type.enumValues),
    from.length ? group(t('usedBy'), el('ul', { className: 'names' }, ...from.slice(0, 20).map(origin), from.length > 20 ? '…' : null)) : null,
  ];
}

function trailBar(hash) {
  if (hash === '#doc' && trail.length < 2) return null;
  const back = el('button', { type: 'button', className: 'quiet' }, `← ${t('back')}`);
  back.addEventListener('click', () => { location.hash = trail.at(-2) ?? '#doc'; });
  const results = $('search').value.trim() ? el('button', { type: 'button', className: 'quiet' }, t('results')) : null;
  results?.addEventListener('click', () => { showSearch(); $('docs-view').querySelector('h3').focus(); });
  return el('nav', { className: 'trail', 'aria-label': t('schema') },
    back,
    hash === '#doc' ? null : el('a', { href: '#doc' }, t('schema')),
    results);
}

function showPlace(hash, moveFocus) {
  if (trail.at(-2) === hash) trail.pop();
  else if (trail.at(-1) !== hash) trail.push(hash);
  const [typeName, memberName] = hash.split('/').slice(1);
  const type = schema.byName.get(typeName);
  const missing = () => [el('h3', { tabIndex: -1 }, t('schema')), el('p', {}, t('noType', { name: typeName }))];
  const content = !typeName ? showRoot() : type ? showType(type) : missing();
  const view = $('docs-view');
  view.replaceChildren(...[trailBar(hash), ...content].filter(Boolean));
  view.scrollTop = 0;
  const item = memberName && document.getElementById(`doc/${typeName}/${memberName}`);
  item?.classList.add('found');
  if (moveFocus) (item || view.querySelector('h3')).focus();
}

/* Search */

function matches(wanted) {
  const found = [];
  const rank = (name, text) => {
    const lower = name.toLowerCase();
    if (lower === wanted) return 0;
    if (lower.startsWith(wanted)) return 1;
    if (lower.includes(wanted)) return 2;
    return text?.toLowerCase().includes(wanted) ? 3 : null;
  };
  const add = (score, type, value) => { if (score !== null) found.push({ score, type, value }); };
  for (const type of schema.types) {
    add(rank(type.name, type.description), type);
    for (const value of [...(type.fields ?? []), ...(type.inputFields ?? []), ...(type.enumValues ?? [])]) {
      const text = [value.description, ...(value.args ?? []).flatMap((arg) => [arg.name, arg.description])].filter(Boolean).join('\n');
      add(rank(value.name, text) ?? rank(`${type.name}.${value.name}`), type, value);
    }
  }
  return found.sort((a, b) => a.score - b.score);
}

function showSearch() {
  if (!schema) return;
  const wanted = $('search').value.trim().toLowerCase();
  if (!wanted) {
    $('docs-status').textContent = t('docsReady', { n: schema.types.length });
    return showPlace(trail.at(-1) ?? '#doc', false);
  }
  const found = matches(wanted);
  const n = found.length;
  $('docs-status').textContent = n > SHOWN_AT_MOST ? t('foundMore', { n, shown: SHOWN_AT_MOST }) : t('found', { n });
  const rows = found.slice(0, SHOWN_AT_MOST).map(({ type, value }) => {
    const text = (value ?? type).description?.split('\n')[0];
    const target = link(type.name, value?.name, value ? `${type.name}.${value.name}` : type.name);
    // The same place again changes no hash, so nothing else would show it.
    target.addEventListener('click', () => { if (target.hash === location.hash) showPlace(target.hash, true); });
    return el('li', {}, target, value ? null : el('span', { className: 'kind' }, ` ${kindName(type.kind)}`), text ? el('p', {}, ...rich(text)) : null);
  });
  $('docs-view').replaceChildren(el('h3', { tabIndex: -1 }, t('results')), el('ul', { className: 'results' }, ...rows));
  $('docs-view').scrollTop = 0;
}
