// Somebody in front of a page: visits, fills, submits, and looks closely at every state on the way.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect, lookingGlass } from './inspect.mjs';

/// No page of ours takes this long, even on a busy machine.
const PATIENCE_MS = 20_000;

export class Visitor {
  /// Opens a fresh browser profile: no cookies, no cache, the clock and language of a Missouri office.
  static async arrive(browser, demo, { width, script, pictures, story }) {
    const context = await browser.newContext({
      baseURL: demo.address,
      viewport: { width, height: width < 640 ? 760 : 900 },
      javaScriptEnabled: script === 'on',
      locale: 'en-US',
      timezoneId: 'America/Chicago',
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    return new Visitor(context, page, demo, { width, script, pictures, story });
  }

  constructor(context, page, demo, way) {
    Object.assign(this, { context, page, demo, way, looks: 0, complaints: [] });
    this.listen();
  }

  /// Whatever the browser grumbles about is kept and fails the story at the next look.
  listen() {
    const home = new URL(this.demo.address).host;
    this.page.on('console', (message) => {
      // Answers with an error status are judged below, where the expected ones are known.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
        this.complaints.push(`console: ${message.text()}`);
      }
    });
    this.page.on('pageerror', (error) => this.complaints.push(`script: ${error.message}`));
    this.page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.host !== home && !['data:', 'blob:'].includes(url.protocol)) this.complaints.push(`third party: ${url.href}`);
    });
    this.page.on('response', (response) => {
      const own = response.request().isNavigationRequest() && response.frame() === this.page.mainFrame();
      if (own) this.status = response.status();
      else if (response.status() >= 400) this.complaints.push(`${response.status()} for ${response.url()}`);
    });
  }

  /// Goes to an address of ours and looks at it. `status` names an error answer that is meant.
  async visit(path, { status } = {}) {
    await this.page.goto(path);
    await this.look(path, status);
  }

  /// Fills fields by their labels: text into boxes, the option's words into a select, true or false into a tick box.
  async fill(answers) {
    for (const [label, answer] of Object.entries(answers)) {
      const field = this.page.getByLabel(label, { exact: true });
      const kind = await field.evaluate((node) => (node.tagName === 'SELECT' ? 'select' : node.type));
      if (kind === 'select') await field.selectOption({ label: answer });
      else if (typeof answer === 'boolean') await this.set(field, answer);
      else await field.fill(answer);
    }
  }

  /// Chooses radio buttons or ticks boxes by their labels.
  async choose(...labels) {
    for (const label of labels) await this.set(this.page.getByLabel(label, { exact: true }), true);
  }

  /// Tiles hide the input under their label, where a real person presses too.
  async set(field, wanted) {
    if ((await field.isChecked()) !== wanted) await field.setChecked(wanted, { force: true });
  }

  /// Adds files to a file field: paths, or { name, mimeType, buffer }.
  async attach(label, files) {
    await this.page.getByLabel(label, { exact: true }).setInputFiles(files);
  }

  /// Presses a button that leads to a page, and looks at that page.
  async submit(button, { status } = {}) {
    await this.lead(this.page.getByRole('button', { name: button, exact: true }), button, status);
  }

  /// Follows a link by its words, and looks at where it leads.
  async follow(link, { status } = {}) {
    await this.lead(this.page.getByRole('link', { name: link, exact: true }).first(), link, status);
  }

  async lead(target, words, status) {
    const arrived = this.page.waitForEvent('framenavigated', { predicate: (frame) => frame === this.page.mainFrame() });
    // Should the click itself fail, its message is the one to show.
    arrived.catch(() => {});
    await target.click();
    await arrived;
    await this.page.waitForLoadState('load');
    await this.look(words, status);
  }

  /// Takes a file behind a link and gives its bytes; the page stays where it is.
  async take(link) {
    const arriving = this.page.waitForEvent('download');
    arriving.catch(() => {});
    await this.page.getByRole('link', { name: link, exact: true }).first().click();
    return readFile(await (await arriving).path());
  }

  /// Signs in as the first demonstration account of a role (and, where told, of a unit).
  async signIn(role, unit) {
    const account = this.demo.accounts.find((a) => a.role === role && (unit === undefined || a.unit === unit));
    if (account === undefined) throw new Error(`the demonstration has no ${role}${unit ? ` at ${unit}` : ''}`);
    await this.visit('/sign-in');
    await this.page.locator('input[autocomplete="username"]').fill(account.login);
    await this.page.locator('input[autocomplete="current-password"]').fill(account.password);
    await this.submit('Sign in');
    return account;
  }

  /// Looks at the page as it is now: use it after something changed without leading elsewhere.
  async look(name, status) {
    this.looks += 1;
    if (status === undefined ? this.status >= 400 : this.status !== status) {
      this.complaints.push(`answered ${this.status}${status === undefined ? '' : ` instead of ${status}`}`);
    }
    await this.picture(name);
    const glass = this.way.script === 'off' ? await lookingGlass(this.page) : { page: this.page, close: async () => {} };
    try {
      this.complaints.push(...(await inspect(glass.page, this.way.width)));
    } finally {
      await glass.close();
    }
    await this.settle();
  }

  /// Fails when anything was complained about.
  async settle() {
    if (this.complaints.length > 0) throw new Error(this.complaints.splice(0).join('\n'));
  }

  /// The text must be there to read.
  async see(...texts) {
    for (const text of texts) {
      await this.page.getByText(text).first().waitFor({ state: 'visible' }).catch(() => {
        throw new Error(`"${text}" is not on the page`);
      });
    }
  }

  /// The text must not be there.
  async miss(...texts) {
    for (const text of texts) {
      if (await this.page.getByText(text).first().isVisible()) throw new Error(`"${text}" is on the page and should not be`);
    }
  }

  /// The one first-level heading says this.
  async heading(words) {
    const found = (await this.page.locator('h1').innerText()).trim();
    if (found !== words) throw new Error(`the heading is "${found}", not "${words}"`);
  }

  /// Fails with a sentence unless something holds.
  expect(holds, sentence) {
    if (!holds) throw new Error(sentence);
  }

  /// Nothing is remembered in this browser: the promise of every public page.
  async noCookies() {
    const cookies = await this.context.cookies();
    this.expect(cookies.length === 0, `cookies were set: ${cookies.map(({ name }) => name).join(', ')}`);
  }

  /// Loads a page once more in a browser that knows nothing, and counts requests and bytes as they cross the wire.
  async weigh(path) {
    const fresh = await this.context.browser().newContext({ baseURL: this.demo.address, viewport: this.page.viewportSize() });
    try {
      const page = await fresh.newPage();
      const wire = await fresh.newCDPSession(page);
      const weight = { requests: 0, bytes: 0 };
      await wire.send('Network.enable');
      wire.on('Network.loadingFinished', ({ encodedDataLength }) => {
        weight.requests += 1;
        weight.bytes += encodedDataLength;
      });
      await page.goto(path, { waitUntil: 'networkidle' });
      return weight;
    } finally {
      await fresh.close();
    }
  }

  /// Keeps a picture of the whole page as build output.
  async picture(name) {
    const plain = (text) => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '').slice(0, 60);
    const file = `${plain(this.way.story)}--${this.way.width}-${this.way.script}--${String(this.looks).padStart(2, '0')}-${plain(name)}.png`;
    await this.page.screenshot({ path: join(this.way.pictures, file), fullPage: true });
  }

  async leave() {
    await this.context.close();
  }
}
