// Runs the browser stories against the real binary and says how many passed; with --self-test, against practice pages
// whose faults it must find.
//
//   node tests/browser/run.mjs [--binary target/debug/tocsin] [--screenshots target/screenshots] [words of a story's name …]
//   node tests/browser/run.mjs --demo DIR …       a demonstration that is running already, by its data folder
//   node tests/browser/run.mjs --self-test

import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openBrowser } from './browser.mjs';
import { practise } from './practice/practise.mjs';
import { play } from './story.mjs';
import { joinDemo, startDemo } from './server.mjs';

const here = import.meta.dirname;
const { values: given, positionals: words } = parseArgs({
  allowPositionals: true,
  options: {
    binary: { type: 'string', default: resolve(here, '../../target/debug/tocsin') },
    screenshots: { type: 'string', default: resolve(here, '../../target/screenshots') },
    demo: { type: 'string' },
    'self-test': { type: 'boolean', default: false },
  },
});

const browser = await openBrowser();
let failed;
try {
  failed = given['self-test'] ? await practise(browser, given.screenshots) : await tell();
} finally {
  await browser.close();
}
process.exitCode = failed === 0 ? 0 : 1;

async function tell() {
  const stories = (await everyStory()).filter(({ name }) => words.every((word) => name.includes(word)));
  if (stories.length === 0) {
    console.log('there is no such story');
    return 1;
  }
  const server = given.demo ? await joinDemo(given.demo) : await startDemo(given.binary);
  try {
    const { passed, failed } = await play(browser, server.demo, stories, given.screenshots);
    console.log(`browser stories: ${passed} passed, ${failed} failed`);
    return failed;
  } finally {
    await server.stop();
  }
}

async function everyStory() {
  const files = (await readdir(resolve(here, 'stories'))).filter((file) => file.endsWith('.mjs')).sort();
  const modules = await Promise.all(files.map((file) => import(resolve(here, 'stories', file))));
  return modules.flatMap((module) => module.default);
}
