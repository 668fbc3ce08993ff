// Bytes as text and back, in one spelling only, and the hashes.

import { Unreadable } from "./fault.ts";

export type Bytes = Uint8Array<ArrayBuffer>;

const DIGITS = "0123456789abcdef";
const SIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUES = new Int8Array(128).fill(-1);
for (let at = 0; at < SIX.length; at += 1) VALUES[SIX.charCodeAt(at)] = at;

/** The most that is given to the browser's own hash at once; more is hashed a piece at a time. */
const AT_ONCE_BYTES_MAX = 32 * 1024 * 1024;

export const utf8 = (text: string): Bytes => new TextEncoder().encode(text);

export function fromUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Unreadable("bytes that are not UTF-8");
  }
}

export function concat(...parts: Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function equal(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}

export function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += DIGITS.charAt(byte >> 4) + DIGITS.charAt(byte & 15);
  return text;
}

export const isHash = (text: unknown): text is string => typeof text === "string" && /^[0-9a-f]{64}$/.test(text);

/** The bytes of an even number of small hexadecimal digits, which the caller has looked at. */
export function unhex(text: string): Bytes {
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = Number.parseInt(text.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}

/** Padded standard base64; unused bits must be zero. */
export function unbase64(text: string): Bytes {
  if (text.length % 4 !== 0) throw new Unreadable("base64 that is not padded");
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const digits = text.length - padding;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let bits = 0;
  let held = 0;
  let out = 0;
  for (let at = 0; at < digits; at += 1) {
    const code = text.charCodeAt(at);
    const value = code < 128 ? (VALUES[code] ?? -1) : -1;
    if (value < 0) throw new Unreadable("no base64");
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[out] = (held >> bits) & 0xff;
      out += 1;
    }
  }
  if ((held & ((1 << bits) - 1)) !== 0) throw new Unreadable("base64 that is not canonical");
  return bytes;
}

export function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (let digit = 0; digit < 4; digit += 1) {
      text += digit > left ? "=" : SIX.charAt((group >> (18 - 6 * digit)) & 63);
    }
  }
  return text;
}

export async function sha256(...parts: Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", concat(...parts)));
}

/** SHA-256 of what a stream gives; a short one goes to the browser, a long one never stands in memory whole. */
export async function sha256Of(length: number, chunks: AsyncIterable<Uint8Array>): Promise<Bytes> {
  if (length <= AT_ONCE_BYTES_MAX) {
    const parts: Uint8Array[] = [];
    for await (const chunk of chunks) parts.push(chunk);
    return sha256(...parts);
  }
  const running = new RunningSha256();
  for await (const chunk of chunks) running.add(chunk);
  return running.end();
}

/** SHA-256 by FIPS 180-4, a piece at a time: the browser's own takes only a whole. */
export class RunningSha256 {
  private static readonly rounds = primes(64).map((prime) => fraction(Math.cbrt(prime)));
  private readonly state = new Uint32Array(primes(8).map((prime) => fraction(Math.sqrt(prime))));
  private readonly words = new Uint32Array(64);
  private readonly block = new Uint8Array(64);
  private filled = 0;
  private length = 0;

  add(data: Uint8Array): void {
    this.length += data.length;
    let at = 0;
    while (at < data.length) {
      const part = data.subarray(at, at + 64 - this.filled);
      this.block.set(part, this.filled);
      this.filled += part.length;
      at += part.length;
      if (this.filled === 64) {
        this.mix();
        this.filled = 0;
      }
    }
  }

  end(): Bytes {
    const length = this.length;
    const padding = new Uint8Array(((119 - (length % 64)) % 64) + 9);
    padding[0] = 0x80;
    const view = new DataView(padding.buffer);
    view.setUint32(padding.length - 8, Math.floor(length / 0x2000_0000));
    view.setUint32(padding.length - 4, (length * 8) >>> 0);
    this.add(padding);
    const out = new Uint8Array(32);
    this.state.forEach((word, at) => new DataView(out.buffer).setUint32(4 * at, word));
    return out;
  }

  private mix(): void {
    const w = this.words;
    const view = new DataView(this.block.buffer);
    for (let at = 0; at < 16; at += 1) w[at] = view.getUint32(4 * at);
    for (let at = 16; at < 64; at += 1) {
      const x = w[at - 15] as number;
      const y = w[at - 2] as number;
      const small0 = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3);
      const small1 = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10);
      w[at] = ((w[at - 16] as number) + small0 + (w[at - 7] as number) + small1) | 0;
    }
    let [a, b, c, d, e, f, g, h] = this.state as unknown as [number, number, number, number, number, number, number, number];
    for (let at = 0; at < 64; at += 1) {
      const choice = (e & f) ^ (~e & g);
      const big1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
      const one = (h + big1 + choice + (RunningSha256.rounds[at] as number) + (w[at] as number)) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + one) | 0;
      d = c;
      c = b;
      b = a;
      a = (one + two) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((word, at) => (this.state[at] = ((this.state[at] as number) + word) | 0));
  }
}

const turn = (word: number, bits: number): number => (word >>> bits) | (word << (32 - bits));

/** The first 32 bits behind the point. */
function fraction(value: number): number {
  return Math.floor((value - Math.floor(value)) * 0x1_0000_0000) >>> 0;
}

function primes(count: number): number[] {
  const found: number[] = [];
  for (let number = 2; found.length < count; number += 1) {
    if (found.every((prime) => number % prime !== 0)) found.push(number);
  }
  return found;
}
