// Receipts: for each statement signed here the proof that the record contains it, and the last head seen. The phone checks
// both itself. A record that no longer contains what this phone was told is said on every page and shown to the node.

import { base64, hex, sha256, unbase64 } from "./bytes.ts";
import { keepReceipt, loadKnown, loadMe, receipts, saveKnown, type Known, type Receipt, type SeenHead } from "./db.ts";
import { byId, el, moment, page } from "./dom.ts";
import { canSign, openVisit } from "./key.ts";
import { call, json, post } from "./net.ts";
import { Ranges, leafHash, openNote, readHashes, readProof, signedEpoch, writeProof, type Head } from "./tlog.ts";

interface Checkpoint {
  note: string;
  epoch: number;
  frozen: string | null;
}

interface Answer {
  id?: string;
  index?: number;
  at?: number;
  outcome?: { admitted: boolean };
  receipt?: { size: number; root: string; epoch?: number; note?: string };
}

/** True while the node's record lacks what this phone was told: then no page draws what permits. */
export const isMissing = (): boolean => known?.missing !== undefined;

/** What every weapon says then. */
export const MISSING_WORDS = "This node’s record no longer contains what this phone was told.";

/** Entries that this phone has seen vouched for; a board over fewer is not believed until that is explained. */
export const sizeSeen = (): number => known?.last?.size ?? 0;

let known: Known | undefined;

/** Receipts wait for their proof, as far as this page knows. */
let isOwed = true;

/** How often proofs are brought up to one head, so that a phone alone can make a copy of nearly all it holds. */
const GATHER_EVERY_MS = 300_000;
let gathered = Date.now();

/** One at a time over all tabs: a head that is compared is not overtaken by another. */
const alone = <T>(work: () => Promise<T>): Promise<T> => navigator.locks.request("coldproof-heads", work) as Promise<T>;

async function load(): Promise<Known> {
  const { origin, logKey } = page();
  const me = await loadMe();
  // The key that came with the phone's enrolment, or the first one seen here. A page that names another is not followed.
  const pinned = me?.origin === origin && me.logKey ? me.logKey : logKey;
  known = (await loadKnown(origin)) ?? { origin, logKey: pinned };
  return known;
}

/** The node acknowledged what was sent. Kept at once, checked as soon as the proof is had. */
export async function acknowledged(submission: string, answer: Answer): Promise<void> {
  const { id, index, at, receipt } = answer;
  if (!id || index === undefined || !receipt || !canSign()) return;
  const { envelope } = JSON.parse(submission) as { envelope: string };
  const payload = unbase64((JSON.parse(new TextDecoder().decode(unbase64(envelope))) as { payload: string }).payload);
  if (hex(await sha256(payload)) !== id) return;
  const { origin, kind } = JSON.parse(new TextDecoder().decode(payload)) as { origin: string; kind: string };
  const told = receipt.epoch ?? 0;
  // A copy: what a look under way knows is not changed behind it.
  const epoch = receipt.note && known?.origin === origin ? await epochOf({ ...known }, receipt.note, told) : told;
  const kept: Receipt = { id, origin, kind, submission, index, at: at ?? Date.now(), admitted: answer.outcome?.admitted ?? false, size: receipt.size, root: receipt.root, epoch, ...(receipt.note ? { note: receipt.note } : {}) };
  await keepReceipt(kept);
  isOwed = true;
  // A look that is under way began before this was acknowledged.
  void (looking ?? Promise.resolve()).then(look);
}

let looking: Promise<void> | undefined;

/** Looks once whether the node's record still contains what this phone holds, and fetches proofs that are still lacking. */
export function look(): Promise<void> {
  if (!canSign() || page().name === "offline") return Promise.resolve();
  looking ??= alone(lookNow)
    .catch(() => undefined)
    .finally(() => (looking = undefined));
  return looking;
}

async function lookNow(): Promise<void> {
  const held = await load();
  draw();
  // Listed before the head is asked for: what is acknowledged meanwhile may lie past that head, and is for the next look.
  const owed = isOwed ? await receipts(held.origin) : undefined;
  isOwed = false;
  let isProved = owed === undefined;
  try {
    isProved = await lookAt(held, owed);
  } finally {
    isOwed ||= !isProved;
  }
}

/** Whether everything owed has its proof now. */
async function lookAt(held: Known, owed: Receipt[] | undefined): Promise<boolean> {
  const answer = await call("/api/checkpoint");
  const checkpoint = answer?.ok ? await json<Checkpoint>(answer) : undefined;
  if (!checkpoint) return owed === undefined;
  drawFrozen(checkpoint.frozen);
  const now = await openNote(checkpoint.note, held.origin, held.logKey).catch(() => undefined);
  if (!now) {
    // Another key signs for this record, or nobody does: what this phone was told is not in it. A record that has stopped
    // and cannot be read says so itself.
    if (held.last && !checkpoint.frozen) held.missing ??= { head: held.last, found: Date.now(), shown: false };
    await saveKnown(held);
    draw();
    return owed === undefined;
  }
  const epoch = await epochOf(held, checkpoint.note, checkpoint.epoch);
  const isPassedOver = await compare(held, { ...now, epoch, at: Date.now() });
  let isProved = owed === undefined && !isPassedOver;
  if (!held.missing && owed) isProved = await prove(held, owed, { ...now, epoch });
  await saveKnown(held);
  draw();
  if (!held.missing && Date.now() - gathered > GATHER_EVERY_MS) {
    gathered = Date.now();
    await gatherNow();
  }
  return isProved;
}

/**
 * The epoch of a head: what the log's key signed under its note. Where it signed none, the number that came with it, unless this node has
 * signed one before: a raised epoch spares a node that lacks what this phone was told, so a line that is left out must not raise it.
 */
async function epochOf(held: Known, note: string, told: number): Promise<number> {
  const signed = await signedEpoch(note, held.origin, held.logKey).catch(() => undefined);
  if (signed !== undefined) {
    held.signsEpoch = true;
    return signed;
  }
  return held.signsEpoch ? (held.last?.epoch ?? 0) : told;
}

/** Whether the record with head `now` begins with what `old` vouches for; `undefined` when it cannot be known. */
async function contains(old: Head, now: Head): Promise<boolean | undefined> {
  if (old.size > now.size) return false;
  if (old.size === now.size) return old.root === now.root;
  const answer = await call(`/api/consistency?from=${old.size}&to=${now.size}`);
  if (!answer || answer.status >= 500) return undefined;
  try {
    if (!answer.ok) return false;
    new Ranges().consist(old.size, old.root, now.size, now.root, readHashes(await answer.text()));
    return true;
  } catch {
    return false;
  }
}

/** True when a spare has openly gone on without what this phone was told: its proofs are then to be had anew. */
async function compare(held: Known, now: SeenHead): Promise<boolean> {
  if (held.missing) {
    // It stays until the record contains it again, or a spare has openly gone on without it.
    if (await contains(held.missing.head, now)) delete held.missing;
    else return show(held, held.missing.head, now);
  }
  if (!held.last) held.last = now;
  else {
    const isThere = await contains(held.last, now);
    if (isThere) held.last = now;
    else if (isThere === false) return show(held, held.last, now);
  }
  return false;
}

/** Shows the node what it does not contain. Anyone may; it stops its record, or says that a spare went on without it. */
async function show(held: Known, head: SeenHead, now: SeenHead): Promise<boolean> {
  const is = head.note === "" ? undefined : (await json<{ is?: string }>(await post("/api/receipts", JSON.stringify({ note: head.note, epoch: head.epoch }))))?.is;
  const isPassedOver = now.epoch > head.epoch && (is === "lost" || is === "known" || head.note === "");
  if (!isPassedOver) {
    held.missing = { head, found: held.missing?.found ?? Date.now(), shown: is === "differs" };
    return false;
  }
  delete held.missing;
  // Its proof is to a head that the present record does not have.
  delete held.first;
  held.lost = { head, found: Date.now() };
  held.last = now;
  return true;
}

/** Fetches what shows that each statement is in the record, and checks it. */
async function prove(held: Known, owed: Receipt[], now: Head & { epoch: number }): Promise<boolean> {
  let waits = 0;
  const first = held.first ?? (await firstEntry(held, now));
  if (first) held.first = first;
  for (const receipt of owed) {
    if (receipt.proof || receipt.epoch < now.epoch) continue;
    const isHeld = receipt.size <= now.size ? await proveOne(held, receipt) : false;
    if (isHeld === undefined) waits += 1;
    if (isHeld !== false) continue;
    // The node said that it had this, and cannot show it.
    const told: SeenHead = { size: receipt.size, root: receipt.root, epoch: receipt.epoch, note: receipt.note ?? "", at: receipt.at };
    held.missing = { head: told, found: Date.now(), shown: false };
    return false;
  }
  return waits === 0;
}

/** Entry 0 with its proof to this head; `undefined` when it cannot be had now. */
async function firstEntry(held: Known, now: Head): Promise<Known["first"]> {
  const bytes = await fetchEntry(0);
  const answer = bytes ? await call(`/api/proof?entry=0&size=${now.size}`) : undefined;
  if (!bytes || !answer?.ok) return undefined;
  try {
    const text = await answer.text();
    const proof = readProof(text);
    const head = await openNote(proof.note, held.origin, held.logKey);
    new Ranges().include(leafHash(bytes), 0, head.size, proof.path, head.root);
    return { entry: base64(bytes), proof: text, proved: head.size };
  } catch {
    return undefined;
  }
}

/** `undefined` when it cannot be had now. */
async function proveOne(held: Known, receipt: Receipt): Promise<boolean | undefined> {
  const bytes = await fetchEntry(receipt.index);
  if (!bytes) return undefined;
  const answer = await call(`/api/proof?entry=${receipt.index}&size=${receipt.size}`);
  if (!answer || answer.status >= 500) return undefined;
  const text = answer.ok ? await answer.text() : "";
  const head = await check(held, receipt, bytes, text).catch(() => undefined);
  if (!head) return false;
  await keepReceipt({ ...receipt, entry: base64(bytes), proof: text, proved: head.size });
  return true;
}

/** Throws unless the entry holds this very statement and stands in the head that the receipt names. */
async function check(held: Known, receipt: Receipt, entry: Uint8Array, text: string): Promise<Head> {
  const { statement } = JSON.parse(new TextDecoder().decode(entry)) as { statement: string };
  const { envelope } = JSON.parse(receipt.submission) as { envelope: string };
  if (payloadOf(statement) !== payloadOf(envelope)) throw new Error("The entry holds another statement.");
  const proof = readProof(text);
  const head = await openNote(proof.note, held.origin, held.logKey);
  if (proof.index !== receipt.index || head.size !== receipt.size || head.root !== receipt.root) throw new Error("The proof is of another head.");
  new Ranges().include(leafHash(entry), receipt.index, head.size, proof.path, head.root);
  return head;
}

/** The same statement may have come in another envelope first. */
const payloadOf = (envelope: string): string => (JSON.parse(new TextDecoder().decode(unbase64(envelope))) as { payload: string }).payload;

async function fetchEntry(index: number): Promise<Uint8Array | undefined> {
  let answer = await call(`/api/entry?entry=${index}`);
  if (answer && answer.status === 404 && page().viewer === "stranger" && (await openVisit().catch(() => false))) answer = await call(`/api/entry?entry=${index}`);
  return answer?.ok ? new Uint8Array(await answer.arrayBuffer()) : undefined;
}

/** Brings every proof up to one head, so that they make one copy: a question for each head at which proofs are held. */
export const gather = (): Promise<Known> => alone(gatherNow);

async function gatherNow(): Promise<Known> {
  const held = await load();
  const now = held.last;
  if (!now || held.missing) return held;
  const behind = (await receipts(held.origin)).filter((one) => one.proof && one.entry && one.proved !== now.size && one.epoch === now.epoch);
  const ranges = new Ranges();
  const heads = new Map<number, Head>();
  const take = async (entry: string, text: string): Promise<void> => {
    const proof = readProof(text);
    const head = await openNote(proof.note, held.origin, held.logKey);
    heads.set(head.size, head);
    ranges.include(leafHash(unbase64(entry)), proof.index, head.size, proof.path, head.root);
  };
  for (const one of behind) await take(one.entry ?? "", one.proof ?? "");
  const first = held.first?.proved === now.size ? undefined : held.first;
  if (first) await take(first.entry, first.proof);
  for (const head of heads.values()) {
    const answer = await call(`/api/consistency?from=${head.size}&to=${now.size}`);
    if (!answer?.ok) return held;
    ranges.consist(head.size, head.root, now.size, now.root, readHashes(await answer.text()));
  }
  const lift = (entry: string, index: number): string => {
    const path = ranges.path(index, now.size);
    new Ranges().include(leafHash(unbase64(entry)), index, now.size, path, now.root);
    return writeProof({ index, path, note: now.note });
  };
  for (const one of behind) await keepReceipt({ ...one, proof: lift(one.entry ?? "", one.index), proved: now.size });
  if (first) held.first = { entry: first.entry, proof: lift(first.entry, 0), proved: now.size };
  await saveKnown(held);
  return held;
}

/** Receipts of a node that is lost, which the present record may not hold, oldest first. */
export async function fromLostNode(held: Known): Promise<Receipt[]> {
  const epoch = held.last?.epoch ?? 0;
  const old = (await receipts(held.origin)).filter((one) => one.epoch < epoch);
  const lacking: Receipt[] = [];
  for (const one of old.reverse()) {
    if (await stillHolds(held, one)) {
      // Entries are in order: what was entered before this one is there too.
      break;
    }
    lacking.push(one);
  }
  return lacking.reverse();
}

async function stillHolds(held: Known, receipt: Receipt): Promise<boolean> {
  const now = held.last;
  if (!now || !receipt.entry || receipt.index >= now.size) return false;
  const answer = await call(`/api/proof?entry=${receipt.index}&size=${now.size}`);
  if (!answer?.ok) return false;
  try {
    const proof = readProof(await answer.text());
    new Ranges().include(leafHash(unbase64(receipt.entry)), receipt.index, now.size, proof.path, now.root);
    return true;
  } catch {
    return false;
  }
}

/** The same bytes again: whoever holds them already answers the same. `false` when the node was not reached. */
export async function sendAgain(receipt: Receipt): Promise<boolean> {
  const response = await post("/api/statements", receipt.submission);
  const answer = await json<Answer & { message?: string }>(response);
  if (!response || response.status >= 500 || !answer) return false;
  if (response.ok) await acknowledged(receipt.submission, answer);
  else await keepReceipt({ ...receipt, again: answer.message ?? "the node did not say why" });
  return true;
}

/** The bar across the page; it stays, and so does what it is about. */
function draw(): void {
  const bar = byId("held");
  if (!bar) return;
  const missing = known?.missing;
  const lost = known?.lost;
  const words = missing
    ? `This node’s record no longer contains what this phone was told at ${moment(missing.head.at)}. Everything needs a check. Keep this phone.`
    : lost
      ? `A spare went on from a copy of this record. What this phone was told at ${moment(lost.head.at)} may not be in it.`
      : "";
  bar.hidden = words === "";
  bar.className = `strip held ${missing ? "missing" : ""}`;
  if (bar.dataset["words"] === words) return;
  bar.dataset["words"] = words;
  bar.replaceChildren(words, " ", el("a", { href: "/held" }, "What this phone holds"));
}

/** The same words as in src/part/shell.rs. */
function drawFrozen(why: string | null): void {
  const bar = byId("frozen");
  if (!bar) return;
  const words = why ? `THE RECORD HAS STOPPED · ${why.replace(/\.+$/, "")}. Every weapon needs a check. STOP, reading and your own copy go on working; nothing else is entered.` : "";
  bar.hidden = words === "";
  if (bar.textContent !== words) bar.textContent = words;
}

/** The spare's record is complete as far as this phone goes, or somebody has read that it is not. */
export const settleLost = (): Promise<void> =>
  alone(async () => {
    const held = await load();
    delete held.lost;
    await saveKnown(held);
    draw();
  });
