// Keys and signatures, right ones and the ones that a lax verifier takes.

import { createHash, createPrivateKey, sign } from "node:crypto";
import { sha256 } from "./tree.js";

const DER = Buffer.from("302e020100300506032b657004220420", "hex");
const P = 2n ** 255n - 19n;
export const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = mod(-121665n * power(121666n, P - 2n));

const keys = new Map();

/** Ed25519 as it should be, from the 32 secret bytes. */
export function signWith(seed, data) {
  if (!keys.has(seed)) keys.set(seed, createPrivateKey({ key: Buffer.concat([DER, Buffer.from(seed, "hex")]), format: "der", type: "pkcs8" }));
  return sign(null, data, keys.get(seed));
}

export function keyId(name, type, key) {
  return sha256(Buffer.from(name), Buffer.of(10, type), key).subarray(0, 4);
}

/** A checkpoint signed with the log's key. */
export function signed(origin, size, root, secrets, key = secrets.log) {
  const text = `${origin}\n${size}\n${root.toString("base64")}\n`;
  return Buffer.from(`${text}\n${logLine(origin, text, key, secrets.keys[key])}`);
}

export function logLine(origin, text, key, seed) {
  const data = Buffer.concat([keyId(origin, 1, Buffer.from(key, "hex")), signWith(seed, Buffer.from(text))]);
  return `\u2014 ${origin} ${data.toString("base64")}\n`;
}

export function cosignLine(name, text, key, seed, seconds) {
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(seconds));
  const made = signWith(seed, Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`));
  return `\u2014 ${name} ${Buffer.concat([keyId(name, 4, Buffer.from(key, "hex")), time, made]).toString("base64")}\n`;
}

export const vkey = (name, type, key) =>
  `${name}+${keyId(name, type, Buffer.from(key, "hex")).toString("hex")}+${Buffer.concat([Buffer.of(type), Buffer.from(key, "hex")]).toString("base64")}`;

// --- what a strict verifier must not take ---------------------------------------------------------------------------

/** The same signature with the order added to S: the same to whoever does not look at its size. */
export function stretched(signature) {
  return Buffer.concat([signature.subarray(0, 32), toBytes(fromBytes(signature.subarray(32)) + ORDER)]);
}

/** A signature under the neutral point as key, which holds for whatever is signed: R = S·B. */
export function underNothing() {
  return { key: encode(ZERO), sign: () => Buffer.concat([encode(BASE), toBytes(1n)]) };
}

/** The same key spelled with y over the prime. */
export function underNothingSpelledLarge() {
  return { key: toBytes(P + 1n), sign: () => Buffer.concat([encode(BASE), toBytes(1n)]) };
}

/** A key that its holder made with a point of order 8 in it. Signs so that a check with the cofactor always holds. */
export function withTorsion(seed) {
  const secret = scalar(seed);
  const key = encode(add(times(BASE, secret), TORSION));
  return { key, sign: (data) => schnorr(secret, key, data, ZERO), fate: (data) => hashed(schnorr(secret, key, data, ZERO), key, data) % 8n };
}

/** Signs with R of small order, or with a point of order 8 added to R. */
export function oddR(seed, how) {
  const secret = scalar(seed);
  const key = encode(times(BASE, secret));
  return { key, sign: (data) => (how === "small" ? flat(secret, key, data) : schnorr(secret, key, data, TORSION)) };
}

function schnorr(secret, key, data, twist) {
  const nonce = fromBytes(createHash("sha512").update("nonce").update(key).update(data).digest()) % ORDER;
  const r = encode(add(times(BASE, nonce), twist));
  const s = (nonce + hashed(r, key, data) * secret) % ORDER;
  return Buffer.concat([r, toBytes(s)]);
}

function flat(secret, key, data) {
  const r = encode(ZERO);
  return Buffer.concat([r, toBytes((hashed(r, key, data) * secret) % ORDER)]);
}

function hashed(r, key, data) {
  return fromBytes(createHash("sha512").update(r.subarray(0, 32)).update(key).update(data).digest()) % ORDER;
}

function scalar(seed) {
  const bytes = createHash("sha512").update(Buffer.from(seed, "hex")).digest().subarray(0, 32);
  bytes[0] &= 248;
  bytes[31] = (bytes[31] & 127) | 64;
  return fromBytes(bytes);
}

// --- the curve, slowly ----------------------------------------------------------------------------------------------

function mod(value) {
  const rest = value % P;
  return rest < 0n ? rest + P : rest;
}

function power(base, exponent) {
  let result = 1n;
  for (let square = mod(base), left = exponent; left > 0n; left >>= 1n, square = mod(square * square)) if (left & 1n) result = mod(result * square);
  return result;
}

function add([x1, y1], [x2, y2]) {
  const both = mod(D * x1 * x2 * y1 * y2);
  return [mod((x1 * y2 + x2 * y1) * power(1n + both, P - 2n)), mod((y1 * y2 + x1 * x2) * power(1n - both, P - 2n))];
}

function times(point, count) {
  let sum = ZERO;
  for (let twice = point, left = count; left > 0n; left >>= 1n, twice = add(twice, twice)) if (left & 1n) sum = add(sum, twice);
  return sum;
}

function pointAt(y, isOdd) {
  const square = mod((y * y - 1n) * power(D * y * y + 1n, P - 2n));
  let x = power(square, (P + 3n) / 8n);
  if (mod(x * x) !== square) x = mod(x * power(2n, (P - 1n) / 4n));
  if (mod(x * x) !== square) return undefined;
  return [(x & 1n) === (isOdd ? 1n : 0n) ? x : P - x, y];
}

function encode([x, y]) {
  const bytes = toBytes(y);
  if (x & 1n) bytes[31] |= 128;
  return bytes;
}

function toBytes(value) {
  return Buffer.from(value.toString(16).padStart(64, "0"), "hex").reverse();
}

function fromBytes(bytes) {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);
}

const ZERO = [0n, 1n];
const BASE = pointAt(mod(4n * power(5n, P - 2n)), false);
const TORSION = torsion();

/** A point of order 8: some point times the order, until what is left does not vanish when doubled twice. */
function torsion() {
  for (let y = 2n; ; y += 1n) {
    const point = pointAt(y, false);
    const left = point && times(point, ORDER);
    const four = left && add(add(left, left), add(left, left));
    if (four && four[1] !== 1n) return left;
  }
}
