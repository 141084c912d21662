// The page of a poll in a browser: node page.mjs ADDRESS POLLS, where POLLS is JSON with the polls
// that it votes on. It says `close` when the poll of that name is to be closed, and goes on when it
// is told that it was. The last line on standard output is JSON: what was found.
// SCREENSHOTS names a folder for pictures of what it saw.
import { createInterface } from 'node:readline';
import { PATIENCE, audit, launch, strangers } from './browser.mjs';

const [address, given] = process.argv.slice(2);
const polls = JSON.parse(given);
const origin = `http://${address}`;
const url = (name) => `${origin}/p/${polls[name].slug}`;
const told = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const browser = await launch();
const found = { axe: [], strangers: [], cookies: [], faults: [], wide: [] };
const check = (holds, what) => { if (!holds) throw new Error(what); };

// A person with a browser of their own.
const person = async (options = {}) => {
  const context = await browser.newContext({ locale: 'nl-NL', viewport: { width: 900, height: 900 }, ...options });
  context.setDefaultTimeout(PATIENCE);
  const away = strangers(context, [origin]);
  const page = await context.newPage();
  // A refusal at a field is an answer, which the browser's console calls an error.
  page.on('console', (line) => { if (line.type() === 'error' && !/status of 4(01|22)/.test(line.text())) found.faults.push(line.text()); });
  page.on('pageerror', (error) => found.faults.push(String(error)));
  const leave = async () => {
    found.strangers.push(...away);
    found.cookies.push(...await context.cookies());
    await context.close();
  };
  return { context, page, leave };
};
const look = async (page, name) => {
  found.axe.push(...(await audit(page)).map((finding) => `${name}: ${finding}`));
  if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/${name}.png`, fullPage: true });
};
const says = (page, text) => page.getByText(text).first().waitFor();
const vote = async (page) => {
  await page.locator('#b button').click();
  await says(page, 'Uw stem is geteld.');
};

// Fills in something for every kind of question.
const fill = async (page) => {
  const question = (place) => page.locator('.q').nth(place);
  await question(0).getByLabel('Meer bomen in de straat').check();
  await question(1).getByLabel('Veilige fietspaden').check();
  await question(1).getByLabel('Een buurthuis').check();
  for (const [place, word] of [[0, 'Eens'], [1, 'Oneens'], [2, 'Geen mening']]) {
    await question(2).locator('.v').nth(place).getByLabel(word, { exact: true }).check();
  }
  await question(3).locator('.v').nth(0).getByLabel('4').check();
  await question(3).locator('.v').nth(1).getByLabel('2').check();
  for (const [place, rank] of ['2', '1', '3'].entries()) await question(4).locator('select').nth(place).selectOption(rank);
  for (const [place, points] of ['6', '4', ''].entries()) await question(5).locator('[type=number]').nth(place).fill(points);
  await question(6).locator('[type=number]').fill('42');
  await question(7).locator('input').nth(0).fill('Groen');
  await question(7).locator('input').nth(1).fill('rustig');
  await question(8).locator('textarea').fill('Meer bankjes langs de Vecht');
  await question(9).getByLabel('Zwolle').check();
};
const results = (page) => page.locator('.r').allInnerTexts();

// Without any script.
{
  const { page, leave } = await person({ javaScriptEnabled: false });
  await page.goto(url('every'));
  await fill(page);
  await page.locator('.q').nth(5).locator('[type=number]').nth(2).fill('9');
  await page.locator('#b button').click();
  await says(page, 'Verdeel hoogstens 10 punten.');
  await page.locator('.q').nth(5).locator('[type=number]').nth(2).fill('');
  await vote(page);
  await leave();
}

// With the script: nothing but the page is asked before it is painted, and it is never left.
{
  const { context, page, leave } = await person();
  const requests = [];
  context.on('request', (request) => requests.push(request.method() + ' ' + new URL(request.url()).pathname));
  const painted = page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length);
  await page.goto(url('every'));
  await painted;
  found.requests = await page.evaluate(() => {
    const { startTime } = performance.getEntriesByName('first-contentful-paint')[0];
    const before = performance.getEntriesByType('resource').filter((entry) => entry.responseEnd && entry.responseEnd < startTime);
    return before.length + performance.getEntriesByType('navigation').length;
  });
  await look(page, 'form');
  await fill(page);
  check(await page.locator('output').innerText() === 'Nog 0 van de 10 punten te verdelen.', 'a running sum');
  await page.locator('.q').nth(4).locator('select').nth(0).selectOption('1');
  await page.locator('#b button').click();
  await says(page, 'Nog niet alles is geteld.');
  check(await page.locator('.q').nth(4).locator('[aria-invalid]').count() === 1, 'the error is at its field');
  check(await page.evaluate(() => document.activeElement.id) === 'n', 'the message has the focus');
  await look(page, 'refused');
  await page.locator('.q').nth(4).locator('select').nth(0).selectOption('2');
  await vote(page);
  await look(page, 'voted');
  // What the script draws is what the server draws.
  await page.waitForTimeout(600);
  const drawn = await results(page);
  const { page: plain, leave: leavePlain } = await person({ javaScriptEnabled: false });
  await plain.goto(url('every'));
  const served = await results(plain);
  check(JSON.stringify(drawn) === JSON.stringify(served), `drawn ${JSON.stringify(drawn)} served ${JSON.stringify(served)}`);
  await leavePlain();
  check(requests.filter((request) => request.startsWith('GET /p/')).length === 1, `the page was left: ${requests}`);
  // Who comes back finds their answers.
  await page.reload();
  await says(page, 'U hebt al gestemd.');
  check(await page.locator('.q').nth(0).getByLabel('Meer bomen in de straat').isChecked(), 'the answer is there again');
  await leave();
}

// By keyboard alone.
{
  const { page, leave } = await person();
  await page.goto(url('keyboard'));
  const filled = new Set();
  for (let step = 0; step < 120; step += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const { tagName, type, name, value, parentElement, disabled } = document.activeElement;
      const visible = getComputedStyle(document.activeElement).outlineStyle !== 'none'
        || getComputedStyle(parentElement).outlineStyle !== 'none';
      return { tagName, type, name, value, disabled, visible, question: document.activeElement.closest('.q')?.id };
    });
    check(at.visible || at.tagName === 'BODY', `the focus is not seen at ${JSON.stringify(at)}`);
    const place = await page.locator('.q').evaluateAll((all, id) => all.findIndex((one) => one.id === id), at.question);
    if (at.tagName === 'BUTTON') { await page.keyboard.press('Enter'); break; }
    if (filled.has(at.name) && at.type !== 'text') continue;
    if (at.type === 'radio') await page.keyboard.press('Space');
    else if (at.type === 'checkbox' && !at.name.startsWith('s.')) await page.keyboard.press('Space');
    else if (at.tagName === 'SELECT') for (let down = filled.size ? 1 : 1; down <= [...filled].filter((name) => name.startsWith('rank ')).length + 1; down += 1) await page.keyboard.press('ArrowDown');
    else if (at.type === 'number') await page.keyboard.type(place === 5 ? '3' : '50');
    else if (at.tagName === 'TEXTAREA' || (at.type === 'text' && place === 7)) await page.keyboard.type(`antwoord ${step}`);
    filled.add(at.name);
    if (at.tagName === 'SELECT') filled.add(`rank ${at.name}`);
  }
  await says(page, 'Uw stem is geteld.');
  await leave();
}

// Three watch one poll; what one types stays while results move.
{
  const all = await Promise.all([person(), person(), person({ viewport: { width: 320, height: 640 } })]);
  for (const { page } of all) { await page.goto(url('moving')); await says(page, 'Er is nog niet gestemd.'); }
  const [first, second, third] = all.map(({ page }) => page);
  await third.locator('.q').nth(1).locator('input').first().fill('half een woo');
  await first.waitForTimeout(500);
  await first.getByLabel('Ja').check();
  await vote(first);
  for (const page of [first, second, third]) await says(page, '100% (1)');
  await second.getByLabel('Nee').check();
  await vote(second);
  for (const page of [first, second, third]) await says(page, '2 mensen hebben gestemd');
  check(await third.locator('.q').nth(1).locator('input').first().inputValue() === 'half een woo', 'typed text stays');
  await second.getByLabel('Ja').check();
  await vote(second);
  for (const page of [first, second, third]) await says(page, '100% (2)');
  found.wide.push(...await third.evaluate(() => document.documentElement.scrollWidth > 320 ? ['moving'] : []));
  for (const { leave } of all) await leave();
}

// Where nothing is kept, the page remembers as long as it is open.
{
  const { context, page, leave } = await person();
  await context.addInitScript(() => Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('blocked', 'SecurityError'); } }));
  await page.goto(url('moving'));
  await page.getByLabel('Nee').check();
  await vote(page);
  await says(page, '3 mensen hebben gestemd');
  await page.getByLabel('Ja').check();
  await vote(page);
  await says(page, '100% (3)');
  await leave();
}

// A vote that stands.
{
  const { page, leave } = await person();
  await page.goto(url('final'));
  await page.getByLabel('Ja').check();
  await vote(page);
  await page.reload();
  await says(page, 'Dit hebt u gestemd.');
  check(await page.locator('#b button').count() === 0, 'nothing is left to send');
  check(await page.locator('fieldset').first().evaluate((set) => set.disabled), 'the answer stands');
  await look(page, 'final');
  await leave();
}

// A poll that closes while it is open in a browser.
{
  const { page, leave } = await person();
  await page.goto(url('closing'));
  await page.getByLabel('Ja').check();
  await vote(page);
  check((await results(page)).join('') === '', 'no results before the close');
  await page.waitForTimeout(500);
  console.log('close');
  await told.next();
  await says(page, 'De peiling is gesloten.');
  await says(page, '1 persoon heeft gestemd');
  await look(page, 'closed');
  await leave();
}

// Small, dark, and in English.
for (const [name, options] of [
  ['small', { viewport: { width: 320, height: 640 } }],
  ['dark', { colorScheme: 'dark' }],
  ['english', { locale: 'en-GB', colorScheme: 'dark', viewport: { width: 390, height: 800 } }],
]) {
  const { page, leave } = await person(options);
  await page.goto(url('every'));
  if (name !== 'english') await fill(page);
  const { wide, most } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, most: innerWidth }));
  if (wide > most) found.wide.push(`${name}: ${wide}`);
  await look(page, name);
  await leave();
}
{
  const { page, leave } = await person({ colorScheme: 'dark' });
  await page.goto(url('closing'));
  await look(page, 'closed-dark');
  await leave();
}

await browser.close();
console.log(JSON.stringify(found));
process.exit(0);
