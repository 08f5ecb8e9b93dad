// A story is told once and lived four times: on a phone and on a desk, with script and without.

import { mkdir } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { Visitor } from './visitor.mjs';

const WIDTHS = [360, 1280];
const SCRIPT = ['on', 'off'];
const STORY_MS = 180_000;

/// Names a story. `ways` narrows where it is lived, when a story is about one of them: { widths: [1280], script: ['on'] }.
/// `host: 'localhost'` lives it under that name: browsers make passkeys for names, not for addresses.
export function story(name, ways, live) {
  if (typeof ways === 'function') return { name, widths: WIDTHS, script: SCRIPT, live: ways };
  return { name, widths: ways.widths ?? WIDTHS, script: ways.script ?? SCRIPT, host: ways.host, live };
}

/// Lives every story in each of its ways and prints a line for each.
export async function play(browser, demo, stories, pictures) {
  await mkdir(pictures, { recursive: true });
  let passed = 0;
  let failed = 0;
  for (const story of stories) {
    for (const width of story.widths) {
      for (const script of story.script) {
        const began = performance.now();
        const fault = await liveOnce(browser, demo, story, { width, script, pictures });
        const told = `${story.name} (${width} px, script ${script})  ${((performance.now() - began) / 1000).toFixed(1)} s`;
        if (fault === undefined) {
          passed += 1;
          console.log(`ok      ${told}`);
        } else {
          failed += 1;
          console.log(`FAILED  ${told}\n        ${fault.replaceAll('\n', '\n        ')}`);
        }
      }
    }
  }
  return { passed, failed };
}

/// A page can hang without the driver noticing; then the story ends here rather than never.
function tooLong() {
  return wait(STORY_MS, undefined, { ref: false }).then(() => {
    throw new Error(`not over after ${STORY_MS / 1000} seconds`);
  });
}

/// Returns what went wrong, or undefined.
export async function liveOnce(browser, demo, story, way) {
  const there = story.host ? { ...demo, address: demo.address.replace('127.0.0.1', story.host) } : demo;
  const visitor = await Visitor.arrive(browser, there, { ...way, story: story.name });
  try {
    const told = Promise.resolve(story.live(visitor)).then(() => visitor.settle());
    await Promise.race([told, tooLong()]);
    return undefined;
  } catch (why) {
    await visitor.picture('failed').catch(() => {});
    return `${why.message}\n    at ${visitor.page.url()}`;
  } finally {
    await visitor.leave();
  }
}
