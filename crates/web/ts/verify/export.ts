// An export, checked step by step as docs/formats/export.md says.

import { Absences, type Why } from "./absent.ts";
import { concat, equal, hex, isHash, sha256, utf8, type Bytes } from "./bytes.ts";
import { fits, idOf, Keyring, readBodies, readEntry, signatureHolds, type Entry, type Kept } from "./entry.ts";
import { Fault, orFault, Unreadable } from "./fault.ts";
import { hashOf, read, type Files } from "./files.ts";
import { checkHead, checkOlder, cosignedLines, type Head } from "./head.ts";
import { having, isNatural, numberOf, readJson, textOf } from "./json.ts";
import type { Manifest } from "./manifest.ts";
import { pace } from "./pace.ts";
import type { Policy } from "./policy.ts";
import { leafHash, rootOver, tileNumber, tilesOver, widthOf } from "./tree.ts";

const BUNDLE = 256;
/** Entries between which the page may draw; more at once would be felt. */
const LOOKED_AT_ONCE = 16;

/** What is told while checking: what is done now, and how far of how much. */
export type Progress = (words: string, done: number, of: number) => Promise<void>;

/** An entry for the table of the page. */
export interface Row {
  number: number;
  entry: Entry;
  id: string;
  /** The body, where it is here, kept beside or in the payload. */
  body: Bytes | undefined;
  why: Why | undefined;
}

export interface Checked {
  lines: string[];
  rows: Row[];
  head: Head;
  manifest: Manifest;
}

interface Attachment {
  entry: number;
  sha256: string;
  bytes: number;
}

export async function checkExport(files: Files, manifest: Manifest, policy: Policy | undefined, progress: Progress): Promise<Checked> {
  const bundles = new Bundles(files, manifest.size);
  const head = await checkHead(files, manifest, async () => readEntry(await bundles.first()), policy);
  const walk = new Walk(files, head);
  for (let first = 0; first < manifest.size; first += BUNDLE) {
    await progress("Reading the entries and their signatures", first, manifest.size);
    await walk.take(first, await bundles.load(first), Math.min(BUNDLE, manifest.size - first));
  }
  checkNoMore(files, manifest.size);
  await progress("Rebuilding the tree", manifest.size, manifest.size);
  if (!equal(await rootOver(walk.leaves), head.checkpoint.root)) {
    throw new Fault("root", "the entries do not lead to the root that the log's key signed");
  }
  await checkTiles(files, walk.leaves);
  await checkOlder(files, head, walk.leaves);
  const named = await checkAttachments(files, walk, progress);
  await checkPacks(files, walk.entries);
  await checkManifest(files, manifest, progress);
  return report(files, manifest, head, walk, named);
}

export async function checkManifest(files: Files, manifest: Manifest, progress: Progress): Promise<void> {
  for (const [at, row] of manifest.files.entries()) {
    if (at % 64 === 0) await progress("Comparing every file with the manifest", at, manifest.files.length);
    if (hex(await hashOf(files, row.path)) !== row.sha256) throw new Fault("manifest", `\`${row.path}\` has other bytes than the manifest says`);
  }
}

// --- entries --------------------------------------------------------------------------------------------------------

/** A bundle: its entries as far as they are there, and whether something stands behind them. */
interface Bundle {
  entries: Bytes[];
  isLonger: boolean;
}

class Bundles {
  constructor(
    private readonly files: Files,
    private readonly size: number,
  ) {}

  async first(): Promise<Bytes> {
    const [entry] = (await this.load(0)).entries;
    if (!entry) throw new Unreadable("the first entry is not there");
    return entry;
  }

  async load(first: number): Promise<Bundle> {
    const count = Math.min(BUNDLE, this.size - first);
    const path = bundlePath(first, this.size);
    if (!this.files.sizes.has(path)) return { entries: [], isLonger: false };
    const bytes = await read(this.files, path);
    const view = new DataView(bytes.buffer);
    const entries: Bytes[] = [];
    let at = 0;
    while (entries.length < count && at + 2 <= bytes.length) {
      const end = at + 2 + view.getUint16(at);
      if (end > bytes.length) break;
      entries.push(bytes.slice(at + 2, end));
      at = end;
    }
    return { entries, isLonger: at < bytes.length };
  }
}

const bundlePath = (first: number, size: number): string =>
  `tile/entries/${tileNumber(first / BUNDLE)}${widthOf(Math.min(BUNDLE, size - first))}`;

const bodiesPath = (first: number): string => `bodies/${tileNumber(first / BUNDLE)}`;

/** What the hashes and signatures of one entry came to. */
interface Seen {
  entry: Entry;
  id: string;
  leaf: Bytes;
  isSigned: boolean;
}

/** A body kept beside an entry, and whether it is the one that the entry commits to. */
interface Fitted extends Kept {
  isFit: boolean;
}

class Walk {
  readonly entries: Entry[] = [];
  readonly ids: string[] = [];
  readonly leaves: Bytes[] = [];
  readonly bodies = new Map<number, Bytes>();
  readonly keyring = new Keyring();

  constructor(
    private readonly files: Files,
    private readonly head: Head,
  ) {}

  /** The entries of one bundle: hashes and signatures all at once, then the checks in order. */
  async take(first: number, bundle: Bundle, count: number): Promise<void> {
    const seen: (Seen | Unreadable)[] = [];
    for (let at = 0; at < bundle.entries.length; at += LOOKED_AT_ONCE) {
      seen.push(...(await Promise.all(bundle.entries.slice(at, at + LOOKED_AT_ONCE).map(look))));
      await pace();
    }
    let kept = new Map<number, Fitted>();
    for (let slot = 0; slot < count; slot += 1) {
      const number = first + slot;
      const one = seen[slot];
      if (!one) throw new Fault("entry", "the entry is not there, or is cut short", number);
      if (one instanceof Unreadable) throw new Fault("entry", one.message, number);
      await this.check(one, number);
      if (slot === 0) kept = await this.bodiesFrom(first, count, seen);
      const body = kept.get(slot);
      if (!body) continue;
      if (!body.isFit) throw new Fault("body", "a body that does not fit its commitment", number);
      this.bodies.set(number, body.body);
    }
    if (bundle.isLonger) throw new Fault("entry", "bytes after the last entry of a bundle", first + count);
  }

  private async check({ entry, id, leaf, isSigned }: Seen, number: number): Promise<void> {
    if (entry.at < (this.entries.at(-1)?.at ?? 0)) throw new Fault("entry", "recorded before the entry that stands before it", number);
    if (entry.said.get("origin") !== this.head.checkpoint.origin) throw new Fault("entry", "meant for another log", number);
    if (!isSigned) throw new Fault("entry", "its signature does not hold", number);
    await orFault("entry", number, () => this.keyring.check(entry, id, number));
    this.entries.push(entry);
    this.ids.push(id);
    this.leaves.push(leaf);
  }

  private async bodiesFrom(first: number, count: number, seen: (Seen | Unreadable)[]): Promise<Map<number, Fitted>> {
    const path = bodiesPath(first);
    if (!this.files.sizes.has(path)) return new Map();
    const kept = await orFault("body", first, async () => readBodies(await read(this.files, path), count));
    const fitted = [...kept].map(async ([slot, one]): Promise<[number, Fitted]> => {
      const beside = seen[slot];
      const isFit = beside !== undefined && !(beside instanceof Unreadable) && (await fits(beside.entry, one));
      return [slot, { ...one, isFit }];
    });
    return new Map(await Promise.all(fitted));
  }
}

async function look(bytes: Bytes): Promise<Seen | Unreadable> {
  try {
    const entry = readEntry(bytes);
    const [id, leaf, isSigned] = await Promise.all([idOf(entry), leafHash(bytes), signatureHolds(entry)]);
    return { entry, id, leaf, isSigned };
  } catch (error) {
    if (error instanceof Unreadable) return error;
    throw error;
  }
}

function checkNoMore(files: Files, size: number): void {
  const firsts = Array.from({ length: Math.ceil(size / BUNDLE) }, (_, at) => at * BUNDLE);
  const bundles = new Set(firsts.map((first) => bundlePath(first, size)));
  const bodies = new Set(firsts.map(bodiesPath));
  let extra: number | undefined;
  for (const path of files.sizes.keys()) {
    if (path.startsWith("tile/entries/") && !bundles.has(path)) throw new Fault("entry", "a bundle past the last entry", size);
    if (path.startsWith("bodies/") && !bodies.has(path)) {
      extra = Math.min(extra ?? Infinity, BUNDLE * Number(path.slice(7).replaceAll(/[x/]/g, "")));
    }
  }
  if (extra !== undefined) throw new Fault("body", "bodies past the last entry", extra);
}

// --- what stands beside ---------------------------------------------------------------------------------------------

async function checkTiles(files: Files, leaves: Bytes[]): Promise<void> {
  const tiles = await tilesOver(leaves);
  for (const path of files.sizes.keys()) {
    if (path.startsWith("tile/") && !path.startsWith("tile/entries/") && !tiles.has(path)) {
      throw new Fault("tile", `\`${path}\` is no tile of this log`);
    }
  }
  for (const [path, bytes] of tiles) {
    if (!files.sizes.has(path) || !equal(await read(files, path), bytes)) {
      throw new Fault("tile", `\`${path}\` is missing, or not as the entries say`);
    }
  }
}

async function checkAttachments(files: Files, walk: Walk, progress: Progress): Promise<Attachment[]> {
  const named: Attachment[] = [];
  const sizes = new Map<string, Set<number>>();
  for (const [number, body] of walk.bodies) {
    const found = walk.entries[number]?.kind === "attachment.add" ? attachmentOf(number, body) : undefined;
    if (!found) continue;
    named.push(found);
    sizes.set(found.sha256, (sizes.get(found.sha256) ?? new Set()).add(found.bytes));
  }
  for (const [path, size] of files.sizes) {
    if (!path.startsWith("attachments/")) continue;
    await progress("Reading the attachments", 0, 1);
    const name = path.slice("attachments/".length);
    const said = sizes.get(name);
    if (said?.size !== 1 || !said.has(size)) throw new Fault("attachment", "an attachment that no body names so");
    if (hex(await hashOf(files, path)) !== name) throw new Fault("attachment", "an attachment of other bytes than its name says");
  }
  return named;
}

function attachmentOf(entry: number, body: Bytes): Attachment | undefined {
  try {
    const members = having(readJson(body), { sha256: isHash, bytes: isNatural });
    return members && { entry, sha256: textOf(members, "sha256"), bytes: numberOf(members, "bytes") };
  } catch {
    return undefined;
  }
}

async function checkPacks(files: Files, entries: Entry[]): Promise<void> {
  const sets = new Map<string, string[]>();
  for (const path of files.sizes.keys()) {
    if (!path.startsWith("packs/")) continue;
    const digest = path.slice(6, 70);
    sets.set(digest, [...(sets.get(digest) ?? []), path.slice(71)]);
  }
  const used = new Set(entries.flatMap((entry) => entry.packs));
  for (const [digest, names] of sets) {
    const parts: Uint8Array[] = [utf8("coldproof pack v1\n")];
    for (const name of names.sort()) {
      const bytes = await read(files, `packs/${digest}/${name}`);
      parts.push(length(name.length), utf8(name), length(bytes.length), bytes);
    }
    const isRight = used.has(digest) && hex(await sha256(concat(...parts))) === digest;
    if (!isRight) throw new Fault("pack", "a pack that no entry names, or of other files than its name says");
  }
}

function length(number: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(number));
  return bytes;
}

// --- what is said at the end ----------------------------------------------------------------------------------------

function report(files: Files, manifest: Manifest, head: Head, walk: Walk, named: Attachment[]): Checked {
  const absences = new Absences(walk.entries, walk.ids, manifest.notice);
  const attached = new Map(named.map((attachment) => [attachment.entry, attachment.sha256]));
  const bodies = { here: 0, withheld: 0, erased: 0, missing: 0 };
  const attachments = { here: 0, withheld: 0, erased: 0, missing: 0 };
  const absent: string[] = [];
  const rows = walk.entries.map((entry, number): Row => {
    const row: Row = { number, entry, id: walk.ids[number] ?? "", body: walk.bodies.get(number), why: undefined };
    if (entry.body === undefined) return row;
    if (!row.body) {
      row.why = absences.why(number, false);
      bodies[row.why.how] += 1;
      absent.push(`body ${number} ${row.why.words}`);
      return row;
    }
    bodies.here += 1;
    const hash = attached.get(number);
    if (hash !== undefined && files.sizes.has(`attachments/${hash}`)) attachments.here += 1;
    else if (hash !== undefined) {
      row.why = absences.why(number, true);
      attachments[row.why.how] += 1;
      absent.push(`attachment ${hash} of entry ${number} ${row.why.words}`);
    }
    return row;
  });
  const counts = Object.entries({ bodies, attachments }).flatMap(([what, count]) => [
    `${what} ${count.here}`,
    `${what}_withheld ${count.withheld}`,
    `${what}_erased ${count.erased}`,
    `${what}_missing ${count.missing}`,
  ]);
  const lines = [...opening(head), ...counts, `gaps ${walk.keyring.gaps}`, ...absent, ...cosignedLines(head)];
  return { lines, rows, head, manifest };
}

export function opening(head: Head): string[] {
  const { origin, size, root } = head.checkpoint;
  return ["holds", `origin ${origin}`, `size ${size}`, `root ${hex(root)}`, `log_key ${hex(head.key)}`];
}
