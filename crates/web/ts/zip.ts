// A zip as docs/formats/export.md has it: stored, no extras, no folders.

import { concat, utf8, type Bytes } from "./bytes.ts";

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  return c >>> 0;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Numbers, little-endian, each with its width in bytes. */
function pack(...numbers: [value: number, width: 2 | 4][]): Bytes {
  const out = new Uint8Array(numbers.reduce((sum, [, width]) => sum + width, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const [value, width] of numbers) {
    if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += width;
  }
  return out;
}

// 1 January 1980, the first day that a zip knows: the same files make the same bytes.
const DAY = 0x21;

export function zip(files: [path: string, bytes: Uint8Array][]): Bytes {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const [path, bytes] of files) {
    const name = utf8(path);
    const same = pack([20, 2], [0, 2], [0, 2], [0, 2], [DAY, 2], [crc32(bytes), 4], [bytes.length, 4], [bytes.length, 4], [name.length, 2], [0, 2]);
    const local = concat(pack([0x04034b50, 4]), same, name);
    directory.push(concat(pack([0x02014b50, 4], [20, 2]), same, pack([0, 2], [0, 2], [0, 2], [0, 4], [at, 4]), name));
    parts.push(local, bytes);
    at += local.length + bytes.length;
  }
  const central = concat(...directory);
  const end = pack([0x06054b50, 4], [0, 2], [0, 2], [files.length, 2], [files.length, 2], [central.length, 4], [at, 4], [0, 2]);
  return concat(...parts, central, end);
}
