// What must hold in every state of every page: no accessibility fault in light or dark, one heading, nothing cut off.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const RULES = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] };
const CONTRAST = { runOnly: { type: 'rule', values: ['color-contrast'] }, resultTypes: ['violations'] };
/// WCAG 1.4.10: text reflows in this width without scrolling sideways.
const NARROWEST = 320;

/// Returns every complaint about the page as it stands.
export async function inspect(page, width) {
  // Evaluated through the debugger, so a strict content policy is not in the way.
  await page.evaluate(axe);
  // As tall as the page: bars that stay at the edge of a window cover nothing that scrolling does not uncover.
  const seen = page.viewportSize();
  const tall = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ ...seen, height: Math.max(seen.height, tall) });
  const complaints = await violations(page, RULES, '');
  await page.emulateMedia({ colorScheme: 'dark' });
  complaints.push(...(await violations(page, CONTRAST, ' in dark mode')));
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(seen);
  complaints.push(...(await outline(page)));
  if (width <= 640) complaints.push(...(await reflow(page)));
  return complaints;
}

/// The same document, as it stands without script, in a page where axe can run: it needs timers, which a page with
/// script switched off never fires. The page's own scripts stay out of it, and what `noscript` holds is let in.
export async function lookingGlass(page) {
  const html = (await page.content()).replaceAll(/<script\b[^]*?<\/script>/gi, '').replaceAll(/<\/?noscript>/gi, '');
  const context = await page.context().browser().newContext({ viewport: page.viewportSize(), reducedMotion: 'reduce' });
  const glass = await context.newPage();
  await glass.route(page.url(), (route) =>
    route.request().isNavigationRequest()
      ? route.fulfill({ contentType: 'text/html; charset=utf-8', body: `<!doctype html>${html.replace(/^<!doctype html>/i, '')}` })
      : route.continue(),
  );
  await glass.goto(page.url());
  return { page: glass, close: () => context.close() };
}

async function violations(page, rules, where) {
  const found = await page.evaluate((options) => globalThis.axe.run(document, options), rules);
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.slice(0, 3).map((node) => `axe ${id}${where}: ${help}: ${node.html.slice(0, 160)}`),
  );
}

async function outline(page) {
  const { headings, title, language } = await page.evaluate(() => ({
    headings: document.querySelectorAll('h1').length,
    title: document.title,
    language: document.documentElement.lang,
  }));
  const complaints = [];
  if (headings !== 1) complaints.push(`${headings} first-level headings instead of one`);
  if (title.trim() === '') complaints.push('no title');
  if (language === '') complaints.push('no language');
  return complaints;
}

async function reflow(page) {
  const before = page.viewportSize();
  await page.setViewportSize({ ...before, width: NARROWEST });
  const wide = await page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return undefined;
    const cut = [...document.body.querySelectorAll('*')].filter((node) => node.getBoundingClientRect().right > room + 1);
    return cut.slice(-1).map((node) => node.outerHTML.slice(0, 160)).join('') || 'the page itself';
  });
  await page.setViewportSize(before);
  return wide === undefined ? [] : [`scrolls sideways at ${NARROWEST} px: ${wide}`];
}
