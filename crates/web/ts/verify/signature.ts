// Ed25519 by docs/formats/statement.md: RFC 8032, canonical key, R and S, none of small order, no cofactor.
//
// Browsers compare R as bytes and refuse S over the order; they take keys that are not canonical or of small order. All
// of it is asked here once more, of the bytes.

import type { Bytes } from "./bytes.ts";

const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const SIGN = 2n ** 255n;
const KEYS_MAX = 4096;

const small = smallOrder();
const keys = new Map<string, Promise<CryptoKey | undefined>>();
let fits = new Map<string, boolean>();

/** Whether this browser knows Ed25519 at all. */
export async function isKnownHere(): Promise<boolean> {
  try {
    return (await imported(new Uint8Array(32).fill(1).fill(0x58, 0, 1).fill(0x66, 1), "")) !== undefined;
  } catch {
    return false;
  }
}

export async function holds(key: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  if (key.length !== 32 || signature.length !== 64) return false;
  if (little(signature.subarray(32)) >= ORDER) return false;
  if (!isKeyFit(key) || !isFitPoint(signature.subarray(0, 32))) return false;
  const known = await imported(key, String.fromCharCode(...key));
  return known !== undefined && crypto.subtle.verify("Ed25519", known, signature, message);
}

function isKeyFit(key: Bytes): boolean {
  const name = String.fromCharCode(...key);
  let fit = fits.get(name);
  if (fit === undefined) {
    if (fits.size > KEYS_MAX) fits = new Map();
    fit = isFitPoint(key);
    fits.set(name, fit);
  }
  return fit;
}

/** Canonical, and of no small order. Whether it lies on the curve is seen by the browser's own check. */
function isFitPoint(encoded: Uint8Array): boolean {
  const y = little(encoded) % SIGN;
  return y < P && !small.has(y);
}

function little(bytes: Uint8Array): bigint {
  let digits = "0x";
  for (let at = bytes.length - 1; at >= 0; at -= 1) digits += (bytes[at] ?? 0).toString(16).padStart(2, "0");
  return BigInt(digits);
}

function imported(key: Bytes, name: string): Promise<CryptoKey | undefined> {
  let known = keys.get(name);
  if (!known) {
    if (keys.size > KEYS_MAX) keys.clear();
    known = crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]).catch((error: unknown) => {
      if (error instanceof DOMException && error.name === "NotSupportedError") throw error;
      return undefined;
    });
    keys.set(name, known);
  }
  return known;
}

/** The y of the eight points that the cofactor takes to the neutral one: from the point of order 8, halved out of order 4. */
function smallOrder(): Set<bigint> {
  const d = mod(-121665n * inverse(121666n));
  // A point of order 8 doubles to one with y = 0, which asks y² = -x²; in the curve's equation d·y⁴ + 2·y² = 1.
  const ys = new Set([0n, 1n, P - 1n]);
  for (const root of squareRoots(mod(1n + d))) {
    for (const y of squareRoots(mod((root - 1n) * inverse(d)))) ys.add(y);
  }
  return ys;
}

function mod(value: bigint): bigint {
  const rest = value % P;
  return rest < 0n ? rest + P : rest;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = mod(base), left = exponent; left > 0n; left >>= 1n, square = mod(square * square)) {
    if (left & 1n) result = mod(result * square);
  }
  return result;
}

function inverse(value: bigint): bigint {
  return power(value, P - 2n);
}

function squareRoots(square: bigint): bigint[] {
  const root = power(square, (P + 3n) / 8n);
  const turned = mod(root * power(2n, (P - 1n) / 4n));
  for (const candidate of [root, turned]) {
    if (mod(candidate * candidate) === square) return [candidate, P - candidate];
  }
  return [];
}
