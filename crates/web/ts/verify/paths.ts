// Which paths a copy may have.

import { Unreadable } from "./fault.ts";
import { DECIMAL } from "./note.ts";

const PATH_BYTES_MAX = 1024;

const ANYWHERE = new Set(["checkpoint", "keys/log.vkey", "manifest.json", "README.txt", "verify.html"]);
const IN_AN_EXPORT = new Set(["cosigned", "keys/keys.json", "policy", "certificate.txt", "defects.txt"]);
const IN_A_COPY = new Set(["first.entry", "mine.txt"]);

export function checkPaths(paths: Iterable<string>, isExport: boolean): void {
  const seen = new Set<string>();
  for (const path of paths) {
    const parts = path.split("/");
    const isPlain = /^[ -[\]-~]{1,1024}$/.test(path) && path.length <= PATH_BYTES_MAX;
    if (!isPlain || parts.some((part) => part === "" || part.startsWith(".")) || !belongs(path, parts, isExport)) {
      throw new Unreadable(`no such file belongs in a copy: ${JSON.stringify(path)}`);
    }
    const folded = path.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
    if (seen.has(folded)) throw new Unreadable(`\`${path}\` is there twice but for its letters' case`);
    seen.add(folded);
  }
  for (const path of seen) {
    for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1)) {
      if (seen.has(path.slice(0, slash))) throw new Unreadable(`\`${path}\` lies below a file`);
    }
  }
}

function belongs(path: string, parts: string[], isExport: boolean): boolean {
  if (ANYWHERE.has(path)) return true;
  const [folder = "", name = "", ...rest] = parts;
  if (!isExport) {
    if (folder === "receipts") return parts.length === 2 && isNumbered(name, [".tlog-proof"]);
    return IN_A_COPY.has(path) || (folder === "entries" && parts.length === 2 && isNumbered(name, [".entry", ".body", ".salt"]));
  }
  if (IN_AN_EXPORT.has(path)) return true;
  switch (folder) {
    case "tile":
      return /^([0-5]|entries)$/.test(name) && isTile(rest);
    case "bodies":
      return isIndex(parts.slice(1));
    case "attachments":
      return parts.length === 2 && isDigest(name);
    case "packs":
      return isDigest(name) && rest.length > 0;
    case "custody":
      return parts.length === 2 && name.endsWith(".txt") && isDigest(name.slice(0, -4));
    default:
      return false;
  }
}

const isDigest = (name: string): boolean => /^[0-9a-f]{64}$/.test(name);

function isNumbered(name: string, endings: string[]): boolean {
  return endings.some((ending) => name.endsWith(ending) && DECIMAL.test(name.slice(0, -ending.length)));
}

/** `x001/x234/067`, at the right edge with `.p/17` behind. */
function isTile(parts: string[]): boolean {
  const last = parts.at(-1) ?? "";
  const before = parts.at(-2) ?? "";
  if (!before.endsWith(".p")) return isIndex(parts);
  const isWidth = /^[1-9][0-9]{0,2}$/.test(last) && Number(last) <= 255;
  return isWidth && isIndex([...parts.slice(0, -2), before.slice(0, -2)]);
}

function isIndex(parts: string[]): boolean {
  if (parts.length === 0 || parts[0] === "x000") return false;
  return parts.every((part, at) => (at === parts.length - 1 ? /^[0-9]{3}$/ : /^x[0-9]{3}$/).test(part));
}
