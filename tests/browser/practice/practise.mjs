// The harness tests itself: on sound practice pages it must be silent, and on each spoilt one it must name the fault.

import { mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { story, liveOnce } from '../story.mjs';

const POLICY = "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; form-action 'self'; img-src * data:";

/// Faults that do not depend on the way a page is looked at are practised in one way.
const ONCE = { widths: [360], script: ['on'] };
const NARROW = { widths: [360] };

/// What a story is expected to come to: silence, or a complaint that holds these words.
const EXPECTED = [
  [story('a sound page', (v) => v.visit('/sound')), undefined],
  [story('a form is filled and sent', sendForm), undefined],
  [story('an error page that was meant', (v) => v.visit('/missing', { status: 404 })), undefined],
  [story('an error page that was not meant', ONCE, (v) => v.visit('/missing')), 'answered 404'],
  [story('an error page with another status', ONCE, (v) => v.visit('/sound', { status: 422 })), 'answered 200 instead of 422'],
  [story('text without contrast', NARROW, (v) => v.visit('/contrast')), 'axe color-contrast:'],
  [story('text without contrast in dark mode', NARROW, (v) => v.visit('/dark')), 'axe color-contrast in dark mode'],
  [story('a field without label', NARROW, (v) => v.visit('/label')), 'axe label'],
  [story('two first-level headings', ONCE, (v) => v.visit('/headings')), '2 first-level headings'],
  [story('a page too wide for a phone', NARROW, (v) => v.visit('/wide')), 'scrolls sideways'],
  [story('a script that throws', { script: ['on'] }, (v) => v.visit('/throws')), 'script: practice fault'],
  [story('a script that grumbles', { script: ['on'] }, (v) => v.visit('/grumbles')), 'console: practice fault'],
  [story('a picture from elsewhere', ONCE, (v) => v.visit('/elsewhere')), 'third party'],
  [story('words that are not there', ONCE, (v) => v.visit('/sound').then(() => impatient(v).see('unicorn'))), '"unicorn" is not on the page'],
  [story('words that should not be there', ONCE, (v) => v.visit('/sound').then(() => v.miss('practice'))), 'should not be'],
  [story('another heading', ONCE, (v) => v.visit('/sound').then(() => v.heading('Report'))), 'the heading is'],
  [story('a cookie', ONCE, (v) => v.visit('/cookie').then(() => v.noCookies())), 'cookies were set: crumb'],
];

/// Returns how many expectations were not met.
export async function practise(browser, pictures) {
  const folder = join(pictures, 'practice');
  await mkdir(folder, { recursive: true });
  const server = await serve();
  const demo = { address: `http://127.0.0.1:${server.address().port}`, accounts: [], units: [] };
  let [passed, failed] = [0, 0];
  for (const [practice, words] of EXPECTED) {
    for (const width of practice.widths) {
      for (const script of practice.script) {
        const fault = await liveOnce(browser, demo, practice, { width, script, pictures: folder });
        const met = words === undefined ? fault === undefined : fault?.includes(words);
        met ? (passed += 1) : (failed += 1);
        if (!met) console.log(`FAILED  ${practice.name} (${width} px, script ${script}): ${fault ?? 'nothing was said'}`);
      }
    }
  }
  await new Promise((done) => server.close(done));
  console.log(`browser harness: ${passed} passed, ${failed} failed`);
  return failed;
}

async function sendForm(visitor) {
  await visitor.visit('/form');
  await visitor.fill({ 'What happened': 'A laptop is gone', 'Which office': 'Second floor', 'It is still going on': true });
  await visitor.choose('Equipment');
  await visitor.submit('Send');
  await visitor.see('A laptop is gone', 'second', 'equipment', 'going=yes');
  await visitor.noCookies();
  const { requests, bytes } = await visitor.weigh('/sound');
  visitor.expect(requests === 1 && bytes > 200 && bytes < 5_000, `weighed ${requests} requests, ${bytes} bytes`);
}

/// What is absent need not be waited for here.
function impatient(visitor) {
  visitor.page.setDefaultTimeout(300);
  return visitor;
}

/// Serves the practice pages, and says back what a form sent.
async function serve() {
  const pages = JSON.parse(await readFile(join(import.meta.dirname, 'pages.json'), 'utf8'));
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://localhost');
    const body = pathname === '/sent' ? `<h1>Sent</h1><p>${escape(decodeURIComponent(searchParams.toString().replaceAll('+', ' ')))}</p>` : pages[pathname];
    const head = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY };
    if (pathname === '/cookie') head['set-cookie'] = 'crumb=1';
    response.writeHead(body ? 200 : 404, head).end(frame(body ?? '<h1>Nothing here</h1>'));
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return server;
}

function frame(body) {
  return `<!doctype html><html lang="en"><head><title>Practice</title><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
    <style>:root { color-scheme: light dark; overflow-wrap: anywhere } input, select { min-block-size: 1.75rem; min-inline-size: 1.75rem }</style></head><body><main>${body}</main></body></html>`;
}

function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
