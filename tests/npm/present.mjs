// Looks at the big screen and its remote control in Chromium:
// node present.mjs ADDRESS FOLDER ROOMS PEOPLE DOCUMENTS, where ROOMS are polls as `pollCreate` gives
// them, PEOPLE how they sign in, and DOCUMENTS what a voter sends. Screenshots go to FOLDER. The last line on standard output is JSON.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import jsqr from 'jsqr';
import { PATIENCE, audit, launch, strangers } from './browser.mjs';

const [address, folder, ...given] = process.argv.slice(2);
const [{ moving, held }, { editor, resident }, documents] = given.map((text) => JSON.parse(text));
const origin = `http://${address}`;
const at = (slug, rest = '') => `${origin}/present/${slug}${rest}`;
const WALL = { width: 1920, height: 1080 };
const findings = [];
const outside = [];
const looks = [];

const browser = await launch();

async function open(options = {}, isDoor = false) {
  const context = await browser.newContext({ viewport: WALL, locale: 'nl-NL', ...options });
  outside.push(strangers(context, [origin]));
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.on('pageerror', (error) => findings.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // A door that stays shut says so with its status as well.
    if (message.type() === 'error' && !isDoor) findings.push(`console: ${message.text()}`);
  });
  return page;
}

async function look(page, name) {
  // What moves comes to rest first: a screenshot is of a state.
  await page.waitForFunction(() => document.getAnimations().every((one) => one.playState !== 'running'));
  await page.screenshot({ path: join(folder, `${name}.png`) });
  looks.push(name);
  for (const finding of await audit(page)) findings.push(`${name}: ${finding}`);
}

const shows = (page, id, text) => page.waitForFunction(
  ([node, wanted]) => document.getElementById(node)?.checkVisibility() && document.getElementById(node).textContent.includes(wanted),
  [id, text],
);

async function send(query, variables, token) {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}

async function cast(token, input) {
  const { ballotCast: { userErrors } } = await send(documents.cast, { input }, token);
  assert.deepEqual(userErrors, []);
}

const crowd = [];
for (let i = 0; i < 9; i += 1) crowd.push((await send(documents.visitor)).visitorCreate.accessToken);

const WORDS = ['Fietsen', 'Water', 'Stilte', 'Natuur', 'Dorpshuis', 'Bus', 'Ruimte', 'Samen', 'Noaberschap'];
const ANSWERS = [
  'Meer bankjes langs het kanaal, zodat ook wie slecht ter been is er komt.', 'Een pontje bij Dalfsen.',
  'Laat de vaarweg met rust.', 'Zwemwater bij de stad.', 'Een fietspad zonder verkeerslichten.',
];

/** What voter `i` gives a question of each kind. */
const ballot = ({ id, kind, options }, i) => {
  const mark = (option, value) => ({ optionId: options[option].id, value });
  const any = i % 3 === 0 ? 1 : i % 5 === 0 ? 2 : 0;
  const order = i % 2 ? [0, 2, 1] : [2, 0, 1];
  const marks = {
    SINGLE: () => [mark(any, 1)],
    QUIZ: () => [mark(any, 1)],
    MULTIPLE: () => [mark(0, 1), ...(i % 2 ? [mark(2, 1)] : [])],
    STATEMENTS: () => options.map((_, n) => mark(n, [1, 0, -1, 1, 1][(i + n) % 5])),
    SCALE: () => options.map((_, n) => mark(n, 1 + ((i * 2 + n) % 5))),
    RANKING: () => order.map((option, place) => mark(option, place + 1)),
    POINTS: () => [mark(0, 50), mark(1, 10 + i), mark(2, 40 - i)],
    NUMBER: () => [mark(0, 20 + ((i * 7) % 40))],
  }[kind]?.();
  if (marks) return { questionId: id, marks };
  const own = kind === 'WORD_CLOUD' ? [WORDS[0], WORDS[1 + (i % 3)], WORDS[3 + (i % 6)]] : [ANSWERS[i % ANSWERS.length]];
  return { questionId: id, writeIns: [...new Set(own)] };
};

/* A watcher without rights sees the room, and leads nothing */

const watcher = await open();
await watcher.goto(at(moving.slug));
await shows(watcher, 'lobby-title', moving.title);
assert.equal(await watcher.locator('#lobby .code').isVisible(), false, 'the code is not for everyone');
assert.equal(await watcher.locator('#lobby .qr').isVisible(), false);
await watcher.keyboard.press('n');
await watcher.locator('dialog#sign-in[open]').waitFor();
await look(watcher, 'sign-in');
await watcher.keyboard.press('Escape');

/* The door, for who types the code */

const door = await open({ viewport: { width: 320, height: 640 } }, true);
await door.goto(`${origin}/join`);
await look(door, 'join');
assert.ok(await door.evaluate(() => document.documentElement.scrollWidth) <= 320, 'nothing scrolls sideways');
await door.fill('#code', '000000');
await door.keyboard.press('Enter');
await door.waitForURL('**/join?code=000000');
await look(door, 'join-unknown');
await door.fill('#code', `${moving.joinCode.slice(0, 3)} ${moving.joinCode.slice(3)}`);
await door.keyboard.press('Enter');
await door.waitForURL(`**/p/${moving.slug}`);

/* A presenter signs in and leads by keys */

const signIn = async (page, { email, password }) => {
  await page.fill('#sign-in-email', email);
  await page.fill('#sign-in-password', password);
  await page.keyboard.press('Enter');
};

const presenter = await open();
await presenter.goto(at(moving.slug));
await shows(presenter, 'lobby-title', moving.title);
await presenter.mouse.move(900, 20);
await presenter.locator('#controls [data-do=account]').click();
await signIn(presenter, { ...editor, password: 'dat is het niet' });
await presenter.locator('#sign-in .problem:not(:empty)').waitFor();
await signIn(presenter, editor);
await presenter.locator('#lobby .code').waitFor({ state: 'visible' });
const code = moving.joinCode;
assert.equal(await presenter.locator('#lobby .code').textContent(), `${code.slice(0, 3)} ${code.slice(3)}`);
await presenter.locator('#lobby .qr').waitFor({ state: 'visible' });

/** What a telephone reads of the QR code on the wall. */
const read = async (page, where) => {
  const { data, width } = await page.locator(where).evaluate(async (image) => {
    await image.decode();
    const size = 400;
    const canvas = Object.assign(document.createElement('canvas'), { width: size, height: size });
    const area = canvas.getContext('2d');
    area.drawImage(image, 0, 0, size, size);
    return { data: [...area.getImageData(0, 0, size, size).data], width: size };
  });
  return jsqr(Uint8ClampedArray.from(data), width, width)?.data;
};
assert.equal(await read(presenter, '#lobby .qr'), `https://jij.example/join/${code}`);
await presenter.mouse.move(10, 700);
await presenter.waitForFunction(() => !document.body.classList.contains('awake'));
await look(presenter, 'lobby');

// In the hall there are people, who are counted; the screens are not all of them.
await presenter.waitForFunction(() => /\d+ deelnemer/.test(document.getElementById('people').textContent));

const present = async (key, question) => {
  await presenter.keyboard.press(key);
  if (question) await shows(presenter, 'prompt', question.prompt);
};

const kinds = {};
for (const [n, question] of moving.questions.entries()) {
  await present(['ArrowRight', 'n', ' ', 'PageDown'][n % 4], question);
  await shows(watcher, 'prompt', question.prompt);
  await shows(watcher, 'state', 'Stemmen kan nu');
  await Promise.all(crowd.map((token, i) => cast(token, ballot(question, i))));
  // The wall moves by itself, over the live path.
  await shows(watcher, 'sentence', '9 mensen');
  await shows(presenter, 'voted', '9 stemmen');
  const rows = await presenter.locator('#table tbody tr').count();
  assert.ok(rows > 0, `${question.kind}: a table beside the chart`);
  assert.equal(await presenter.locator('#chart').getAttribute('aria-hidden'), 'true');
  const [wide, high] = await presenter.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]);
  assert.ok(wide <= WALL.width && high <= WALL.height, `${question.kind}: nothing scrolls on a wall, ${wide} × ${high}`);
  await look(presenter, `${n + 1}-${question.kind.toLowerCase()}`);
  kinds[question.kind] = rows;
}
await presenter.keyboard.press('n');
await shows(presenter, 'notice', 'laatste vraag');
await present('ArrowLeft', moving.questions.at(-2));
await present('ArrowRight', moving.questions.at(-1));
for (let i = moving.questions.length; i > 1; i -= 1) await present('p', moving.questions[i - 2]);
await presenter.keyboard.press('l');
await shows(watcher, 'state', 'Stemmen kan nu');
await presenter.keyboard.press('l');
await shows(watcher, 'state', 'Stemmen is gesloten');
await presenter.keyboard.press('r');
await shows(watcher, 'state', 'De uitslag');
await presenter.keyboard.press('r');
await shows(watcher, 'state', 'Stemmen is gesloten');
await presenter.keyboard.press('k');
await shows(watcher, 'timer', 'Nog ');
await presenter.keyboard.press('t');
await presenter.locator('#table').waitFor({ state: 'visible' });
await look(presenter, 'table');
await presenter.keyboard.press('t');
await presenter.keyboard.press('j');
await shows(presenter, 'lobby-title', moving.title);
await presenter.keyboard.press('j');
await shows(presenter, 'prompt', moving.questions[0].prompt);

/* The overview of the keys, and a switch for those of one character */

await presenter.keyboard.press('?');
await presenter.locator('dialog#keys[open]').waitFor();
await look(presenter, 'keys');
await presenter.locator('#keys-on').uncheck();
await presenter.keyboard.press('Escape');
await presenter.keyboard.press('n');
await presenter.keyboard.press('?');
assert.equal(await presenter.locator('dialog[open]').count(), 0);
await presenter.keyboard.press('ArrowRight');
await shows(presenter, 'prompt', moving.questions[1].prompt);

/* Dark, in English */

const dark = await open({ colorScheme: 'dark', locale: 'en-GB' });
await dark.goto(at(moving.slug, `?code=${code}`));
await shows(dark, 'prompt', moving.questions[1].prompt);
assert.equal(await dark.evaluate(() => document.documentElement.lang), 'en');
await shows(dark, 'sentence', '9 people');
await dark.locator('footer .code').waitFor({ state: 'visible' });
await look(dark, 'dark');
await dark.keyboard.press('j');
await look(dark, 'dark-lobby');
await dark.keyboard.press('c');
await dark.waitForFunction(() => getComputedStyle(document.body).backgroundColor === 'rgb(255, 255, 255)');

/* A watcher's telephone */

const phone = await open({ viewport: { width: 320, height: 640 }, colorScheme: 'dark' });
await phone.goto(at(moving.slug));
await shows(phone, 'prompt', moving.questions[1].prompt);
await shows(phone, 'sentence', '9 mensen');
assert.ok(await phone.evaluate(() => document.documentElement.scrollWidth) <= 320, 'nothing scrolls sideways');
await look(phone, 'phone');

/* The remote control */

const remote = await open({ viewport: { width: 320, height: 640 }, hasTouch: true });
await remote.goto(at(moving.slug, '/remote'));
await remote.locator('#sign-in-email').waitFor();
await look(remote, 'remote-sign-in');
await signIn(remote, editor);
await shows(remote, 'prompt', moving.questions[1].prompt);
await look(remote, 'remote');
await remote.locator('[data-do=next]').tap();
await shows(presenter, 'prompt', moving.questions[2].prompt);
await remote.locator('[data-do=previous]').tap();
await shows(presenter, 'prompt', moving.questions[1].prompt);
await remote.locator('[data-do=reveal]').tap();
await shows(presenter, 'state', 'De uitslag');
await shows(remote, 'state', 'De uitslag');
await remote.locator('#questions button').nth(3).tap();
await shows(presenter, 'prompt', moving.questions[3].prompt);
assert.ok(await remote.evaluate(() => document.documentElement.scrollWidth) <= 320, 'nothing scrolls sideways');
for (const button of await remote.locator('#desk .buttons button').all()) {
  const { height } = await button.boundingBox();
  assert.ok(height >= 64, `a thumb finds it: ${height}`);
}
await remote.emulateMedia({ colorScheme: 'dark' });
await look(remote, 'remote-dark');

const neighbour = await open({ viewport: { width: 320, height: 640 } });
await neighbour.goto(at(moving.slug, '/remote'));
await signIn(neighbour, resident);
await shows(neighbour, 'enter', 'U mag deze peiling niet leiden');

/* Who signs in by a link pastes the token that it gave; who signs out is gone */

await remote.evaluate(() => sessionStorage.getItem('jij.present.session')).then(async (kept) => {
  const pasted = await open({ viewport: { width: 320, height: 640 } });
  await pasted.goto(at(moving.slug, '/remote'));
  await pasted.locator('summary').click();
  await pasted.fill('#sign-in-refreshToken', JSON.parse(kept).refreshToken);
  await look(pasted, 'remote-link');
  await pasted.keyboard.press('Enter');
  await shows(pasted, 'prompt', moving.questions[3].prompt);
  await pasted.locator('#sign-out').click();
  await pasted.locator('#sign-in-email').waitFor();
  assert.equal(await pasted.evaluate(() => sessionStorage.getItem('jij.present.session')), null);
});

/* What is not revealed is not on the wall, whoever stands before it */

const wall = await open();
await wall.goto(at(held.slug));
await shows(wall, 'lobby-title', held.title);
await wall.mouse.move(900, 20);
await wall.locator('#controls [data-do=account]').click();
await signIn(wall, editor);
await wall.locator('#lobby .code').waitFor({ state: 'visible' });
await wall.keyboard.press('n');
await shows(wall, 'prompt', held.questions[0].prompt);
await Promise.all(crowd.map((token, i) => cast(token, ballot(held.questions[0], i))));
await shows(wall, 'voted', '9 stemmen');
await shows(wall, 'sentence', 'De uitslag volgt');
assert.equal(await wall.locator('#table').isVisible(), false);
assert.equal((await wall.content()).includes('%'), false, 'no share before it is revealed');
await look(wall, 'held');
await wall.keyboard.press('r');
await shows(wall, 'sentence', '9 mensen');
await look(wall, 'revealed');

/* Calm */

const calm = await open({ reducedMotion: 'reduce' });
await calm.goto(at(held.slug));
await shows(calm, 'sentence', '9 mensen');
const moves = await calm.evaluate(() => [
  document.getAnimations().length,
  ...[...document.querySelectorAll('.bar')].map((bar) => getComputedStyle(bar).transitionDuration),
]);
assert.deepEqual([...new Set(moves)], [0, '0s'], 'nothing moves for who asked for that');

/* Nothing is kept but what this window keeps */

for (const context of browser.contexts()) assert.deepEqual(await context.cookies(), []);
await browser.close();
console.log(JSON.stringify({ findings, outside: outside.flat(), kinds, looks }));
