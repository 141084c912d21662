// The page's script: sends the form without leaving the page, follows the results, and tells the
// page around it what happens. The page works without it.
const root = document.documentElement;
const { p: poll, e: embed, o: origins } = document.body.dataset;
const form = document.forms[0];
const field = document.getElementById('t');
const byId = (id) => document.getElementById(id);
const KEY = 'jij.' + (embed ?? 'visitor');

// The voter's token: kept where the browser keeps things, in the page where it does not, and where
// the partner says who votes.
let own = field.value.trim();
const subject = new URLSearchParams(location.hash.slice(1)).get('subject');
let store;
try { if (!subject) { store = localStorage; store.setItem('jij', ''); store.removeItem('jij'); } } catch { store = 0; }
const keep = (token) => { own = field.value = token; try { store?.setItem(KEY, token); } catch {} };
const token = () => store && store.getItem(KEY) || own;
const fresh = own;

// A token in the place of one that is not there or no longer good: in a frame one that says how
// it is kept, or who the partner says it is.
const renew = async () => {
  let given = fresh;
  if (embed && (subject || store)) {
    const answer = await fetch(`/embed/${embed}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(subject ? { subject } : {}),
    });
    if (answer.ok) given = (await answer.json()).token;
    else if (subject) warn(root.lang === 'nl' ? 'Wie u bent, is niet goed doorgegeven.' : 'Who you are was not passed on well.');
  }
  keep(given);
};
const warn = (text) => {
  const note = byId('n');
  note.className = 'x';
  note.textContent = text;
};

// What is typed is nobody's but the voter's: a question that was touched is left as it is.
const touched = new Set();
form.addEventListener('input', ({ target }) => {
  touched.add(target.closest('.q').id);
  count();
});

// How many points are left.
const count = () => {
  for (const out of document.querySelectorAll('output')) {
    const question = out.closest('.q');
    let left = +question.dataset.b;
    for (const input of question.querySelectorAll('[type=number]')) left -= +input.value || 0;
    out.textContent = out.dataset.t.replace('{n}', left);
    out.className = left < 0 ? 'x' : '';
  }
};

// Takes over another state of the page.
const merge = (html, sent) => {
  const page = new DOMParser().parseFromString(html, 'text/html');
  if (!page.getElementById('s')) throw page;
  for (const id of sent ? ['s', 'n', 'b'] : ['s', 'b']) byId(id).replaceWith(page.getElementById(id));
  const questions = [...page.querySelectorAll('.q')];
  for (const old of document.querySelectorAll('.q')) if (!page.getElementById(old.id)) old.remove();
  questions.forEach((question, place) => {
    const old = byId(question.id);
    const at = form.querySelectorAll('.q')[place] ?? byId('b');
    if (!old) at.before(question);
    else if (!touched.has(old.id) && !old.contains(document.activeElement)) old.replaceWith(question);
    else {
      old.dataset.s = question.dataset.s;
      old.querySelector('fieldset').disabled = question.querySelector('fieldset').disabled;
      old.querySelector('.r').replaceWith(question.querySelector('.r'));
    }
  });
  count();
  return page.getElementById('t').value;
};

const load = async () => {
  const answer = await fetch(form.action, { headers: { authorization: 'Bearer ' + token() } });
  if (answer.status === 401) await renew();
  if (answer.ok) merge(await answer.text());
};

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const button = event.submitter ?? form.querySelector('button');
  if (!button || button.disabled) return;
  field.value = token();
  const body = new URLSearchParams(new FormData(form));
  const before = new Set(touched);
  touched.clear();
  button.disabled = true;
  try {
    const answer = await fetch(form.action, { method: 'POST', body });
    document.activeElement.blur();
    const given = merge(await answer.text(), true);
    if (answer.ok || answer.status === 401) keep(given);
    if (answer.ok) tell('voted');
  } catch {
    for (const id of before) touched.add(id);
    warn(root.lang === 'nl' ? 'Geen verbinding. Probeer het nog eens.' : 'No connection. Try again.');
  }
  button.disabled = false;
  byId('n').focus();
});

// Results as the server draws them (bars.rs). Figures are the server's, rounded and worded there.
const number = (value) => value.toLocaleString(root.lang);
const element = (name, text = '') => Object.assign(document.createElement(name), { textContent: text });
const part = (result, value) =>
  (result.distribution.find((entry) => entry.value === value)?.count ?? 0) / (result.voterCount || 1);

const ranges = ({ distribution: counts, distributionStep: step }) => {
  if (!counts.length) return [];
  const low = counts[0].value;
  const span = counts.at(-1).value + step - low;
  const width = Math.max(Math.ceil(span / 10), step);
  const sums = Array(Math.ceil(span / width)).fill(0);
  for (const { value, count } of counts) sums[Math.floor((value - low) / width)] += count;
  const most = Math.max(...sums, 1);
  return sums.map((sum, range) => {
    const from = low + range * width;
    return [number(from) + (width === 1 ? '' : ' – ' + number(from + width - 1)), [sum / most], number(sum)];
  });
};

const rows = ({ k: kind, lo, hi }, { options }) => {
  if (kind === 'NUMBER') return options[0] ? ranges(options[0]) : [];
  const best = Math.max(...options.map((result) => result.score ?? 0), 1);
  return options.slice(0, /WORD|OPEN/.test(kind) ? 30 : 1e3).map((result) => {
    const { label, role, isRight } = result.option;
    const bars = role === 'NONE_OF_THE_ABOVE' ? [result.share]
      : kind === 'STATEMENTS' ? [1, 0, -1].map((value) => part(result, value))
      : kind === 'SCALE' ? [result.mean == null ? 0 : (result.mean - lo) / (hi - lo)]
      : kind === 'RANKING' ? [(result.score ?? 0) / best]
      : [result.share];
    return [(isRight ? '✓ ' : '') + label, bars, result.caption];
  });
};

const draw = (box, results) => {
  if (!box.firstChild) box.append(element('h3', root.lang === 'nl' ? 'Uitslag' : 'Results'), element('p'));
  box.querySelector('p').textContent = results.summary;
  const all = results.voterCount ? rows(box.dataset, results) : [];
  let table = box.querySelector('table');
  if (!table) box.append(table = element('table'));
  while (table.rows.length > all.length) table.deleteRow(-1);
  all.forEach(([label, bars, text], place) => {
    let row = table.rows[place];
    if (!row) {
      row = table.insertRow();
      const head = element('th');
      head.scope = 'row';
      head.append('', document.createElementNS('http://www.w3.org/2000/svg', 'svg'));
      row.append(head, element('td'));
    }
    const [name, drawing] = row.cells[0].childNodes;
    name.data = label;
    row.cells[1].textContent = text;
    let from = 0;
    bars.forEach((share, at) => {
      const rect = drawing.children[at] ?? drawing.appendChild(document.createElementNS(drawing.namespaceURI, 'rect'));
      rect.setAttribute('x', from * 100 + '%');
      rect.setAttribute('width', (share ?? 0) * 100 + '%');
      from += share ?? 0;
    });
  });
  if (!all.length) table.remove();
};

// The state that the server sends: results are drawn, and for what else changed the page is asked,
// not by everyone at once.
let asked;
const show = ({ status, questions }) => {
  const shown = document.querySelectorAll('.q');
  const changed = byId('s').dataset.s !== status
    || questions.some(({ id, state }) => (byId(id)?.dataset.s ?? 'HIDDEN') !== state)
    || shown.length !== questions.filter(({ state }) => state !== 'HIDDEN').length;
  for (const { id, results } of questions) if (results && byId('r' + id)) draw(byId('r' + id), results);
  if (changed && !asked) {
    asked = setTimeout(async () => { try { await load(); } catch {} asked = 0; }, Math.random() * 1500);
    if (/CLOSED|CANCEL|PUBLISHED|ARCHIVED/.test(status)) tell('closed');
  }
};

// {watch} is the document beside this file, which the server trusts.
const QUERY = '{watch}';
const follow = async () => {
  for (let wait = 1000;; wait = Math.min(wait * 2, 30000)) {
    try {
      const answer = await fetch('/graphql/stream', {
        method: 'POST',
        headers: {
          accept: 'text/event-stream', 'accept-language': root.lang, 'content-type': 'application/json',
          authorization: 'Bearer ' + token(),
        },
        body: JSON.stringify({ query: QUERY, variables: { p: poll } }),
      });
      if (answer.status === 401) await renew();
      if (answer.ok) {
        const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
        let rest = '';
        for (let read; !(read = await reader.read()).done;) {
          const events = (rest + read.value).split('\n\n');
          rest = events.pop();
          for (const event of events) {
            const data = event.match(/^data: (.+)$/m);
            const state = data && JSON.parse(data[1]).data?.pollUpdated;
            if (state) { wait = 1000; show(state); }
          }
        }
      }
    } catch {}
    await new Promise((resolve) => setTimeout(resolve, wait * (0.5 + Math.random())));
  }
};

// The page around this one, if it is one of those that may show it.
let host = window.parent !== window && (location.ancestorOrigins?.[0] ?? (document.referrer && new URL(document.referrer).origin));
if (!origins?.split(' ').includes(host)) host = 0;
const tell = (type, more) => {
  if (host) window.parent.postMessage({ source: 'jij', embed, type, ...more }, host);
};
if (host) {
  let told = 0;
  let timer;
  const measure = () => {
    timer = 0;
    const height = Math.ceil(root.getBoundingClientRect().height);
    if (Math.abs(height - told) > 1) tell('resize', { height: told = height });
  };
  new ResizeObserver(() => { timer ||= setTimeout(measure, 100); }).observe(root);
  tell('ready');
}

// Tabs that vote for the first time at once agree on one token.
count();
const known = token() !== fresh;
try {
  if (!known) await renew();
  field.value = own = token();
  if (known || subject) await load();
} catch {}
follow();
