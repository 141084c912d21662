// Reading GraphQL and JSON as text. Nothing here touches the page.

const TOKENS = /"""(?:\\"""|[^])*?(?:"""|$)|"(?:\\.|[^"\\\n])*"?|#[^\n\r]*|[{}()[\]]|[@$]?[_A-Za-z]\w*/g;

/** The operations of a document: `{ kind, name }`, name null where it has none. */
export function operations(source) {
  const found = [];
  let depth = 0;
  let current = null;
  for (const [token] of source.matchAll(TOKENS)) {
    if ('{(['.includes(token)) {
      if (depth === 0 && token === '{' && !current) found.push((current = { kind: 'query', name: null }));
      depth += 1;
    } else if ('})]'.includes(token)) {
      depth = Math.max(0, depth - 1);
      if (depth === 0 && token === '}') current = null;
    } else if (depth === 0 && /^[_A-Za-z]/.test(token)) {
      if (current) current.name ??= token;
      else if (/^(query|mutation|subscription)$/.test(token)) found.push((current = { kind: token, name: null }));
      else current = { kind: token, name: token };
    }
  }
  return found;
}

function stringEnd(text, start) {
  let end = start;
  do {
    end = text.indexOf('"', end + 1);
    if (end < 0) return text.length;
    let slashes = 0;
    while (text[end - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return end + 1;
  } while (true);
}

/**
 * Indents JSON without parsing it, so that long numbers and the order of the
 * fields stay as the server sent them. Stops soon after `limit` characters.
 */
export function indentJson(text, limit) {
  const out = [];
  let length = 0;
  let depth = 0;
  const put = (piece) => { out.push(piece); length += piece.length; };
  const line = () => put('\n' + '  '.repeat(depth));
  for (let i = 0; i < text.length; ) {
    if (length > limit) return { text: out.join('').slice(0, limit), cut: true };
    const c = text[i];
    if (c === '"') {
      const end = stringEnd(text, i);
      put(text.slice(i, end));
      i = end;
    } else if (c === '{' || c === '[') {
      const close = /\s*[}\]]/y;
      close.lastIndex = i + 1;
      if (close.test(text)) {
        put(c === '{' ? '{}' : '[]');
        i = close.lastIndex;
      } else {
        put(c);
        depth += 1;
        line();
        i += 1;
      }
    } else {
      if (c === '}' || c === ']') { depth -= 1; line(); put(c); }
      else if (c === ',') { put(c); line(); }
      else if (c === ':') put(': ');
      else if (!/\s/.test(c)) put(c);
      i += 1;
    }
  }
  return { text: out.join('').slice(0, limit), cut: length > limit };
}

const JSON_PARTS = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*)|(true|false|null)/g;

/** Colours JSON with ranges, so that the answer stays one text node. */
export function colourJson(node) {
  if (!globalThis.CSS?.highlights || typeof Highlight === 'undefined') return;
  const kinds = { key: new Highlight(), string: new Highlight(), number: new Highlight(), literal: new Highlight() };
  const text = node?.data ?? '';
  if (text.length < 200_000) {
    for (const m of text.matchAll(JSON_PARTS)) {
      const kind = m[1] ? (m[2] ? 'key' : 'string') : m[3] ? 'number' : 'literal';
      const range = new StaticRange({ startContainer: node, startOffset: m.index, endContainer: node, endOffset: m.index + (m[1] ?? m[0]).length });
      kinds[kind].add(range);
    }
  }
  for (const [kind, highlight] of Object.entries(kinds)) CSS.highlights.set('json-' + kind, highlight);
}

/** When a JWT expires, or null. Only to tell the reader: the server decides. */
export function expiry(token) {
  try {
    const { exp } = JSON.parse(atob(token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/')));
    return typeof exp === 'number' ? new Date(exp * 1000) : null;
  } catch {
    return null;
  }
}
