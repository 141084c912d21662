const PROPERTIES = new Set(['value', 'checked', 'hidden', 'disabled', 'open', 'indeterminate', 'selected', 'textContent']);

/** An element with attributes and children; strings become text nodes, never markup. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') node.addEventListener(name, value);
    else if (PROPERTIES.has(name)) node[name] = value;
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ''));
  return node;
}

/** Sets a text only where it differs, so that nothing is read out or selected anew. */
export function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Sets an attribute, or takes it away where the value is null. */
export function mark(node, name, value) {
  if (value === null || value === false) node.removeAttribute(name);
  else node.setAttribute(name, value === true ? 'true' : value);
}

let count = 0;
/** An id that no other element of the page has. */
export const newId = (name) => `${name}-${count += 1}`;

/** A labelled choice of [value, text] pairs; `chosen` hears the value. */
export function choice(label, name, pairs, value, chosen) {
  const id = newId(name);
  const select = el('select', { id, name, change: () => chosen(select.value) },
    pairs.map(([each, text]) => el('option', { value: each, selected: each === value }, text)));
  return el('div', { class: 'field' }, el('label', { for: id }, label), select);
}
