// The real binary with its demonstration data, or one that is running already.

import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/// A debug build makes five agencies with everything in them within this time.
const PATIENCE_MS = 120_000;

/// Starts `tocsin demo` on a free port with a folder of its own.
///
/// The demonstration writes DIR/demo.json once it is listening:
/// { address, api_token, accounts: [{ role, login, password, unit }], units: [{ code, name }] }
export async function startDemo(binary) {
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-browser-'));
  const server = spawn(binary, ['demo', '--listen', '127.0.0.1:0', '--data', folder], { stdio: ['ignore', 'ignore', 'inherit'] });
  const state = { ended: undefined };
  server.on('error', (why) => (state.ended = why.message));
  server.on('exit', (code, signal) => (state.ended ??= `it ended with ${code ?? signal}`));
  const stop = async () => {
    if (state.ended === undefined) {
      const gone = new Promise((done) => server.once('exit', done));
      server.kill('SIGTERM');
      await Promise.race([gone, wait(5_000).then(() => server.kill('SIGKILL'))]);
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return { demo: await announced(folder, state), stop };
  } catch (why) {
    await stop();
    throw why;
  }
}

/// A demonstration that somebody else started and will stop.
export async function joinDemo(folder) {
  return { demo: await announced(folder, { ended: undefined }), stop: async () => {} };
}

async function announced(folder, state) {
  const until = Date.now() + PATIENCE_MS;
  while (Date.now() < until) {
    const text = await readFile(join(folder, 'demo.json'), 'utf8').catch(() => undefined);
    if (text !== undefined) return JSON.parse(text);
    if (state.ended !== undefined) throw new Error(`tocsin demo was not ready: ${state.ended}`);
    await wait(100);
  }
  throw new Error(`tocsin demo wrote no demo.json within ${PATIENCE_MS / 1000} seconds`);
}
