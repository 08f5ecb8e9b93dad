// Chromium as Debian packages it, without what a desktop browser does on its own account.

import { accessSync } from 'node:fs';
import { chromium } from 'playwright-core';

const FLAGS = [
  '--no-sandbox', // checks often run as root, where Chromium's sandbox refuses to start
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage', // containers give little shared memory
];

export async function openBrowser() {
  const executablePath = process.env.TOCSIN_CHROMIUM ?? '/usr/bin/chromium';
  try {
    accessSync(executablePath);
  } catch {
    throw new Error(`${executablePath} is missing: apt-get install chromium, or name another in TOCSIN_CHROMIUM`);
  }
  return chromium.launch({ executablePath, args: FLAGS });
}
