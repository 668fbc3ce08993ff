// Signed notes, keys in the C2SP form, cosignatures and proofs: docs/formats/log.md and cosign.md.

import { base64, concat, equal, fromUtf8, hex, sha256, unbase64, utf8, type Bytes } from "./bytes.ts";
import { Unreadable } from "./fault.ts";
import type { Policy } from "./policy.ts";
import { holds } from "./signature.ts";

const SIGNATURES_MAX = 16;
const NOTE_BYTES_MAX = 120_000;
const PROOF_HASHES_MAX = 64;
const PROOF_BYTES_MAX = 256 * 1024;
/** 9999-12-31T23:59:59Z */
const LAST_SECOND = 253_402_300_799n;

const LOG = 1;
export const COSIGNER = 4;

const NAME = /^[^+\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/u;
export const DECIMAL = /^(0|[1-9][0-9]{0,15})$/;

export interface Checkpoint {
  /** The three lines, which is what is signed. */
  text: string;
  origin: string;
  size: number;
  root: Bytes;
  lines: { name: string; id: string; rest: Bytes }[];
}

/** A cosignature that holds: the policy's name of the cosigner, seconds since 1970 UTC. */
export interface Cosigned {
  name: string;
  seconds: number;
}

export async function keyId(name: string, type: number, key: Uint8Array): Promise<Bytes> {
  return (await sha256(utf8(name), new Uint8Array([0x0a, type]), key)).slice(0, 4);
}

export async function vkey(name: string, key: Uint8Array): Promise<string> {
  return `${name}+${hex(await keyId(name, LOG, key))}+${base64(concat(new Uint8Array([LOG]), key))}`;
}

export async function readVkey(text: string, type: number): Promise<{ name: string; id: string; key: Bytes }> {
  const [name = "", id = "", ...rest] = text.split("+");
  const data = unbase64(rest.join("+"));
  const key = data.slice(1);
  if (!NAME.test(name) || data.length !== 33 || data[0] !== type || id !== hex(await keyId(name, type, key))) {
    throw new Unreadable("no key of this kind in the C2SP form");
  }
  return { name, id, key };
}

export const readLogKey = (text: string): Promise<{ name: string; id: string; key: Bytes }> => readVkey(text, LOG);

export function readCheckpoint(bytes: Uint8Array): Checkpoint {
  if (bytes.length > NOTE_BYTES_MAX) throw new Unreadable("a checkpoint that is too long");
  const note = fromUtf8(bytes);
  if (/[\u0000-\u0009\u000b-\u001f\u007f]/.test(note)) throw new Unreadable("a control character in the checkpoint");
  const lines = note.split("\n");
  if (lines.pop() !== "" || lines.length < 5 || lines[3] !== "") {
    throw new Unreadable("a checkpoint that is not three lines, an empty one and signatures");
  }
  const [origin = "", size = "", root = ""] = lines;
  if (!NAME.test(origin) || utf8(origin).length > 200) throw new Unreadable("an origin that cannot be one");
  if (!DECIMAL.test(size) || !Number.isSafeInteger(Number(size))) throw new Unreadable("a size that is no number");
  const hash = unbase64(root);
  if (hash.length !== 32) throw new Unreadable("a root that is no hash");
  const signatures = lines.slice(4);
  if (signatures.length > SIGNATURES_MAX) throw new Unreadable("more signatures than are read");
  const text = `${origin}\n${size}\n${root}\n`;
  return { text, origin, size: Number(size), root: hash, lines: signatures.map(signatureLine) };
}

function signatureLine(line: string): Checkpoint["lines"][number] {
  const [mark, name = "", data = "", ...more] = line.split(" ");
  if (mark !== "\u2014" || !NAME.test(name) || more.length > 0) throw new Unreadable("a line that is no signature");
  const bytes = unbase64(data);
  if (bytes.length < 5) throw new Unreadable("a signature that is too short");
  return { name, id: hex(bytes.slice(0, 4)), rest: bytes.slice(4) };
}

/** The log's own signatures hold, at least one; so does every cosignature under a name and key id that the policy has. */
export async function checkSignatures(checkpoint: Checkpoint, key: Bytes, policy?: Policy): Promise<Cosigned[]> {
  const own = hex(await keyId(checkpoint.origin, LOG, key));
  const cosigned: Cosigned[] = [];
  let isSigned = false;
  for (const { name, id, rest } of checkpoint.lines) {
    if (name === checkpoint.origin && id === own) {
      if (!(await holds(key, utf8(checkpoint.text), rest))) throw new Unreadable("the log's signature does not hold");
      isSigned = true;
      continue;
    }
    const cosigner = policy?.cosigner(name, id);
    if (!cosigner) continue;
    if (rest.length !== 72) throw new Unreadable(`the cosignature of ${cosigner.name} is not one`);
    const seconds = new DataView(rest.buffer, rest.byteOffset).getBigUint64(0);
    const signed = utf8(`cosignature/v1\ntime ${seconds}\n${checkpoint.text}`);
    if (seconds > LAST_SECOND || !(await holds(cosigner.key, signed, rest.slice(8)))) {
      throw new Unreadable(`the cosignature of ${cosigner.name} does not hold`);
    }
    cosigned.push({ name: cosigner.name, seconds: Number(seconds) });
  }
  if (!isSigned) throw new Unreadable("the log's signature is not there");
  return cosigned;
}

export interface Proof {
  index: number;
  hashes: Bytes[];
  checkpoint: Checkpoint;
}

export function readProof(bytes: Uint8Array): Proof {
  if (bytes.length > PROOF_BYTES_MAX) throw new Unreadable("a proof that is too long");
  const text = fromUtf8(bytes);
  const end = text.indexOf("\n\n");
  const lines = text.slice(0, Math.max(end, 0)).split("\n");
  if (lines[1]?.startsWith("extra ")) unbase64(lines.splice(1, 1).join("").slice(6));
  const [title, index = "", ...hashes] = lines;
  const number = index.startsWith("index ") ? index.slice(6) : "";
  if (end < 0 || title !== "c2sp.org/tlog-proof@v1" || !DECIMAL.test(number) || hashes.length > PROOF_HASHES_MAX) {
    throw new Unreadable("no C2SP proof");
  }
  const read = hashes.map(unbase64);
  if (read.some((hash) => hash.length !== 32)) throw new Unreadable("a line of the proof is no hash");
  return { index: Number(number), hashes: read, checkpoint: readCheckpoint(utf8(text.slice(end + 2))) };
}

export const isSameHead = (left: Checkpoint, right: Checkpoint): boolean =>
  left.text === right.text && equal(left.root, right.root);
