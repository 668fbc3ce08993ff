// RFC 6962 and the tiles over it, for whoever forges.

import { createHash } from "node:crypto";

export const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();

export const leafOf = (entry) => sha256(Buffer.of(0), entry);
const join = (left, right) => sha256(Buffer.of(1), left, right);

export function rootOf(leaves) {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leaves[0];
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return join(rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
}

export function number(value) {
  const low = String(value % 1000).padStart(3, "0");
  const groups = [];
  for (let left = Math.floor(value / 1000); left > 0; left = Math.floor(left / 1000)) groups.unshift(`x${String(left % 1000).padStart(3, "0")}/`);
  return groups.join("") + low;
}

export const width = (count) => (count === 256 ? "" : `.p/${count}`);

export function tilesOf(leaves) {
  const tiles = new Map();
  for (let level = 0, row = leaves; row.length > 0; level += 1) {
    const above = [];
    for (let at = 0; at < row.length; at += 256) {
      const part = row.slice(at, at + 256);
      tiles.set(`tile/${level}/${number(at / 256)}${width(part.length)}`, Buffer.concat(part));
      if (part.length === 256) above.push(rootOf(part));
    }
    row = above;
  }
  return tiles;
}

/** The inclusion proof, from the leaf up. */
export function proofOf(leaves, index) {
  if (leaves.length <= 1) return [];
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return index < split
    ? [...proofOf(leaves.slice(0, split), index), rootOf(leaves.slice(split))]
    : [...proofOf(leaves.slice(split), index - split), rootOf(leaves.slice(0, split))];
}
