// The tree of RFC 6962 and its tiles.

import { concat, equal, sha256, type Bytes } from "./bytes.ts";
import { pace } from "./pace.ts";

const LEAF = new Uint8Array([0]);
const NODE = new Uint8Array([1]);
const WIDTH = 256;
/** Nodes between which the page may draw. */
const JOINED_AT_ONCE = 512;

export const leafHash = (entry: Uint8Array): Promise<Bytes> => sha256(LEAF, entry);
const nodeHash = (left: Uint8Array, right: Uint8Array): Promise<Bytes> => sha256(NODE, left, right);

/** The root over these leaves: full subtrees are split off at the largest power of two below the number of leaves. */
export async function rootOver(leaves: Bytes[]): Promise<Bytes> {
  if (leaves.length === 0) return sha256();
  let full = 1;
  const tops: Bytes[] = [];
  while (full * 2 <= leaves.length) full *= 2;
  for (let at = 0; full >= 1; full /= 2) {
    if (leaves.length - at < full) continue;
    tops.push(await fullRoot(leaves.slice(at, at + full)));
    at += full;
  }
  let root = tops.pop() as Bytes;
  while (tops.length > 0) root = await nodeHash(tops.pop() as Bytes, root);
  return root;
}

/** The root over a power of two of leaves. */
async function fullRoot(leaves: Bytes[]): Promise<Bytes> {
  let row = leaves;
  while (row.length > 1) {
    const above: Bytes[] = [];
    for (let at = 0; at < row.length; at += JOINED_AT_ONCE) {
      const part: Promise<Bytes>[] = [];
      const end = Math.min(at + JOINED_AT_ONCE, row.length);
      for (let left = at; left < end; left += 2) part.push(nodeHash(row[left] as Bytes, row[left + 1] as Bytes));
      above.push(...(await Promise.all(part)));
      await pace();
    }
    row = above;
  }
  return row[0] as Bytes;
}

/** Every hash tile that a tree over these leaves has: path and bytes. */
export async function tilesOver(leaves: Bytes[]): Promise<Map<string, Bytes>> {
  const tiles = new Map<string, Bytes>();
  let row = leaves;
  for (let level = 0; row.length > 0; level += 1) {
    const above: Bytes[] = [];
    for (let at = 0; at < row.length; at += WIDTH) {
      const part = row.slice(at, at + WIDTH);
      tiles.set(`tile/${level}/${tileNumber(at / WIDTH)}${widthOf(part.length)}`, concat(...part));
      if (part.length === WIDTH) above.push(await fullRoot(part));
    }
    row = above;
  }
  return tiles;
}

export const widthOf = (count: number): string => (count === WIDTH ? "" : `.p/${count}`);

/** 1234067 is `x001/x234/067`. */
export function tileNumber(number: number): string {
  const groups = [number % 1000];
  for (let left = Math.floor(number / 1000); left > 0; left = Math.floor(left / 1000)) groups.unshift(left % 1000);
  const written = groups.map((group) => String(group).padStart(3, "0"));
  return written.map((group, at) => (at < written.length - 1 ? `x${group}` : group)).join("/");
}

/** The inclusion proof leads from this leaf to this root. */
export async function leads(leaf: Bytes, index: number, size: number, hashes: Bytes[], root: Bytes): Promise<boolean> {
  if (index >= size) return false;
  const sides = path(index, size);
  if (sides.length !== hashes.length) return false;
  let value = leaf;
  for (const [at, hash] of hashes.entries()) {
    value = sides[at] === "left" ? await nodeHash(hash, value) : await nodeHash(value, hash);
  }
  return equal(value, root);
}

/** On which side each hash of the proof stands, from the leaf up. */
function path(index: number, size: number): ("left" | "right")[] {
  const sides: ("left" | "right")[] = [];
  let first = 0;
  let count = size;
  while (count > 1) {
    let split = 1;
    while (split * 2 < count) split *= 2;
    const isLeft = index < first + split;
    sides.unshift(isLeft ? "right" : "left");
    if (!isLeft) first += split;
    count = isLeft ? split : count - split;
  }
  return sides;
}
