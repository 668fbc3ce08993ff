// What this phone holds: a list, a copy made here without the node, and after a take-over what the lost node took along.

import { hex, unbase64, utf8, ZERO } from "./bytes.ts";
import { RECEIPTS_MAX, loadMe, receipts, type Known, type Receipt } from "./db.ts";
import { byId, el, moment } from "./dom.ts";
import { canSign } from "./key.ts";
import { fromLostNode, gather, look, sendAgain, settleLost } from "./receipt.ts";
import { sha256now } from "./sha256.ts";
import { Ranges, leafHash, openNote, readProof, vkey, writeProof, type Head } from "./tlog.ts";
import { zip } from "./zip.ts";

const SHOWN = 60;

export function startHeld(): void {
  const root = byId("held-list");
  if (!root || !canSign()) return;
  void look()
    .then(gather)
    .then((held) => list(root, held))
    .catch(() => root.replaceChildren(el("p", { class: "quiet" }, "This phone’s storage cannot be read. Close other tabs of this page and open it again.")));
}

async function list(root: HTMLElement, held: Known): Promise<void> {
  const all = (await receipts(held.origin)).reverse();
  const lost = held.last && held.last.epoch > 0 ? await fromLostNode(held) : [];
  const lines: HTMLElement[][] = all.slice(0, SHOWN).map((one) => [el("time", {}, moment(one.at)), el("span", { class: "line" }, el("b", {}, words(one.kind)), ` · entry ${one.index}${one.admitted ? "" : " · not supported"} · ${standing(one, held)}`)]);
  const file = el("button", { class: "ghost", type: "button" }, "Download what this phone holds");
  const said = el("p", { class: "quiet", role: "status" }, "");
  file.addEventListener("click", () => void download(held, said));
  root.replaceChildren(
    el("h2", {}, "Receipts"),
    el("p", {}, held.last ? `Last head seen and checked: ${held.last.size} entries, ${moment(held.last.at)}.` : "No head of this record was seen yet."),
    el("p", { class: "quiet" }, `${all.length} ${all.length === 1 ? "receipt" : "receipts"}. The newest ${RECEIPTS_MAX.toLocaleString("en")} are kept; take a copy now and then.`),
    lost.length > 0 ? again(root, lost) : "",
    el("div", { class: "log" }, ...lines.flat()),
    all.length > SHOWN ? el("p", { class: "quiet" }, `${all.length - SHOWN} older ones are in the download.`) : "",
    all.some((one) => one.proof) ? file : el("p", { class: "quiet" }, "Nothing was signed on this phone yet."),
    said,
  );
  if (held.lost && lost.length === 0) await settleLost();
}

/** `weapon.take_out` as `Weapon: take out`. */
function words(kind: string): string {
  const [what = "", act = ""] = kind.replaceAll("_", " ").split(".");
  return `${what.charAt(0).toUpperCase()}${what.slice(1)}: ${act}`;
}

function standing(one: Receipt, held: Known): string {
  if (one.epoch < (held.last?.epoch ?? 0)) return one.again ? `not taken again: ${one.again}` : "acknowledged by the node that is lost";
  return one.proof ? "proof checked" : "its proof is still to come";
}

function again(root: HTMLElement, lost: Receipt[]): HTMLElement {
  const said = el("p", { role: "status" }, "");
  const button = el("button", { class: "ghost", type: "button" }, "Send them again");
  button.addEventListener("click", () => void send());
  const send = async (): Promise<void> => {
    button.disabled = true;
    let sent = 0;
    for (const one of lost) {
      said.textContent = `Sending ${sent + 1} of ${lost.length}…`;
      if (!(await sendAgain(one))) {
        said.textContent = `The node was not reached. ${sent} of ${lost.length} are sent; press again.`;
        button.disabled = false;
        return;
      }
      sent += 1;
    }
    await settleLost();
    await look();
    await list(root, await gather());
  };
  const it = lost.length === 1 ? "1 statement" : `${lost.length} statements`;
  return el("div", { class: "lost" }, el("p", {}, el("b", {}, `A spare went on from a copy. ${it} that the lost node acknowledged to this phone ${lost.length === 1 ? "is" : "are"} not in its record.`), " Sent again they come in late, as history: they clear nothing."), button, said);
}

/** One file for each head at which proofs are held; with the node in reach that is one. */
async function download(held: Known, said: HTMLElement): Promise<void> {
  const now = await gather().catch(() => held);
  const all = (await receipts(held.origin)).filter((one) => one.proof && one.entry);
  const bySize = new Map<number, Receipt[]>();
  for (const one of all) bySize.set(one.proved ?? 0, [...(bySize.get(one.proved ?? 0) ?? []), one]);
  let saved = 0;
  for (const [size, some] of [...bySize].sort(([a], [b]) => b - a)) {
    const bytes = await copy(now, some).catch(() => undefined);
    if (!bytes) continue;
    const link = el("a", { href: URL.createObjectURL(new Blob([bytes], { type: "application/zip" })), download: `phone-copy-${size}.zip` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    saved += some.length;
  }
  const left = all.length - saved;
  said.textContent = `${saved} ${saved === 1 ? "entry" : "entries"} saved. Whoever has the file checks it with “coldproof verify” or verify.html, without this node.${left > 0 ? ` ${left} newer ones need the node once more before they can be joined to it.` : ""}`;
}

/** A copy of one's own (docs/formats/export.md) from what this phone holds at one head. */
async function copy(held: Known, some: Receipt[]): Promise<Uint8Array<ArrayBuffer>> {
  const me = await loadMe();
  const { note } = readProof(some[0]?.proof ?? "");
  const head = await openNote(note, held.origin, held.logKey);
  const files = new Map<string, Uint8Array>();
  files.set("checkpoint", utf8(note));
  files.set("keys/log.vkey", utf8(`${vkey(held.origin, held.logKey)}\n`));
  if (!held.first) throw new Error("The first entry is not held yet.");
  files.set("first.entry", unbase64(held.first.entry));
  files.set("receipts/0.tlog-proof", utf8(firstProof(held.first, some, head)));
  for (const one of some) {
    const { salt, body } = JSON.parse(one.submission) as { salt?: string; body?: string };
    files.set(`entries/${one.index}.entry`, unbase64(one.entry ?? ""));
    if (salt && body) files.set(`entries/${one.index}.salt`, unbase64(salt)).set(`entries/${one.index}.body`, unbase64(body));
    files.set(`receipts/${one.index}.tlog-proof`, utf8(one.proof ?? ""));
  }
  files.set("mine.txt", utf8(mine(held, some)));
  files.set("README.txt", utf8(README));
  const manifest = {
    v: 1,
    format: "coldproof-copy",
    origin: held.origin,
    size: head.size,
    root: head.root,
    made_at: Date.now(),
    program: { version: "phone", sha256: ZERO },
    person: me?.person || ZERO,
    attachments: [],
    files: [...files.keys()].sort().map((path) => ({ path, bytes: files.get(path)?.length ?? 0, sha256: hex(sha256now(files.get(path) ?? new Uint8Array())) })),
  };
  files.set("manifest.json", utf8(JSON.stringify(manifest)));
  return zip([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The proof of entry 0 to the head of these receipts, from what is held; throws when that is not enough. */
function firstProof(first: NonNullable<Known["first"]>, some: Receipt[], head: Head): string {
  if (first.proved === head.size) return first.proof;
  const ranges = new Ranges();
  for (const one of some) ranges.include(leafHash(unbase64(one.entry ?? "")), one.index, head.size, readProof(one.proof ?? "").path, head.root);
  const path = ranges.path(0, head.size);
  new Ranges().include(leafHash(unbase64(first.entry)), 0, head.size, path, head.root);
  return writeProof({ index: 0, path, note: head.note });
}

const mine = (held: Known, some: Receipt[]): string =>
  [`What this phone signed in the record ${held.origin}`, "", ...some.map((one) => `entry ${one.index}, ${new Date(one.at).toISOString()}: ${words(one.kind)}${one.admitted ? "" : " (the record did not support it)"}`), ""].join("\n");

const README = `A copy of what one phone signed, made on that phone.
Each statement is in entries/, with what was said beside it, and the proof in receipts/ that the record contained it.
Check it with "coldproof verify", with verify.html, or by the page docs/formats/export.md, "My copy". It needs no node.
It says nothing of entries that are not in it.
`;
