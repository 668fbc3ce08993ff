// A zip, byte for byte as docs/formats/export.md says: files one after another, directory, end records, nothing else.

import { equal, type Bytes } from "./bytes.ts";
import { Unreadable } from "./fault.ts";
import { pieces, type Files } from "./files.ts";

const LOCAL = 0x04034b50;
const DIRECTORY = 0x02014b50;
const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;

const LARGE = 0xffffffff;
const STORED = 0;
const DEFLATED = 8;
/** Bits 1 and 2 tell how hard it was packed, 11 that the name is UTF-8. */
const FLAGS = 0x0806;
const REGULAR = 8;
const SWELLS_MAX = 1000;
const MIB = 1024 * 1024;

interface Place {
  begin: number;
  packed: number;
  size: number;
  method: number;
  crc: number;
}

interface Header {
  /** Version, flags, method, time, date, as they stand. */
  fixed: Bytes;
  method: number;
  crc: number;
  packed: number;
  size: number;
  name: Bytes;
}

export class Zip implements Files {
  readonly sizes = new Map<string, number>();
  private readonly places = new Map<string, Place>();

  private constructor(private readonly blob: Blob) {}

  /** Reads the directory and unpacks every file once. */
  static async open(blob: Blob, progress: (path: string) => void): Promise<Zip> {
    const zip = new Zip(blob);
    await zip.readDirectory();
    for (const path of zip.sizes.keys()) {
      progress(path);
      for await (const _ of zip.chunks(path)) continue;
    }
    return zip;
  }

  async *chunks(path: string): AsyncIterable<Uint8Array> {
    const place = this.places.get(path);
    if (!place) throw new Unreadable(`\`${path}\` is not there`);
    const packed = this.blob.slice(place.begin, place.begin + place.packed);
    let left = place.size;
    let crc = 0;
    for await (const chunk of place.method === STORED ? pieces(packed) : inflated(packed)) {
      left -= chunk.length;
      if (left < 0) throw new Unreadable(`\`${path}\` unpacks to more than the directory says`);
      crc = crc32(crc, chunk);
      yield chunk;
    }
    if (left !== 0 || crc !== place.crc) throw new Unreadable(`\`${path}\` does not unpack to what the directory says`);
  }

  private async slice(begin: number, length: number): Promise<DataView> {
    if (begin < 0 || begin + length > this.blob.size) throw new Unreadable("the zip ends too early");
    return new DataView(await this.blob.slice(begin, begin + length).arrayBuffer());
  }

  private async readDirectory(): Promise<void> {
    const { count, begin, length } = await this.readEnd();
    const view = await this.slice(begin, length);
    let at = 0;
    let next = 0;
    for (let file = 0; file < count; file += 1) {
      const { header, offset, end } = readEntry(view, at);
      if (offset !== next) throw new Unreadable("a file does not begin where the one before it ends");
      next = (await this.readLocal(offset, header)) + header.packed;
      at = end;
    }
    if (at !== length || next !== begin) throw new Unreadable("something stands between the files, or in the directory");
  }

  private async readEnd(): Promise<{ count: number; begin: number; length: number }> {
    const end = this.blob.size - 22;
    const view = await this.slice(end, 22);
    const isOne = view.getUint32(0, true) === END && view.getUint32(4, true) === 0 && view.getUint16(20, true) === 0;
    const small = [view.getUint16(10, true), view.getUint32(12, true), view.getUint32(16, true)];
    if (!isOne || view.getUint16(8, true) !== small[0]) throw new Unreadable("no zip on one disk without a comment");
    let [count = 0, length = 0, begin = 0] = small;
    let stop = end;
    if (count === 0xffff || length === LARGE || begin === LARGE) {
      [count, length, begin] = await this.readEnd64(end, [count, length, begin]);
      stop = end - 76;
    }
    if (begin + length !== stop) throw new Unreadable("the directory does not end where the end record begins");
    return { count, begin, length };
  }

  private async readEnd64(end: number, small: [number, number, number]): Promise<[number, number, number]> {
    const locator = await this.slice(end - 20, 20);
    const where = end - 76;
    const isFit = locator.getUint32(0, true) === LOCATOR64 && locator.getUint32(4, true) === 0;
    if (!isFit || long(locator, 8) !== where || locator.getUint32(16, true) !== 1) throw new Unreadable("no ZIP64 locator");
    const view = await this.slice(where, 56);
    const isRecord = view.getUint32(0, true) === END64 && long(view, 4) === 44 && view.getUint32(16, true) === 0;
    if (!isRecord || view.getUint32(20, true) !== 0) throw new Unreadable("no ZIP64 end record");
    const large: [number, number, number] = [long(view, 32), long(view, 40), long(view, 48)];
    const most = [0xffff, LARGE, LARGE];
    const agrees = small.every((number, at) => number === most[at] || number === large[at]);
    if (!agrees || long(view, 24) !== large[0]) throw new Unreadable("the two end records differ");
    return large;
  }

  /** Where the packed bytes begin. */
  private async readLocal(offset: number, said: Header): Promise<number> {
    const head = await this.slice(offset, 30);
    const names = head.getUint16(26, true);
    const extras = head.getUint16(28, true);
    const rest = await this.slice(offset + 30, names + extras);
    const [size = 0, packed = 0] = widened(bytesOf(rest, names, extras), [head.getUint32(22, true), head.getUint32(18, true)]);
    const isSame =
      head.getUint32(0, true) === LOCAL &&
      equal(bytesOf(head, 4, 10), said.fixed) &&
      head.getUint32(14, true) === said.crc &&
      size === said.size &&
      packed === said.packed &&
      equal(bytesOf(rest, 0, names), said.name);
    if (!isSame) throw new Unreadable("a local header differs from the directory");
    const path = String.fromCharCode(...said.name);
    if (this.places.has(path)) throw new Unreadable(`\`${path}\` is there twice`);
    const begin = offset + 30 + names + extras;
    this.sizes.set(path, size);
    this.places.set(path, { begin, packed, size, method: said.method, crc: said.crc });
    return begin;
  }
}

function readEntry(view: DataView, at: number): { header: Header; offset: number; end: number } {
  const names = at + 46 <= view.byteLength ? view.getUint16(at + 28, true) : Infinity;
  const extras = names < Infinity ? view.getUint16(at + 30, true) : 0;
  const end = at + 46 + names + extras;
  if (end > view.byteLength || view.getUint32(at, true) !== DIRECTORY || names > 1024) {
    throw new Unreadable("a header of the directory cannot be read");
  }
  // No comment, first disk.
  if (view.getUint32(at + 32, true) !== 0) throw new Unreadable("a comment, or a second disk");
  const type = view.getUint16(at + 40, true) >> 12;
  if (type !== 0 && type !== REGULAR) throw new Unreadable("something that is no plain file");
  const numbers = [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)];
  const [size = 0, packed = 0, offset = 0] = widened(bytesOf(view, at + 46 + names, extras), numbers);
  const method = view.getUint16(at + 10, true);
  const isStored = method === STORED && packed === size;
  if ((view.getUint16(at + 8, true) & ~FLAGS) !== 0 || (!isStored && method !== DEFLATED)) {
    throw new Unreadable("packed in a way that is not taken");
  }
  if (size > SWELLS_MAX * packed + MIB) throw new Unreadable("a file that unpacks to far more than it can hold");
  const header: Header = {
    fixed: bytesOf(view, at + 6, 10),
    method,
    crc: view.getUint32(at + 16, true),
    packed,
    size,
    name: bytesOf(view, at + 46, names),
  };
  return { header, offset, end };
}

const bytesOf = (view: DataView, at: number, length: number): Bytes =>
  new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset + at, length);

/** The numbers, those that are all ones from the ZIP64 field, which is the only field there may be. */
function widened(extra: Bytes, numbers: number[]): number[] {
  const wanted = numbers.filter((number) => number === LARGE).length;
  if (extra.length === 0 && wanted === 0) return numbers;
  const view = new DataView(extra.buffer, extra.byteOffset, extra.length);
  if (extra.length !== 4 + 8 * wanted || view.getUint16(0, true) !== 1 || view.getUint16(2, true) !== 8 * wanted) {
    throw new Unreadable("an extra field that is not taken");
  }
  let at = 4;
  return numbers.map((number) => {
    if (number !== LARGE) return number;
    at += 8;
    return long(view, at - 8);
  });
}

function long(view: DataView, at: number): number {
  const number = Number(view.getBigUint64(at, true));
  if (!Number.isSafeInteger(number)) throw new Unreadable("a number in the zip that no file has");
  return number;
}

async function* inflated(packed: Blob): AsyncIterable<Uint8Array> {
  const reader = packed.stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    throw new Unreadable("a packed file that cannot be unpacked");
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

const CRC = new Uint32Array(256).map((_, at) => {
  let value = at;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc32(before: number, chunk: Uint8Array): number {
  let crc = ~before;
  for (const byte of chunk) crc = (CRC[(crc ^ byte) & 255] as number) ^ (crc >>> 8);
  return ~crc >>> 0;
}
