// Polls on the pages of partners: node frames.mjs ADDRESS. It serves the pages of two partners, says
// `origin …` for the one that may show the poll, and is told the embed's address and whom that
// partner vouches for, as JSON; it says `close` when the poll is to be closed, and goes on when it
// is told that it was. The last line on standard output is JSON: what was found.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { PATIENCE, audit, launch, strangers } from './browser.mjs';

const [address] = process.argv.slice(2);
const site = `http://${address}`;
const told = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const found = { axe: [], strangers: [], cookies: [] };
const check = (holds, what) => { if (!holds) throw new Error(what); };

// The pages of a partner at a loopback address of its own.
const pages = {};
const serve = (host) => new Promise((resolve) => {
  const server = createServer((request, response) => {
    const page = pages[request.url];
    response.writeHead(page ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' });
    response.end(page ?? '');
  }).listen(0, host, () => resolve(`http://${host}:${server.address().port}`));
});
const allowed = await serve('127.0.0.1');
const other = await serve('127.0.0.2');
console.log(`origin ${allowed}`);
const embed = JSON.parse((await told.next()).value);
const id = embed.url.split('/').at(-1);
const start = '<!doctype html><html lang=nl><meta name=viewport content="width=device-width"><title>Raalte</title><body style="font-family:serif"><main><h1>Praat mee in Raalte</h1>';
pages['/script'] = `${start}<p>Wat vindt u?</p><script src="${site}/embed.js" data-poll="${id}" data-title="Zwemmen in de kanalen"></script>
<script>window.told=[];for(const type of ['ready','resize','voted','closed'])addEventListener('jij:'+type,({type,detail})=>told.push([type,detail.height]))</script></main>`;
pages['/frame'] = `${start}<iframe title="Peiling" src="${site}/embed/${id}" width=600 height=700 referrerpolicy="strict-origin"></iframe></main>`;
pages['/vouched'] = `${start}<script src="${site}/embed.js" data-poll="${id}" data-subject="${embed.subject}"></script></main>`;

const browser = await launch();
const person = async (options = {}) => {
  const context = await browser.newContext({ locale: 'nl-NL', viewport: { width: 800, height: 900 }, ...options });
  context.setDefaultTimeout(PATIENCE);
  const away = strangers(context, [site, allowed, other]);
  const page = await context.newPage();
  const leave = async () => {
    found.strangers.push(...away);
    found.cookies.push(...await context.cookies());
    await context.close();
  };
  return { context, page, leave };
};
const shot = async (page, name) => {
  if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/${name}.png`, fullPage: true });
};
const inside = (page) => page.frameLocator('iframe');
const vote = async (page, label) => {
  await inside(page).getByLabel(label).check();
  await inside(page).locator('#b button').click();
  await inside(page).getByText('Uw stem is geteld.').waitFor();
};

// On a page that may show it: the frame has the height of what is in it, and the page hears what
// happens.
const { page: main, leave: leaveMain } = await person();
await main.goto(`${allowed}/script`);
await vote(main, 'Ja');
await inside(main).getByText('100% (1)').waitFor();
await main.waitForFunction(() => {
  const frame = document.querySelector('iframe');
  const resized = window.told.filter(([type]) => type === 'jij:resize').at(-1);
  return resized && Math.abs(frame.clientHeight - resized[1]) <= 1;
});
// It comes to rest: a whole second passes in which it says nothing. News may come late; a height
// that answers itself never ends.
const rests = await main.evaluate(async () => {
  for (let second = 0; second < 20; second += 1) {
    const before = window.told.length;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    if (window.told.length === before) return true;
  }
  return false;
});
check(rests, 'a frame comes to rest');
found.axe.push(...await audit(main));
await shot(main, 'partner');

// Without storage, twice; and without a script.
{
  const { context, page, leave } = await person();
  await context.addInitScript(() => Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('blocked', 'SecurityError'); } }));
  await page.goto(`${allowed}/frame`);
  await vote(page, 'Nee');
  await vote(page, 'Ja');
  await leave();
}
{
  const { page, leave } = await person({ javaScriptEnabled: false });
  await page.goto(`${allowed}/frame`);
  await vote(page, 'Nee');
  await leave();
}
// By the partner's word, in two browsers.
for (const label of ['Nee', 'Ja']) {
  const { page, leave } = await person();
  await page.goto(`${allowed}/vouched`);
  if (label === 'Ja') await inside(page).getByText('U hebt al gestemd.').waitFor();
  else await page.waitForTimeout(3000);
  await vote(page, label);
  await leave();
}
await inside(main).getByText('4 mensen hebben gestemd').waitFor();

// On a page that may not: nothing is shown.
{
  const { page, leave } = await person();
  await page.goto(`${other}/frame`);
  await page.waitForTimeout(1000);
  check(await inside(page).locator('form').count() === 0, 'a page that may not shows the poll');
  await shot(page, 'refused-partner');
  await leave();
}

console.log('close');
await told.next();
await inside(main).getByText('De peiling is gesloten.').waitFor();
await main.waitForFunction(() => window.told.some(([type]) => type === 'jij:closed'));
found.told = await main.evaluate(() => window.told.map(([type]) => type));
await leaveMain();
await browser.close();
console.log(JSON.stringify({ ...found, allowed, refused: other }));
process.exit(0);
