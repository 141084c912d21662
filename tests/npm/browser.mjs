// A headless Chromium for the tests that look at pages, and axe-core's opinion of what it shows.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

// Where Debian and others put it; CHROMIUM names another place.
export const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

// How long a wait may last, in milliseconds: only what never comes is given up, also on a machine
// that does much else.
export const PATIENCE = 120_000;

// A browser that speaks with nobody but the pages under test.
export const launch = () => chromium.launch({
  executablePath: CHROMIUM,
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
  ],
});

// What axe-core finds in a page at WCAG 2.2 A and AA: one line a finding, so that an empty list is
// a clean page. The page's own content security policy stays as it is: axe runs beside the page.
export const audit = async (page) => {
  const world = await page.context().newCDPSession(page);
  const { frameTree } = await world.send('Page.getFrameTree');
  const { executionContextId } = await world.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id });
  const run = async (expression) => {
    const answer = await world.send('Runtime.evaluate', {
      expression, contextId: executionContextId, awaitPromise: true, returnByValue: true,
    });
    if (answer.exceptionDetails) throw new Error(answer.exceptionDetails.exception?.description ?? 'axe failed');
    return answer.result.value;
  };
  await run(`${AXE}; true`);
  // A colour on its way to another is neither: what moves comes to rest first.
  await run('Promise.allSettled(document.getAnimations().map((one) => one.finished)).then(() => true)');
  const { violations, passes } = await run(
    `axe.run(document, ${JSON.stringify({ runOnly: { type: 'tag', values: WCAG_22_AA } })})`,
  );
  await world.detach();
  if (passes === 0) throw new Error('axe looked at nothing');
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target.join(' ')}: ${failureSummary}`));
};

// Notes every request of a context that leaves these origins; an empty list is a page that speaks
// with nobody else.
export const strangers = (context, origins) => {
  const seen = [];
  context.on('request', (request) => {
    const url = new URL(request.url());
    const local = ['data:', 'blob:', 'about:'].includes(url.protocol);
    if (!local && !origins.includes(url.origin)) seen.push(request.url());
  });
  return seen;
};
