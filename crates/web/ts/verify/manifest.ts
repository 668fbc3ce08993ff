// Step 1: is everything there that the manifest says, and nothing else?

import { isHash, utf8 } from "./bytes.ts";
import { Unreadable } from "./fault.ts";
import { read, type Files } from "./files.ts";
import { exactly, is, isList, isNatural, isObject, isText, listOf, numberOf, readJson, textOf } from "./json.ts";
import type { Members } from "./json.ts";
import { checkPaths } from "./paths.ts";

const BYTES_MAX = 64 * 1024 * 1024;
const PATH = "manifest.json";
const EXPORT = "coldproof-export";
const COPY = "coldproof-copy";

export interface Manifest {
  isExport: boolean;
  origin: string;
  size: number;
  root: string;
  madeAt: number;
  program: string;
  notice: number | undefined;
  person: string | undefined;
  files: { path: string; sha256: string }[];
}

export async function checkShape(files: Files): Promise<Manifest> {
  if ((files.sizes.get(PATH) ?? Infinity) > BYTES_MAX) throw new Unreadable("no manifest, or one that is too long");
  const members = exactly(
    readJson(await read(files, PATH)),
    {
      v: is(1),
      format: (value) => value === EXPORT || value === COPY,
      origin: isText,
      size: isNatural,
      root: isHash,
      made_at: isNatural,
      program: isObject,
      attachments: isList,
      files: isList,
    },
    { notice: isNatural, person: isHash },
  );
  const program = exactly(members.get("program"), { version: isText, sha256: isHash });
  const rows = listOf(members, "files").map((row) => exactly(row, { path: isText, bytes: isNatural, sha256: isHash }));
  const attached = listOf(members, "attachments").map((row) => exactly(row, { sha256: isHash, bytes: isNatural }));
  const isExport = members.get("format") === EXPORT;
  checkPaths(files.sizes.keys(), isExport);
  if (isExport) checkExport(files, members);
  else checkCopy(files, members, attached.length);
  checkFiles(files, rows);
  checkAttachments(files, attached);
  return {
    isExport,
    origin: textOf(members, "origin"),
    size: numberOf(members, "size"),
    root: textOf(members, "root"),
    madeAt: numberOf(members, "made_at"),
    program: textOf(program, "version"),
    notice: members.get("notice") as number | undefined,
    person: members.get("person") as string | undefined,
    files: rows.map((row) => ({ path: textOf(row, "path"), sha256: textOf(row, "sha256") })),
  };
}

function needAll(files: Files, paths: string[]): void {
  for (const path of paths) {
    if (!files.sizes.has(path)) throw new Unreadable(`\`${path}\` is not there`);
  }
}

function checkExport(files: Files, members: Members): void {
  if (members.has("person")) throw new Unreadable("an export names no person");
  needAll(files, ["checkpoint", "keys/log.vkey"]);
}

function checkCopy(files: Files, members: Members, attachments: number): void {
  if (!members.has("person") || members.has("notice") || attachments > 0) throw new Unreadable("not the manifest of an own copy");
  needAll(files, ["checkpoint", "keys/log.vkey", "first.entry", "receipts/0.tlog-proof"]);
  for (const path of files.sizes.keys()) {
    const [, folder, number, kind] = /^(entries|receipts)\/(\d+)\.([a-z-]+)$/.exec(path) ?? [];
    if (folder === undefined) continue;
    if (kind === "entry") needAll(files, [`receipts/${number}.tlog-proof`]);
    if (kind === "body") needAll(files, [`entries/${number}.entry`, `entries/${number}.salt`]);
    if (kind === "salt") needAll(files, [`entries/${number}.body`]);
    if (kind === "tlog-proof" && number !== "0") needAll(files, [`entries/${number}.entry`]);
  }
}

function checkFiles(files: Files, rows: Members[]): void {
  let before = "";
  for (const row of rows) {
    const path = textOf(row, "path");
    if (before !== "" && !isBefore(before, path)) throw new Unreadable("the manifest's files are out of order");
    if (path === PATH || files.sizes.get(path) !== numberOf(row, "bytes")) {
      throw new Unreadable(`\`${path}\` is not there, or not of the size that the manifest says`);
    }
    before = path;
  }
  if (rows.length !== files.sizes.size - 1) throw new Unreadable("a file is there that the manifest does not list");
}

function checkAttachments(files: Files, attached: Members[]): void {
  const there = [...files.sizes].filter(([path]) => path.startsWith("attachments/")).sort(([left], [right]) => (left < right ? -1 : 1));
  const isSame =
    there.length === attached.length &&
    attached.every((row, at) => {
      const [path, size] = there[at] ?? ["", -1];
      return path === `attachments/${textOf(row, "sha256")}` && size === numberOf(row, "bytes");
    });
  if (!isSame) throw new Unreadable("the manifest's attachments are not those that are there");
}

/** As bytes, not as UTF-16. */
function isBefore(left: string, right: string): boolean {
  const one = utf8(left);
  const other = utf8(right);
  for (let at = 0; at < Math.min(one.length, other.length); at += 1) {
    if (one[at] !== other[at]) return (one[at] as number) < (other[at] as number);
  }
  return one.length < other.length;
}
