// Takes out of a photograph what the camera wrote into it: where, when, with what, thumbnails, captions. The picture itself
// is not touched. Done on the phone, so that nothing of it leaves the phone.

import { concat, type Bytes } from "./bytes.ts";

/** Largest photograph that is worked on in memory. */
export const STRIP_BYTES_MAX = 100 * 1024 * 1024;

/** Kinds from which it can be taken. */
export const canStrip = (media: string): boolean => media === "image/jpeg" || media === "image/png" || media === "image/webp";

/** The same picture without it. Throws with a sentence for what cannot be read: then nothing is sent. */
export function strip(media: string, bytes: Bytes): Bytes {
  switch (media) {
    case "image/jpeg":
      return jpeg(bytes);
    case "image/png":
      return png(bytes);
    case "image/webp":
      return webp(bytes);
    default:
      throw new Error("It can be taken out of JPEG, PNG and WebP photographs only.");
  }
}

const unreadable = (kind: string): Error => new Error(`This is not a whole ${kind} photograph: what the camera wrote cannot be taken out.`);

const text = (bytes: Uint8Array, from: number, length: number): string => String.fromCharCode(...bytes.subarray(from, from + length));

/** Keeps what draws the picture, colour profiles, and which way up it is; ends at the picture's end, whatever follows. */
function jpeg(bytes: Bytes): Bytes {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) throw unreadable("JPEG");
  const kept: Uint8Array[] = [bytes.subarray(0, 2)];
  let turn = 1;
  let at = 2;
  for (;;) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at += 1;
    const marker = bytes[at + 1];
    if (at + 2 > bytes.length || bytes[at] !== 0xff || marker === undefined) throw unreadable("JPEG");
    if (marker === 0xd9) {
      kept.push(bytes.subarray(at, at + 2));
      break;
    }
    const length = at + 4 <= bytes.length ? view.getUint16(at + 2) : 0;
    let end = at + 2 + length;
    if (length < 2 || end > bytes.length) throw unreadable("JPEG");
    if (marker === 0xe1 && text(bytes, at + 4, 4) === "Exif") turn = orientation(bytes.subarray(at + 10, end)) ?? turn;
    if (marker === 0xda) end = scanEnd(bytes, end);
    if (isPicture(marker, bytes, at)) kept.push(bytes.subarray(at, end));
    at = end;
  }
  if (turn !== 1) kept.splice(1, 0, turned(turn));
  return concat(...kept);
}

/** All but what programs and cameras add: of those, the JFIF head, the colour profile and Adobe's colour transform stay. */
function isPicture(marker: number, bytes: Uint8Array, at: number): boolean {
  if (marker === 0xe0) return text(bytes, at + 4, 4) === "JFIF";
  if (marker === 0xe2) return text(bytes, at + 4, 11) === "ICC_PROFILE";
  if (marker === 0xee) return text(bytes, at + 4, 5) === "Adobe";
  return !((marker >= 0xe0 && marker <= 0xef) || marker === 0xfe);
}

/** Where the compressed picture ends: at the next marker that is no stuffing and no restart. */
function scanEnd(bytes: Uint8Array, from: number): number {
  for (let at = from; at + 1 < bytes.length; at++) {
    const next = bytes[at + 1] ?? 0;
    if (bytes[at] === 0xff && next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  throw unreadable("JPEG");
}

/** Which way up, from Exif's first directory: 1 to 8. */
function orientation(tiff: Uint8Array): number | undefined {
  if (tiff.length < 14) return undefined;
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.length);
  const isLittle = text(tiff, 0, 2) === "II";
  const first = view.getUint32(4, isLittle);
  if (first + 2 > tiff.length) return undefined;
  const count = view.getUint16(first, isLittle);
  for (let i = 0; i < count; i++) {
    const at = first + 2 + 12 * i;
    if (at + 12 > tiff.length) return undefined;
    const value = view.getUint16(at + 8, isLittle);
    if (view.getUint16(at, isLittle) === 0x0112) return value >= 1 && value <= 8 ? value : undefined;
  }
  return undefined;
}

/** An Exif segment that says which way up and nothing else. */
function turned(turn: number): Uint8Array {
  const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, turn, 0, 0, 0, 0, 0, 0];
  const body = [0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff];
  return Uint8Array.from([0xff, 0xe1, 0, body.length + 2, ...body]);
}

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const PNG_KEPT = new Set(["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "bKGD", "pHYs", "acTL", "fcTL", "fdAT"]);

function png(bytes: Bytes): Bytes {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (PNG.some((byte, i) => bytes[i] !== byte)) throw unreadable("PNG");
  const kept: Uint8Array[] = [bytes.subarray(0, 8)];
  for (let at = 8; ; ) {
    if (at + 12 > bytes.length) throw unreadable("PNG");
    const name = text(bytes, at + 4, 4);
    const end = at + 12 + view.getUint32(at);
    if (end > bytes.length) throw unreadable("PNG");
    if (PNG_KEPT.has(name)) kept.push(bytes.subarray(at, end));
    if (name === "IEND") return concat(...kept);
    at = end;
  }
}

const WEBP_KEPT = new Set(["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"]);

function webp(bytes: Bytes): Bytes {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 20 || text(bytes, 0, 4) !== "RIFF" || text(bytes, 8, 4) !== "WEBP") throw unreadable("WebP");
  const end = Math.min(bytes.length, 8 + view.getUint32(4, true));
  const kept: Uint8Array[] = [];
  for (let at = 12; at + 8 <= end; ) {
    const size = view.getUint32(at + 4, true);
    const next = at + 8 + size + (size % 2);
    if (at + 8 + size > bytes.length) throw unreadable("WebP");
    const name = text(bytes, at, 4);
    if (WEBP_KEPT.has(name)) {
      const chunk = bytes.slice(at, Math.min(next, bytes.length));
      // The flags that say that Exif and XMP follow.
      if (name === "VP8X") chunk[8] = (chunk[8] ?? 0) & ~0x0c;
      kept.push(chunk);
    }
    at = next;
  }
  if (kept.length === 0) throw unreadable("WebP");
  const body = concat(...kept);
  const head = bytes.slice(0, 12);
  new DataView(head.buffer).setUint32(4, body.length + 4, true);
  return concat(head, body);
}
