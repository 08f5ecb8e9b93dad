// Runs the browser stories against the real binary and says how many passed; with --self-test, against practice pages
// whose faults it must find.
//
//   node tests/browser/run.mjs [--binary target/debug/tocsin] [--screenshots target/screenshots] [--lanes 2] [words of a story's name …]
//   node tests/browser/run.mjs --demo DIR …       a demonstration that is running already, by its data folder
//   node tests/browser/run.mjs --self-test

import { readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
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
    lanes: { type: 'string', default: String(Math.min(2, availableParallelism())) },
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
  const lanes = given.demo ? [stories] : deal(stories, Number(given.lanes));
  const told = await Promise.all(lanes.map(lane));
  const passed = told.reduce((sum, one) => sum + one.passed, 0);
  const failed = told.reduce((sum, one) => sum + one.failed, 0);
  console.log(`browser stories: ${passed} passed, ${failed} failed`);
  return failed;
}

/// Each lane has a demonstration of its own, so that no story meets the traces of one that runs beside it.
async function lane(stories) {
  const server = given.demo ? await joinDemo(given.demo) : await startDemo(given.binary);
  try {
    return await play(browser, server.demo, stories, given.screenshots);
  } finally {
    await server.stop();
  }
}

/// In turn, as cards are dealt: neighbours are often alike, and alike in length.
function deal(stories, lanes) {
  const hands = Array.from({ length: Math.min(lanes, stories.length) }, () => []);
  stories.forEach((story, n) => hands[n % hands.length].push(story));
  return hands;
}

async function everyStory() {
  const files = (await readdir(resolve(here, 'stories'))).filter((file) => file.endsWith('.mjs')).sort();
  const modules = await Promise.all(files.map((file) => import(resolve(here, 'stories', file))));
  return modules.flatMap((module) => module.default);
}
