// A zip as docs/formats/export.md says, and the lies that one can tell in it.

import * as zlib from "node:zlib";

/**
 * Files to zip. `lie(file, where)` may change what stands in the local header ("local") or the directory ("directory") of a
 * file; `around` may change the parts before they are put together.
 */
export function pack(files, { store = () => false, lie = () => undefined, around = () => undefined } = {}) {
  const parts = { before: Buffer.alloc(0), files: [], directory: [], tail: Buffer.alloc(0), end: {} };
  let offset = 0;
  for (const [path, data] of files) {
    const isStored = store(path);
    const packed = isStored ? data : zlib.deflateRawSync(data, { level: 6 });
    const one = { path, name: Buffer.from(path), needed: 20, flags: 0, method: isStored ? 0 : 8, time: 0x6000, date: 0x5355 };
    Object.assign(one, { crc: crc32Of(data), packed, packedSize: packed.length, size: data.length, extra: Buffer.alloc(0), outer: 0o100644 * 65536, offset });
    const near = { ...one };
    const far = { ...one };
    lie(near, "local");
    lie(far, "directory");
    const body = Buffer.concat([local(near), near.packed, near.after ?? Buffer.alloc(0)]);
    parts.files.push(body);
    parts.directory.push(far);
    offset += body.length;
  }
  around(parts);
  const before = Buffer.concat([parts.before, ...parts.files]);
  const directory = Buffer.concat(parts.directory.map(entry));
  const end = { count: parts.directory.length, size: directory.length, begin: before.length, comment: Buffer.alloc(0), ...parts.end };
  return Buffer.concat([before, directory, endOf(end), parts.tail]);
}

const crc32Of = (data) => (zlib.crc32 ? zlib.crc32(data) : slowCrc32(data));

function slowCrc32(data) {
  let crc = -1;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

function local(file) {
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  fixed(head, 4, file);
  head.writeUInt32LE(file.crc, 14);
  head.writeUInt32LE(file.packedSize, 18);
  head.writeUInt32LE(file.size, 22);
  head.writeUInt16LE(file.name.length, 26);
  head.writeUInt16LE(file.extra.length, 28);
  return Buffer.concat([head, file.name, file.extra]);
}

function entry(file) {
  const head = Buffer.alloc(46);
  const comment = file.comment ?? Buffer.alloc(0);
  head.writeUInt32LE(0x02014b50, 0);
  head.writeUInt16LE(0x0314, 4);
  fixed(head, 6, file);
  head.writeUInt32LE(file.crc, 16);
  head.writeUInt32LE(file.packedSize, 20);
  head.writeUInt32LE(file.size, 24);
  head.writeUInt16LE(file.name.length, 28);
  head.writeUInt16LE(file.extra.length, 30);
  head.writeUInt16LE(comment.length, 32);
  head.writeUInt32LE(file.outer, 38);
  head.writeUInt32LE(file.offset, 42);
  return Buffer.concat([head, file.name, file.extra, comment]);
}

function fixed(head, at, file) {
  head.writeUInt16LE(file.needed, at);
  head.writeUInt16LE(file.flags, at + 2);
  head.writeUInt16LE(file.method, at + 4);
  head.writeUInt16LE(file.time, at + 6);
  head.writeUInt16LE(file.date, at + 8);
}

function endOf({ count, size, begin, comment }) {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(begin, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([end, comment]);
}

/** The same with the ZIP64 records that a small zip does not need. */
export function endOf64({ count, size, begin }) {
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE(45, 12);
  record.writeUInt16LE(45, 14);
  for (const [at, value] of [[24, count], [32, count], [40, size], [48, begin]]) record.writeBigUInt64LE(BigInt(value), at);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(begin + size), 8);
  locator.writeUInt32LE(1, 16);
  const end = endOf({ count: 0xffff, size: 0xffffffff, begin: 0xffffffff, comment: Buffer.alloc(0) });
  return Buffer.concat([record, locator, end]);
}
