// Two moderators at work in the console: node moderate.mjs ADDRESS TOLD
// TOLD is JSON: the moderators and their password, a story, comments on it, one that was hidden
// and is appealed against, and the documents that this script itself sends. What must hold is
// asserted on the way; the last line on standard output is JSON with what was found on every view.
// SHOTS names a folder for pictures of the views.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { PATIENCE, audit, launch, strangers } from './browser.mjs';

const [address, told] = process.argv.slice(2);
const { password, moderators: [mila, noor], story, comments, contested, documents } = JSON.parse(told);
const origin = `http://${address}`;
const CONSOLE = `${origin}/moderate`;
const seen = { findings: [], strangers: [], cookies: [], faults: [], wide: [], words: [] };

/* Those who report */

async function api(query, variables, token) {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}

/** A visitor who reports something. */
async function report(subjectId, reason, explanation = null) {
  const { visitorCreate } = await api(documents.visitor);
  const { contentReport } = await api(documents.report, { input: { subjectId, reason, explanation } }, visitorCreate.accessToken);
  assert.deepEqual(contentReport.userErrors, []);
}

/* What an authenticator shows */

function codeOf(key, seconds) {
  const bits = [...key].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(seconds / 30)));
  const digest = createHmac('sha1', secret).update(step).digest();
  const number = digest.readUInt32BE(digest.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/* The browser */

const browser = await launch();

async function open(options) {
  const context = await browser.newContext({ locale: 'nl-NL', viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(PATIENCE);
  const strange = strangers(context, [origin]);
  const page = await context.newPage();
  page.on('pageerror', (fault) => seen.faults.push(fault.stack));
  page.on('console', (message) => {
    // The browser itself says so of every answer that is no 200.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) seen.faults.push(message.text());
  });
  return { context, page, strange };
}

async function look(page, name) {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}.png` });
  seen.findings.push(...(await audit(page)).map((finding) => `${name}: ${finding}`));
}

const said = (page, text) => page.waitForFunction((part) => document.getElementById('said').textContent.includes(part), text);
const focused = (page) => page.evaluate(() => document.activeElement.name || document.activeElement.id || document.activeElement.textContent);
const row = (page, text) => page.locator('.row', { hasText: text });
const openRow = async (page, text) => {
  await row(page, text).locator('a').click();
  await page.locator('.snapshot', { hasText: text }).waitFor();
};

async function fillIn(page, who, secret = password) {
  await page.getByLabel('E-mailadres').fill(who.email);
  await page.getByLabel('Wachtwoord').fill(secret);
  await page.getByRole('button', { name: 'Aanmelden' }).click();
}

/** Signs in for the first time, and sets the second factor that a moderator needs. */
async function enrol(page, who, name) {
  await fillIn(page, who);
  await page.getByRole('heading', { name: 'Geen toegang tot de wachtrij' }).waitFor();
  await look(page, `${name}-denied`);
  await page.getByLabel('Wachtwoord').fill(password);
  await page.getByRole('button', { name: 'Tweede factor instellen' }).click();
  const key = (await page.locator('.step code').textContent()).replaceAll(' ', '');
  const { iat } = await page.evaluate(() => JSON.parse(atob(JSON.parse(sessionStorage.getItem('jij.moderate.session')).accessToken.split('.')[1].replaceAll('-', '+').replaceAll('_', '/'))));
  await page.getByLabel('Code van je authenticator').fill(codeOf(key, iat));
  await look(page, `${name}-factor`);
  await page.keyboard.press('Enter');
  await page.locator('.codes li').first().waitFor();
  const codes = await page.locator('.codes code').allTextContents();
  await look(page, `${name}-codes`);
  await page.getByRole('button', { name: 'verder' }).click();
  return codes;
}

/* Signing in */

await report(comments[0].id, 'SPAM', 'Reclame.');
await report(comments[0].id, 'SPAM');
await report(comments[1].id, 'OFFENSIVE', 'Zo spreek je niet over iemand.');
await report(story.id, 'OTHER', 'Staat dit hier wel goed?');

const first = await open();
const { page } = first;
await page.goto(CONSOLE);
await page.getByRole('heading', { name: 'Aanmelden' }).waitFor();
await look(page, 'sign-in');
await fillIn(page, mila, 'een fout wachtwoord');
await page.locator('.problem:not(:empty)').waitFor();
await look(page, 'sign-in-refused');
const codes = await enrol(page, mila, 'mila');
await page.locator('.row').nth(2).waitFor();
await page.locator('#live[data-live=on]').waitFor();
await look(page, 'queue');

// A recovery code signs in as well: the page asks for it when it is needed.
await page.getByRole('button', { name: 'Afmelden' }).click();
assert.equal(await page.evaluate(() => sessionStorage.getItem('jij.moderate.session')), null);
await fillIn(page, mila);
await page.getByLabel('Code van je authenticator').waitFor();
await page.getByLabel('Code van je authenticator').fill(codes[0]);
await page.keyboard.press('Enter');
await page.locator('.row').nth(2).waitFor();
// The session outlives a reload of its tab.
await page.reload();
await page.locator('.row').nth(2).waitFor();

/* Filters and keys */

await page.getByLabel('Soort').focus();
await page.getByLabel('Soort').selectOption('STORY');
await page.waitForFunction(() => document.querySelectorAll('.row .kind').length === 1);
assert.match(await page.locator('.row').textContent(), new RegExp(story.title));
assert.equal(await focused(page), 'kind', 'a filter keeps the focus');
await page.getByLabel('Soort').selectOption('');
await row(page, comments[0].text).waitFor();
const asked = page.waitForRequest((request) => request.postData()?.includes('"orderBy":"NEWEST"'));
await page.getByLabel('Volgorde').selectOption('NEWEST');
await asked;
await page.getByLabel('Volgorde').selectOption('PRIORITY');
// Two reports weigh more than one.
await page.waitForFunction(([more, less]) => {
  const all = [...document.querySelectorAll('.row')].map(({ textContent }) => textContent);
  return all.findIndex((text) => text.includes(more)) < all.findIndex((text) => text.includes(less));
}, [comments[0].text, comments[1].text]);

await page.getByLabel('Status').selectOption('CONTESTED');
await page.waitForFunction(() => document.querySelectorAll('.row').length === 1);
await openRow(page, contested.text);
assert.match(await page.locator('.evidence').textContent(), new RegExp(contested.statement));
await look(page, 'appeal');
await page.keyboard.press('u');
await page.getByLabel('Status').selectOption('OPEN');
await row(page, comments[0].text).waitFor();

await page.getByRole('heading', { name: 'Wachtrij' }).focus();
const current = () => page.locator('.row.current a').textContent();
await page.keyboard.press('j');
await page.locator('.case').waitFor();
const top = await current();
assert.equal(top, await page.locator('.row a').first().textContent());
assert.equal(await focused(page), top, 'the list keeps the focus');
await page.keyboard.press('j');
assert.notEqual(await current(), top);
await page.keyboard.press('k');
assert.equal(await current(), top);
await page.keyboard.press('Enter');
assert.equal(await focused(page), 'case-title');
await look(page, 'case');

await page.keyboard.press('?');
await page.locator('dialog[open]').waitFor();
await look(page, 'keys');
await page.getByLabel('Losse toetsen gebruiken').uncheck();
await page.keyboard.press('Escape');
await page.keyboard.press('j');
assert.equal(await current(), top, 'keys that are off do nothing');
await page.getByRole('button', { name: 'Toetsen' }).click();
await page.getByLabel('Losse toetsen gebruiken').check();
await page.getByRole('button', { name: 'Sluit' }).click();

/* Templates, and deciding with one */

await page.getByRole('link', { name: 'Sjablonen' }).click();
await page.getByRole('heading', { name: 'Sjablonen' }).waitFor();
await page.getByText('Nieuw sjabloon').click();
const fresh = page.locator('.fresh');
await fresh.getByLabel('Besluit').selectOption('REJECT');
await fresh.getByLabel('Reden').selectOption('SPAM');
await fresh.getByLabel('Taal').selectOption('NL');
await fresh.getByRole('button', { name: 'Bewaar' }).click();
await fresh.locator('.error:not(:empty)').waitFor();
await fresh.getByLabel('Tekst').fill('Dit is reclame, en die hoort hier niet.');
await look(page, 'template-new');
await fresh.getByRole('button', { name: 'Bewaar' }).click();
await said(page, 'bewaard');
const item = page.locator('.item', { hasText: 'Dit is reclame' });
await item.locator('summary').click();
await item.getByLabel('Tekst').fill('Dit is reclame. Die hoort hier niet.');
await item.getByRole('button', { name: 'Bewaar' }).click();
await page.locator('.item', { hasText: 'Dit is reclame. Die' }).waitFor();
await look(page, 'templates');

await page.getByRole('link', { name: 'Wachtrij' }).click();
await openRow(page, comments[0].text);
await page.keyboard.press('r');
assert.equal(await focused(page), 'reasonCode', 'a rejection needs a reason');
await page.locator('[name=statement]').focus();
await page.keyboard.press('Control+Enter');
await page.locator('.decision .error:not(:empty)').first().waitFor();
await look(page, 'decision-refused');
await page.locator('[name=reasonCode]').selectOption('SPAM');
assert.notEqual(await page.locator('[name=statement]').inputValue(), '', 'a template stands ready');
const ours = await page.locator('[name=template] option', { hasText: 'Dit is reclame. Die' }).getAttribute('value');
await page.locator('[name=template]').selectOption(ours);
assert.equal(await page.locator('[name=statement]').inputValue(), 'Dit is reclame. Die hoort hier niet.');
await look(page, 'decision');
await page.locator('[name=statement]').focus();
await page.keyboard.press('Control+Enter');
await said(page, 'Afgewezen');
assert.equal(await focused(page), 'case-title', 'the next case is open');
assert.equal(await row(page, comments[0].text).locator('.tag').textContent(), 'Afgewezen', 'what was decided stays where it was');

/* Two moderators on one case */

const second = await open();
await second.page.goto(CONSOLE);
const hers = await enrol(second.page, noor, 'noor');
await openRow(second.page, comments[1].text);
await openRow(page, comments[1].text);
await page.keyboard.press('c');
await page.locator('.claim-line[data-claim=mine]').waitFor();
assert.match(await page.locator('.claim-line').textContent(), /1[0-5]:[0-5]\d/);
await second.page.locator('.claim-line[data-claim=other]').waitFor();
assert.match(await second.page.locator('.claim-line').textContent(), new RegExp(mila.name));
await second.page.keyboard.press('a');
await second.page.keyboard.press('Enter');
await second.page.locator('.decision .problem:not(:empty)').waitFor();
await look(second.page, 'claimed-by-another');

await page.keyboard.press('u');
await page.getByLabel('Status').selectOption('MINE');
await page.waitForFunction(() => document.querySelectorAll('.row').length === 1);
assert.match(await page.locator('.row').textContent(), new RegExp(comments[1].text.slice(0, 10)));
await page.getByLabel('Status').selectOption('OVERDUE');
await page.waitForFunction(() => document.querySelectorAll('.row').length === 0);
await look(page, 'nothing-overdue');
await page.getByLabel('Status').selectOption('OPEN');
await row(page, story.title).waitFor();

// The other way around: who typed is told, nothing moves, and no text is lost.
const typed = 'Mijn eigen woorden over deze wethouder.';
await openRow(second.page, story.title);
await openRow(page, story.title);
// The whole of a story is compared with what was reported.
await page.getByText('Nu nog gelijk.').waitFor();
await page.keyboard.press('r');
await page.locator('[name=reasonCode]').selectOption('OTHER');
await page.locator('[name=statement]').fill(typed);
const place = () => page.locator('[name=statement]').boundingBox();
const before = await place();
await second.page.keyboard.press('a');
await second.page.keyboard.press('Enter');
await said(second.page, 'Goedgekeurd');
await page.locator('#news button').waitFor();
assert.deepEqual(await place(), before, 'news moves nothing');
assert.equal(await focused(page), 'statement');
await look(page, 'news');
await page.keyboard.press('Control+Enter');
await page.locator('.notices .notice').waitFor();
assert.equal(await page.locator('[name=statement]').inputValue(), typed);
assert.match(await page.locator('.past').textContent(), new RegExp(noor.name), 'the case as it is');
await look(page, 'case-changed');
// What is typed outlives a look elsewhere.
await page.keyboard.press('u');
await openRow(page, comments[1].text);
await openRow(page, story.title);
assert.equal(await page.locator('[name=statement]').inputValue(), typed);

/* The queue, live */

const rows = () => page.locator('.row').count();
const shown = await rows();
await report(comments[2].id, 'PERSONAL_DATA');
await page.locator('.head .news').waitFor();
assert.equal(await rows(), shown, 'a new case waits to be asked for');
await look(page, 'waiting');
await report(comments[3].id, 'OFF_TOPIC');
await report(comments[4].id, 'DUPLICATE');
await report(comments[5].id, 'DUPLICATE');
await page.getByText('4 nieuwe zaken tonen').click();
await row(page, comments[2].text).waitFor();

/* Many at once */

for (const { text } of comments.slice(4)) await page.getByLabel(`Kies: ${text}`, { exact: true }).check();
await page.getByRole('button', { name: 'Besluit samen' }).click();
await page.getByRole('heading', { name: 'Besluit over 2 zaken' }).waitFor();
await page.keyboard.press('i');
await look(page, 'bulk');
await page.keyboard.press('Enter');
await said(page, '2 zaken besloten');
for (const { text } of comments.slice(4)) assert.equal(await row(page, text).locator('.tag').textContent(), 'Geen actie');

await page.getByLabel('Status').selectOption('IGNORED');
await page.waitForFunction(() => document.querySelectorAll('.row').length === 2);
await page.getByLabel('Status').selectOption('OPEN');
await row(page, comments[3].text).waitFor();

/* Figures, and the other language */

await page.getByRole('link', { name: 'Cijfers' }).click();
await page.locator('.tile').nth(5).waitFor();
await page.locator('tbody tr').first().waitFor();
await look(page, 'figures');
await page.getByRole('link', { name: 'Wachtrij' }).click();
await openRow(page, comments[3].text);
await page.getByRole('button', { name: 'Schrijver blokkeren' }).click();
const block = page.locator('#block');
await block.getByLabel('Blokkeren').check();
await block.getByLabel('Hoe lang').selectOption('30');
await block.getByLabel('Reden').selectOption('OFFENSIVE');
await block.locator('[name=statement]').fill('U schold drie keer. Over een maand bent u weer welkom.');
await look(page, 'block');
await block.getByRole('button', { name: 'Blokkeren: leg vast' }).click();
await said(page, 'geblokkeerd');
await page.locator('[data-block]', { hasText: 'Schrijver geblokkeerd tot' }).waitFor();
await look(page, 'blocked');
await page.getByRole('button', { name: 'Blokkade wijzigen' }).click();
await block.getByLabel('Opheffen').check();
await block.getByRole('button', { name: /leg vast$/ }).click();
await said(page, 'opgeheven');
await page.locator('[data-block]').waitFor({ state: 'detached' });
await page.locator('.case [name=statement]').fill(typed);
await page.getByRole('button', { name: 'English' }).click();
await page.getByRole('heading', { name: 'Queue' }).waitFor();
assert.equal(await page.locator('html').getAttribute('lang'), 'en');
assert.equal(await page.locator('[name=statement]').inputValue(), typed, 'a text outlives the switch');
await look(page, 'english');
await page.getByRole('button', { name: 'Nederlands' }).click();

// By Tab alone one gets around, and out again.
await page.locator('.skip a').focus();
const stops = [];
do {
  await page.keyboard.press('Tab');
  stops.push(await page.evaluate(() => (document.activeElement === document.body ? '' : document.activeElement.outerHTML)));
} while (stops.at(-1) !== '' && stops.length < 100);
assert.equal(stops.at(-1), '', 'the end of the page');
for (const part of ['id="sign-out"', 'name="state"', 'href="#case=', 'name="action"', 'name="statement"', 'type="submit"']) {
  assert.ok(stops.some((stop) => stop.includes(part)), part);
}

/* Without a network, and without a session */

await second.page.getByText('Ververs').or(second.page.locator('.head .news')).click();
await openRow(second.page, comments[3].text);
await second.page.keyboard.press('r');
await second.page.locator('[name=reasonCode]').selectOption('OFF_TOPIC');
await second.page.locator('[name=statement]').fill(typed);
await second.context.setOffline(true);
await second.page.keyboard.press('Control+Enter');
await second.page.locator('.decision .problem:not(:empty)').waitFor();
assert.equal(await second.page.locator('[name=statement]').inputValue(), typed);
await second.context.setOffline(false);
const { refreshToken } = await second.page.evaluate(() => JSON.parse(sessionStorage.getItem('jij.moderate.session')));
await api(documents.revoke, { input: { refreshToken } });
await second.page.locator('[name=statement]').focus();
await second.page.keyboard.press('Control+Enter');
await second.page.getByText('Je sessie is afgelopen').waitFor();
await look(second.page, 'session-ended');
await fillIn(second.page, noor);
await second.page.getByLabel('Code van je authenticator').fill(hers[0]);
await second.page.keyboard.press('Enter');
await second.page.locator('.snapshot', { hasText: comments[3].text }).waitFor();
assert.equal(await second.page.locator('[name=statement]').inputValue(), typed, 'a text outlives its session');

/* Narrow, dark, still */

await page.setViewportSize({ width: 320, height: 640 });
await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
const narrow = async (name) => {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (over > 0) seen.wide.push(`${name}: ${over}`);
  await look(page, `narrow-${name}`);
};
await narrow('case');
await page.getByRole('link', { name: /← Wachtrij/ }).click();
await row(page, comments[3].text).locator('a').waitFor();
await narrow('queue');
await page.getByRole('link', { name: 'Sjablonen' }).click();
await page.locator('.item summary').first().click();
await narrow('templates');
await page.getByRole('link', { name: 'Cijfers' }).click();
await page.locator('.tile').nth(5).waitFor();
await narrow('figures');
await page.getByRole('button', { name: 'Toetsen' }).click();
await narrow('keys');
await page.keyboard.press('Escape');

/* What is left behind */

const folder = new URL('../../api/assets/moderate/', import.meta.url);
const [{ dutch }, { english }] = await Promise.all(['dutch.js', 'english.js'].map((name) => import(new URL(name, folder))));
const flat = (words) => Object.entries(words).flatMap(([key, value]) => (typeof value === 'string' ? [key] : Object.keys(value).map((each) => `${key}.${each}`)));
const [inDutch, inEnglish] = [dutch, english].map((words) => new Set(flat(words)));
seen.words.push(...inDutch.symmetricDifference?.(inEnglish) ?? [...inDutch].filter((key) => !inEnglish.has(key)).concat([...inEnglish].filter((key) => !inDutch.has(key))));

const stored = await page.evaluate(() => Object.values(localStorage).join());
assert.ok(!/eyJ/.test(stored), 'no token outlives its tab');
await page.getByRole('button', { name: 'Afmelden' }).click();
await page.getByRole('heading', { name: 'Aanmelden' }).waitFor();
await narrow('sign-in');
assert.equal(await page.evaluate(() => Object.values(sessionStorage).some((value) => value.includes('wethouder'))), false);

for (const { context, strange } of [first, second]) {
  seen.strangers.push(...strange);
  seen.cookies.push(...await context.cookies());
}
await browser.close();
console.log(JSON.stringify(seen));
