// A text of policy as an administrator hands it in: the shipped folder, changed, in a zip that is only stored.

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';

const POLICY = fileURLToPath(new URL('../../policy/', import.meta.url));

function files(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function u16(...numbers) {
  const bytes = Buffer.alloc(numbers.length * 2);
  numbers.forEach((number, at) => bytes.writeUInt16LE(number, at * 2));
  return bytes;
}

function u32(...numbers) {
  const bytes = Buffer.alloc(numbers.length * 4);
  numbers.forEach((number, at) => bytes.writeUInt32LE(number, at * 4));
  return bytes;
}

/** The folder below `policy/` as a zip, every file changed by `change`. */
export function textOf(folder, change) {
  const root = join(POLICY, folder);
  const [locals, directory] = [[], []];
  let offset = 0;
  for (const path of files(root)) {
    const name = Buffer.from(relative(root, path));
    const data = Buffer.from(change(readFileSync(path, 'utf8')));
    // version, flags (UTF-8), method (stored), time, day; then checksum and sizes.
    const common = Buffer.concat([u16(20, 0x0800, 0, 0, 0x5a21), u32(crc32(data), data.length, data.length), u16(name.length, 0)]);
    const local = Buffer.concat([u32(0x04034b50), common, name, data]);
    directory.push(Buffer.concat([u32(0x02014b50), u16(20), common, u16(0, 0, 0), u32(0, offset), name]));
    locals.push(local);
    offset += local.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.concat([u32(0x06054b50), u16(0, 0, directory.length, directory.length), u32(list.length, offset), u16(0)]);
  return Buffer.concat([...locals, list, end]);
}
