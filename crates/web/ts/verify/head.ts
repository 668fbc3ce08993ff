// Steps 2 and 6: the checkpoint that everything rests on, the older one with cosignatures, and whose signatures count.

import { equal, hex, unhex, utf8, type Bytes } from "./bytes.ts";
import type { Entry } from "./entry.ts";
import { Fault, orFault, Unreadable } from "./fault.ts";
import { read, type Files } from "./files.ts";
import type { Manifest } from "./manifest.ts";
import { checkSignatures, readCheckpoint, vkey, type Checkpoint, type Cosigned } from "./note.ts";
import { Policy } from "./policy.ts";
import { rootOver } from "./tree.ts";

export interface Head {
  checkpoint: Checkpoint;
  key: Bytes;
  vkey: string;
  policy: Policy | undefined;
  isPolicyGiven: boolean;
  /** Cosignatures that hold: on the checkpoint, then on the older one. */
  cosigned: Cosigned[][];
}

export async function checkHead(
  files: Files,
  manifest: Manifest,
  first: () => Promise<Entry>,
  given: Policy | undefined,
): Promise<Head> {
  const checkpoint = await orFault("checkpoint", undefined, async () => readCheckpoint(await read(files, "checkpoint")));
  const { origin, size, root } = checkpoint;
  if (origin !== manifest.origin || size !== manifest.size || hex(root) !== manifest.root) {
    throw new Fault("checkpoint", "the manifest speaks of another checkpoint");
  }
  if (size === 0) throw new Fault("entry", "a log without a first entry", 0);
  const key = unhex((await orFault("entry", 0, first)).key);
  const policy = (given ?? (await ownPolicy(files)))?.countsFor(origin, key);
  const cosigned = await orFault("checkpoint", undefined, () => checkSignatures(checkpoint, key, policy));
  const written = await vkey(origin, key);
  if (!equal(await read(files, "keys/log.vkey"), utf8(`${written}\n`))) {
    throw new Fault("checkpoint", "`keys/log.vkey` is not the key that signed the first entry");
  }
  return { checkpoint, key, vkey: written, policy, isPolicyGiven: given !== undefined, cosigned: [cosigned] };
}

/** A policy of the copy's own that does not read knows nobody. */
async function ownPolicy(files: Files): Promise<Policy | undefined> {
  if (!files.sizes.has("policy")) return undefined;
  try {
    return await Policy.read(await read(files, "policy"));
  } catch (error) {
    if (error instanceof Unreadable) return Policy.nobody();
    throw error;
  }
}

export async function checkOlder(files: Files, head: Head, leaves: Bytes[]): Promise<void> {
  if (!files.sizes.has("cosigned")) return;
  const { checkpoint, key, policy, cosigned } = head;
  const older = await orFault("cosigned", undefined, async () => readCheckpoint(await read(files, "cosigned")));
  cosigned.push(await orFault("cosigned", undefined, () => checkSignatures(older, key, policy)));
  const isOurs = older.origin === checkpoint.origin && older.size <= checkpoint.size;
  if (!isOurs || !equal(await rootOver(leaves.slice(0, older.size)), older.root)) {
    throw new Fault("cosigned", "the older checkpoint is no head of this log");
  }
}

export function cosignedLines(head: Head): string[] {
  const { policy, cosigned } = head;
  if (!policy) return [];
  const lines = cosigned.flat().map(({ name, seconds }) => `cosigned by ${name} at ${timeOf(seconds * 1000)}`);
  const isMet = cosigned.some((on) => policy.isMet(on.map(({ name }) => name)));
  lines.push((isMet ? "policy met" : "policy not met") + (head.isPolicyGiven ? "" : " (the policy in this copy)"));
  return lines;
}

/** To the second, UTC. */
export const timeOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, -5)}Z`;
