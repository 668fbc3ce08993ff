// What one person takes: their own entries, each with the proof that it stands in the log.

import { hex } from "./bytes.ts";
import { fits, idOf, readEntry, signatureHolds, type Entry } from "./entry.ts";
import { checkManifest, opening, type Checked, type Progress, type Row } from "./export.ts";
import { Fault, orFault, Unreadable } from "./fault.ts";
import { read, type Files } from "./files.ts";
import { checkHead, cosignedLines, type Head } from "./head.ts";
import type { Manifest } from "./manifest.ts";
import { checkSignatures, isSameHead, readProof } from "./note.ts";
import type { Policy } from "./policy.ts";
import { leads, leafHash } from "./tree.ts";
import type { Bytes } from "./bytes.ts";

const BODY_BYTES_MAX = 60_000;

export async function checkOwn(files: Files, manifest: Manifest, policy: Policy | undefined, progress: Progress): Promise<Checked> {
  const head = await checkHead(files, manifest, async () => readEntry(await read(files, "first.entry")), policy);
  await checkOne(files, head, 0, "first.entry");
  const numbers = [...files.sizes.keys()]
    .map((path) => /^entries\/(\d+)\.entry$/.exec(path)?.[1])
    .filter((number) => number !== undefined)
    .map(Number)
    .sort((left, right) => left - right);
  const rows: Row[] = [];
  for (const [at, number] of numbers.entries()) {
    await progress("Reading the entries and their receipts", at, numbers.length);
    rows.push(await checkOne(files, head, number, `entries/${number}.entry`, manifest.person));
  }
  await checkManifest(files, manifest, progress);
  const missing = rows.filter((row) => row.why);
  const here = rows.filter((row) => row.entry.body !== undefined && row.body);
  const lines = [
    ...opening(head),
    `entries ${rows.length}`,
    `bodies ${here.length}`,
    "bodies_withheld 0",
    "bodies_erased 0",
    `bodies_missing ${missing.length}`,
    ...missing.map((row) => `body ${row.number} ${row.why?.words}`),
    ...cosignedLines(head),
  ];
  return { lines, rows, head, manifest };
}

/** One entry; without a person it is the log's first, of which only its place is asked. */
async function checkOne(files: Files, head: Head, number: number, path: string, person?: string): Promise<Row> {
  const bytes = await read(files, path);
  const entry = await orFault("entry", number, () => readEntry(bytes));
  if (!(await signatureHolds(entry))) throw new Fault("entry", "its signature does not hold", number);
  if (entry.said.get("origin") !== head.checkpoint.origin) throw new Fault("entry", "meant for another log", number);
  const row: Row = { number, entry, id: await idOf(entry), body: undefined, why: undefined };
  if (person !== undefined) {
    if (person !== entry.person && person !== row.id) throw new Fault("entry", "another person's statement", number);
    row.body = await bodyOf(files, entry, number);
    if (!row.body && entry.body !== undefined) row.why = { how: "missing", words: "missing: no entry says why" };
  }
  await orFault("root", number, () => checkReceipt(files, head, number, bytes));
  return row;
}

async function bodyOf(files: Files, entry: Entry, number: number): Promise<Bytes | undefined> {
  if (!files.sizes.has(`entries/${number}.body`)) return undefined;
  const [salt, body] = await Promise.all([read(files, `entries/${number}.salt`), read(files, `entries/${number}.body`)]);
  if (salt.length !== 32 || body.length > BODY_BYTES_MAX || !(await fits(entry, { salt, body }))) {
    throw new Fault("body", "a body that does not fit its commitment", number);
  }
  return body;
}

async function checkReceipt(files: Files, head: Head, number: number, entry: Bytes): Promise<void> {
  const proof = readProof(await read(files, `receipts/${number}.tlog-proof`));
  await checkSignatures(proof.checkpoint, head.key);
  const { size, root } = proof.checkpoint;
  const isLed = await leads(await leafHash(entry), proof.index, size, proof.hashes, root);
  if (proof.index !== number || !isLed || !isSameHead(proof.checkpoint, head.checkpoint)) {
    throw new Unreadable(`the receipt does not lead from entry ${number} to ${hex(head.checkpoint.root)}`);
  }
}
