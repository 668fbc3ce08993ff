// Entries and the statements in them: docs/formats/entry.md and statement.md; who may sign: log.md.

import { concat, hex, isHash, sha256, unbase64, unhex, utf8, type Bytes } from "./bytes.ts";
import { Unreadable } from "./fault.ts";
import { exactly, having, is, isFlag, isList, isNatural, isObject, isText, isWhole, listOf, numberOf, readJson, textOf } from "./json.ts";
import type { Kind, Members, Value } from "./json.ts";
import { holds } from "./signature.ts";

const ENTRY_BYTES_MAX = 60_000;
const ENVELOPE_BYTES_MAX = 24_576;
const OUTCOME_BYTES_MAX = 24_000;
const PACKS_MAX = 16;
const PACK_BYTES_MAX = 160;
const TYPE = "application/vnd.coldproof.statement+json";
export const NOBODY = "0".repeat(64);

const isKey: Kind = isHash;

export interface Entry {
  at: number;
  outcome: Members;
  /** Digests of the packs then in force. */
  packs: string[];
  payload: Bytes;
  signature: Bytes;
  said: Members;
  kind: string;
  person: string;
  key: string;
  /** The commitment to a body that is kept beside the log. */
  body: string | undefined;
  /** The body in the payload; empty when it is kept beside. */
  open: Members;
}

export const isAdmitted = (entry: Entry): boolean => entry.outcome.get("admitted") === true;
export const idOf = async (entry: Entry): Promise<string> => hex(await sha256(entry.payload));

export function signatureHolds(entry: Entry): Promise<boolean> {
  const head = utf8(`DSSEv1 ${TYPE.length} ${TYPE} ${entry.payload.length} `);
  return holds(unhex(entry.key), concat(head, entry.payload), entry.signature);
}

export function readEntry(bytes: Uint8Array): Entry {
  if (bytes.length > ENTRY_BYTES_MAX) throw new Unreadable("an entry that is too long");
  const sizes = new Map<string, number>();
  const members = exactly(readJson(bytes, sizes), {
    v: is(1),
    at: isNatural,
    statement: isText,
    outcome: isObject,
    packs: isList,
  });
  if ((sizes.get("outcome") ?? 0) > OUTCOME_BYTES_MAX) throw new Unreadable("an outcome that is too long");
  const packs = readPacks(listOf(members, "packs"));
  const { payload, signature, keyid } = readEnvelope(unbase64(textOf(members, "statement")));
  const said = readPayload(payload);
  if (said.get("key") !== keyid) throw new Unreadable("an envelope that names another key than its payload");
  const open = said.get("open");
  return {
    at: numberOf(members, "at"),
    outcome: members.get("outcome") as Members,
    packs,
    payload,
    signature,
    said,
    kind: textOf(said, "kind"),
    person: textOf(said, "person"),
    key: keyid,
    body: said.get("body") as string | undefined,
    open: open instanceof Map ? open : new Map(),
  };
}

function readPacks(names: Value[]): string[] {
  if (names.length > PACKS_MAX) throw new Unreadable("too many packs");
  let before = "";
  return names.map((name) => {
    const found = typeof name === "string" && name.length <= PACK_BYTES_MAX && /^[\w.-]+@[\w.-]+:([0-9a-f]{64})$/.exec(name);
    // What matches is ASCII, where the order of characters is that of bytes.
    if (!found || found[0] <= before) throw new Unreadable("a pack that cannot be one, or out of order");
    before = found[0];
    return found[1] as string;
  });
}

function readEnvelope(bytes: Bytes): { payload: Bytes; signature: Bytes; keyid: string } {
  if (bytes.length > ENVELOPE_BYTES_MAX) throw new Unreadable("an envelope that is too long");
  const members = exactly(readJson(bytes), { payloadType: is(TYPE), payload: isText, signatures: isList });
  const signatures = listOf(members, "signatures");
  if (signatures.length !== 1) throw new Unreadable("not one signature");
  const made = exactly(signatures[0], { keyid: isKey, sig: isText });
  const signature = unbase64(textOf(made, "sig"));
  if (signature.length !== 64) throw new Unreadable("a signature that is not 64 bytes long");
  return { payload: unbase64(textOf(members, "payload")), signature, keyid: textOf(made, "keyid") };
}

function readPayload(bytes: Bytes): Members {
  const said = exactly(
    readJson(bytes),
    {
      v: is(1),
      origin: isText,
      kind: isText,
      kv: isNatural,
      person: isKey,
      key: isKey,
      counter: (value) => isWhole(value) && (value as number) >= 1,
      prev: isKey,
      at: isWhole,
      head: isObject,
      shown: isObject,
      shared: isFlag,
    },
    { body: isKey, open: isObject },
  );
  exactly(said.get("head"), { size: isNatural, root: isKey, at: isWhole });
  exactly(said.get("shown"), { lang: isText, words: isNatural });
  if (said.has("body") === said.has("open")) throw new Unreadable("neither a body nor a commitment, or both");
  return said;
}

/** Who may sign, from the entries alone; and each key's own count. */
export class Keyring {
  gaps = 0;
  private readonly granted = new Set<string>();
  private readonly invites = new Map<string, Members>();
  private readonly ids = new Set<string>();
  private readonly last = new Map<string, { counter: number; id: string }>();

  /** Steps 3, 4 and 6 of verifying a log; then what the entry grants to later ones. */
  async check(entry: Entry, id: string, number: number): Promise<void> {
    if (number === 0) this.begin(entry);
    const enrolled = await this.enrols(entry);
    if (!enrolled && !this.granted.has(`${entry.person} ${entry.key}`)) {
      throw new Unreadable("signed by a key that nobody enrolled for this person");
    }
    if (this.ids.has(id)) throw new Unreadable("a statement that stands in an earlier entry");
    this.ids.add(id);
    if (entry.kind === "people.invite" && having(entry.open, { token: isKey })) this.invites.set(id, entry.open);
    if (enrolled && isAdmitted(entry)) this.granted.add(`${entry.person === NOBODY ? id : entry.person} ${entry.key}`);
    this.count(entry, id);
  }

  private begin(first: Entry): void {
    this.granted.add(`${NOBODY} ${first.key}`);
    const opened = first.kind === "log.open" && having(first.open, { node_key: isKey });
    if (opened) this.granted.add(`${NOBODY} ${textOf(opened, "node_key")}`);
  }

  private async enrols(entry: Entry): Promise<boolean> {
    if (entry.kind !== "people.enrol") return false;
    const body = having(entry.open, { invite: isKey, token: isKey, key: isKey });
    const invite = body && this.invites.get(textOf(body, "invite"));
    if (!invite || textOf(body, "key") !== entry.key) return false;
    if ((invite.get("for_person") ?? NOBODY) !== entry.person) return false;
    return hex(await sha256(unhex(textOf(body, "token")))) === textOf(invite, "token");
  }

  private count(entry: Entry, id: string): void {
    const before = this.last.get(entry.key) ?? { counter: 0, id: NOBODY };
    const counter = numberOf(entry.said, "counter");
    if (counter !== before.counter + 1 || entry.said.get("prev") !== before.id) this.gaps += 1;
    if (counter >= before.counter) this.last.set(entry.key, { counter, id });
  }
}

export interface Kept {
  salt: Bytes;
  body: Bytes;
}

/** A bundle of bodies; only slots below `count` have an entry. */
export function readBodies(bytes: Bytes, count: number): Map<number, Kept> {
  const kept = new Map<number, Kept>();
  let before = -1;
  let at = 0;
  do {
    if (at + 37 > bytes.length) throw new Unreadable("a bundle of bodies that is cut short");
    const slot = bytes[at] as number;
    const length = new DataView(bytes.buffer, bytes.byteOffset + at + 33, 4).getUint32(0);
    const end = at + 37 + length;
    if (slot <= before || slot >= count || length > ENTRY_BYTES_MAX || end > bytes.length) {
      throw new Unreadable("a bundle of bodies that is out of order or cut short");
    }
    kept.set(slot, { salt: bytes.slice(at + 1, at + 33), body: bytes.slice(at + 37, end) });
    before = slot;
    at = end;
  } while (at < bytes.length);
  return kept;
}

export async function fits(entry: Entry, kept: Kept): Promise<boolean> {
  return entry.body !== undefined && hex(await sha256(kept.salt, kept.body)) === entry.body;
}
