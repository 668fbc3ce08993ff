// The log's mathematics on the phone (docs/formats/log.md, cosign.md): checkpoints, inclusion, consistency. Nothing here
// asks anybody; what does not hold throws with a sentence.

import { base64, concat, hex, unbase64, unhex, utf8, type Bytes } from "./bytes.ts";
import { verify } from "./key.ts";
import { sha256now } from "./sha256.ts";

/** A head, as a signed note says it. */
export interface Head {
  size: number;
  /** 64 hex. */
  root: string;
  note: string;
}

const NOTE_LINES_MAX = 64;
const PROOF_HASHES_MAX = 64;

/** Reads a checkpoint of this origin and checks the log's own signature on it. */
export async function openNote(note: string, origin: string, logKey: string): Promise<Head> {
  const end = note.indexOf("\n\n");
  const text = note.slice(0, end + 1);
  const [named, size, root, ...rest] = text.split("\n");
  const lines = note.slice(end + 2).split("\n");
  const isWhole = end > 0 && lines.pop() === "" && lines.length > 0 && lines.length + 4 <= NOTE_LINES_MAX && rest.length === 1;
  if (!isWhole || !size || !/^(0|[1-9]\d{0,15})$/.test(size)) throw new Error("The checkpoint cannot be read.");
  if (named !== origin) throw new Error("The checkpoint is of another record.");
  const id = keyId(origin, logKey);
  for (const line of lines) {
    const [dash, name, signed] = line.split(" ");
    if (dash !== "\u2014" || !name || !signed) throw new Error("The checkpoint cannot be read.");
    const bytes = name === origin ? unbase64(signed) : undefined;
    if (!bytes || bytes.length !== 68 || hex(bytes.subarray(0, 4)) !== hex(id)) continue;
    if (!(await verify(unhex(logKey), bytes.slice(4), utf8(text)))) break;
    return { size: Number(size), root: hex(hash(root ?? "")), note };
  }
  throw new Error("The checkpoint is not signed by this record's key.");
}

const EPOCH = "coldproof-epoch/v1";

/**
 * The epoch that the log's key signed with the head of this note, which openNote took: which of the log's nodes wrote it. Undefined when
 * it signed none; every line of it must hold, and the highest counts.
 */
export async function signedEpoch(note: string, origin: string, logKey: string): Promise<number | undefined> {
  const end = note.indexOf("\n\n");
  const text = note.slice(0, end + 1);
  const id = hex(sha256now(utf8(`${origin}\n`), Uint8Array.of(0xff), utf8(`${EPOCH}\n`), unhex(logKey)).slice(0, 4));
  let highest: number | undefined;
  for (const line of note.slice(end + 2).split("\n")) {
    const [, name, signed] = line.split(" ");
    const bytes = name === origin && signed ? unbase64(signed) : undefined;
    if (!bytes || hex(bytes.subarray(0, 4)) !== id) continue;
    if (bytes.length !== 72) throw new Error("The epoch cannot be read.");
    const epoch = new DataView(bytes.buffer, bytes.byteOffset + 4, 4).getUint32(0);
    if (!(await verify(unhex(logKey), bytes.slice(8), utf8(`${EPOCH}\nepoch ${epoch}\n${text}`)))) throw new Error("The epoch is not signed by this record's key.");
    highest = Math.max(highest ?? 0, epoch);
  }
  return highest;
}

const keyId = (name: string, key: string): Bytes => sha256now(utf8(`${name}\n`), Uint8Array.of(1), unhex(key)).slice(0, 4);

/** The C2SP vkey of the log's key. */
export const vkey = (origin: string, key: string): string => `${origin}+${hex(keyId(origin, key))}+${base64(concat(Uint8Array.of(1), unhex(key)))}`;

/** A C2SP tlog-proof. */
export interface Proof {
  index: number;
  path: Bytes[];
  note: string;
}

export function readProof(text: string): Proof {
  const end = text.indexOf("\n\n");
  const [head, index, ...path] = text.slice(0, end).split("\n");
  const number = /^index (0|[1-9]\d{0,15})$/.exec(index ?? "")?.[1];
  if (end < 0 || head !== "c2sp.org/tlog-proof@v1" || number === undefined || path.length > PROOF_HASHES_MAX) throw new Error("The proof cannot be read.");
  return { index: Number(number), path: path.map(hash), note: text.slice(end + 2) };
}

export const writeProof = (proof: Proof): string => `c2sp.org/tlog-proof@v1\nindex ${proof.index}\n${proof.path.map((one) => `${base64(one)}\n`).join("")}\n${proof.note}`;

/** Hashes in base64, a line each. */
export const readHashes = (text: string): Bytes[] => text.split("\n").filter((line) => line !== "").map(hash);

function hash(text: string): Bytes {
  const bytes = unbase64(text);
  if (bytes.length !== 32 || base64(bytes) !== text) throw new Error("A hash cannot be read.");
  return bytes;
}

export const leafHash = (entry: Uint8Array): Bytes => sha256now(Uint8Array.of(0), entry);
const node = (left: Uint8Array, right: Uint8Array): Bytes => sha256now(Uint8Array.of(1), left, right);

/** The largest power of two below n; n is two at least. */
function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** Hashes of ranges of the log. What a range hashes to is the same in every tree of the same log that has it. */
export class Ranges {
  private readonly known = new Map<string, Bytes>();

  private put(from: number, to: number, hash: Bytes): void {
    this.known.set(`${from}-${to}`, hash);
  }

  /** The hash over [from, to), from what is known. */
  of(from: number, to: number): Bytes {
    const found = this.known.get(`${from}-${to}`);
    if (found) return found;
    if (to - from < 2) throw new Error("A part of the record is not known here.");
    const k = split(to - from);
    return node(this.of(from, from + k), this.of(from + k, to));
  }

  /** Takes a proof that leaf `index` stands in the tree of `size` with this root. Throws unless it does. */
  include(leaf: Bytes, index: number, size: number, path: Bytes[], root: string): void {
    if (index >= size) throw new Error("The entry is not in a record of that size.");
    const rest = [...path];
    const siblings: [number, number, Bytes][] = [];
    const climb = (from: number, to: number): Bytes => {
      if (to - from === 1) return leaf;
      const middle = from + split(to - from);
      const sibling = rest.pop();
      if (!sibling) throw new Error("The proof is too short.");
      const isLeft = index < middle;
      siblings.push(isLeft ? [middle, to, sibling] : [from, middle, sibling]);
      return isLeft ? node(climb(from, middle), sibling) : node(sibling, climb(middle, to));
    };
    const found = climb(0, size);
    if (rest.length > 0 || hex(found) !== root) throw new Error("The proof does not lead to the record's root.");
    this.put(index, index + 1, leaf);
    for (const [from, to, sibling] of siblings) this.put(from, to, sibling);
  }

  /** Takes a proof that the tree of size `to` begins with that of size `from`. Throws unless it does. */
  consist(from: number, fromRoot: string, to: number, toRoot: string, proof: Bytes[]): void {
    if (from > to) throw new Error("A smaller record does not begin with a larger one.");
    if (from === to ? fromRoot !== toRoot || proof.length > 0 : from === 0 && proof.length > 0) throw new Error("The proof does not hold.");
    if (from === to || from === 0) return;
    const rest = [...proof];
    const found: [number, number, Bytes][] = [];
    const take = (low: number, high: number): Bytes => {
      const one = rest.pop();
      if (!one) throw new Error("The proof is too short.");
      found.push([low, high, one]);
      return one;
    };
    // Both hashes of a subtree: with what the old tree had of it, and as it is now.
    const walk = (low: number, high: number, isWhole: boolean): [old: Bytes, now: Bytes] => {
      if (from === high) {
        const one = isWhole ? unhex(fromRoot) : take(low, high);
        if (isWhole) found.push([low, high, one]);
        return [one, one];
      }
      const middle = low + split(high - low);
      if (from <= middle) {
        const right = take(middle, high);
        const [old, now] = walk(low, middle, isWhole);
        return [old, node(now, right)];
      }
      const left = take(low, middle);
      const [old, now] = walk(middle, high, false);
      return [node(left, old), node(left, now)];
    };
    const [old, now] = walk(0, to, true);
    if (rest.length > 0 || hex(old) !== fromRoot || hex(now) !== toRoot) throw new Error("The proof does not hold.");
    for (const [low, high, one] of found) this.put(low, high, one);
  }

  /** The path of an included leaf in the tree of `size`, from what is known. */
  path(index: number, size: number): Bytes[] {
    const path: Bytes[] = [];
    let [from, to] = [0, size];
    while (to - from > 1) {
      const middle = from + split(to - from);
      path.push(index < middle ? this.of(middle, to) : this.of(from, middle));
      [from, to] = index < middle ? [from, middle] : [middle, to];
    }
    return path.reverse();
  }
}
