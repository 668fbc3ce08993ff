// verify.html: takes a copy, checks it here, and says what it found. Nothing leaves this page.

import type { Bytes } from "./bytes.ts";
import { equal } from "./bytes.ts";
import { byId, el } from "./dom.ts";
import type { Checked } from "./export.ts";
import { timeOf } from "./head.ts";
import { readLogKey } from "./note.ts";
import { Policy } from "./policy.ts";
import { breathe } from "./pace.ts";
import { fromBlobs, fromDrop, fromFile, fromFolder, type Picked } from "./picked.ts";
import { isKnownHere } from "./signature.ts";
import { Table } from "./table.ts";
import { verify, type Verdict } from "./verify.ts";
import { count, faultWords, leftOut, limits, ranges, spoken, summary } from "./words.ts";

declare global {
  interface Window {
    /** For tests: a zip's bytes, to the plain lines. */
    verifyBytes: (name: string, bytes: Bytes) => Promise<string>;
    /** For tests: a folder's files, to the plain lines. */
    verifyFolder: (files: Record<string, Bytes>) => Promise<string>;
  }
}

const status = byId("status");
const bar = byId<HTMLProgressElement>("bar");
const result = byId("result");
const drop = byId("drop");
let policy: Policy | undefined;
let run = 0;
let newest: Picked | undefined;

void start();

async function start(): Promise<void> {
  window.verifyBytes = (name, bytes) => quietly(fromFile(name, new Blob([bytes])));
  window.verifyFolder = (files) =>
    quietly(fromBlobs("folder", new Map(Object.entries(files).map(([path, bytes]) => [path, new Blob([bytes])]))));
  if (!(await isReady())) return;
  const zip = byId<HTMLInputElement>("zip");
  zip.addEventListener("change", () => zip.files?.[0] && void check(fromFile(zip.files[0].name, zip.files[0])));
  const folder = byId<HTMLInputElement>("folder");
  folder.addEventListener("change", () => folder.files && void check(fromFolder(folder.files)));
  const given = byId<HTMLInputElement>("policy");
  given.addEventListener("change", () => void takePolicy(given.files?.[0]));
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"] as const) document.addEventListener(kind, dragged);
}

async function quietly(picked: Picked): Promise<string> {
  return (await verify(() => picked.open(() => undefined), policy, () => Promise.resolve())).plain;
}

/** Says so where this browser cannot check signatures, and takes nothing then. */
async function isReady(): Promise<boolean> {
  if (window.isSecureContext && typeof DecompressionStream !== "undefined" && (await isKnownHere())) return true;
  drop.hidden = true;
  status.textContent =
    "This browser is too old to check these signatures. Open this page with Chrome or Edge 137, Firefox 130, Safari 18.4 or newer, or use one of the other two verifiers that README.txt names.";
  return false;
}

function dragged(event: DragEvent): void {
  event.preventDefault();
  drop.classList.toggle("over", event.type === "dragenter" || event.type === "dragover");
  if (event.type !== "drop" || !event.dataTransfer) return;
  fromDrop(event.dataTransfer).then(check, () => {
    status.textContent = "This browser does not give a dropped folder to a page opened from disk. Pick it with the button instead.";
  });
}

async function takePolicy(file: File | undefined): Promise<void> {
  try {
    policy = file && (await Policy.read(new Uint8Array(await file.arrayBuffer())));
  } catch (error) {
    policy = undefined;
    status.textContent = `That is no policy: ${error instanceof Error ? error.message : String(error)}`;
    return;
  }
  if (newest) await check(newest);
}

async function check(picked: Picked | undefined): Promise<void> {
  if (!picked) return;
  newest = picked;
  run += 1;
  const mine = run;
  let drawn = 0;
  result.replaceChildren();
  bar.hidden = false;
  const say = async (words: string, done: number, of: number): Promise<void> => {
    if (mine !== run) throw new Stopped();
    const now = performance.now();
    if (now - drawn < 100 && done > 0) return;
    drawn = now;
    bar.max = Math.max(of, 1);
    bar.value = done;
    if (status.textContent !== words) status.textContent = words;
    await breathe();
  };
  try {
    await say("Unpacking", 0, 1);
    const verdict = await verify(() => picked.open(() => undefined), policy, say);
    if (mine === run) show(picked.name, verdict);
  } catch (error) {
    if (error instanceof Stopped) return;
    status.textContent = `This could not be read: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    if (mine === run) bar.hidden = true;
  }
}

/** Another copy was picked meanwhile. */
class Stopped extends Error {}

// --- what is shown --------------------------------------------------------------------------------------------------

function show(name: string, verdict: Verdict): void {
  status.textContent = "";
  const verdictBox = el("section", { class: verdict.holds ? "verdict holds" : "verdict fault", tabindex: "-1", "aria-labelledby": "verdict" });
  const plain = el("details", { class: "plain" }, el("summary", {}, "The same for programs, line by line"), el("pre", {}, verdict.plain));
  if (verdict.holds) {
    const { checked } = verdict;
    verdictBox.append(el("h2", { id: "verdict" }, "This copy holds"), el("p", {}, summary(checked)), el("p", { class: "file" }, name));
    result.replaceChildren(verdictBox, facts(checked), absences(checked), cosigners(checked), unsaid(checked), new Table(checked.rows).element, plain);
  } else {
    const { fault } = verdict;
    const where = fault.entry === undefined ? "" : ` (entry ${fault.entry})`;
    verdictBox.append(
      el("h2", { id: "verdict" }, `This copy does not hold: ${FIRST_WORDS[fault.code] ?? "something is wrong"}${where}`),
      el("p", {}, faultWords(fault)),
      el("p", {}, `Found: ${fault.message}. Checking stopped there; what comes after it was not looked at.`),
      el("p", { class: "file" }, name),
    );
    plain.open = true;
    result.replaceChildren(verdictBox, plain);
  }
  verdictBox.focus();
}

const FIRST_WORDS: Record<string, string> = {
  shape: "its files are not those of a copy",
  checkpoint: "its signed head does not hold",
  entry: "an entry is at fault",
  body: "a text is not the one that was entered",
  root: "its entries are not those that were signed",
  tile: "its tree is not that of its entries",
  cosigned: "its older head is not this log's",
  attachment: "an attachment is not the one that was entered",
  pack: "a set of rules is not the one that was in force",
  manifest: "a file was changed",
};

function facts(checked: Checked): HTMLElement {
  const { head, rows, manifest } = checked;
  const list = el("dl");
  const add = (title: string, ...value: (Node | string)[]): void => list.append(el("dt", {}, title), el("dd", {}, ...value));
  add("Log", head.checkpoint.origin);
  const [first, last] = [rows[0], rows.at(-1)];
  if (first && last) add("Recorded", `${timeOf(first.entry.at)} to ${timeOf(last.entry.at)}`);
  add("Copy made", `${timeOf(manifest.madeAt)}, by Coldproof ${manifest.program}`);
  add("The log's key", el("code", {}, spoken(head.key)), compare(head.key));
  return el("section", { "aria-label": "Facts", class: "facts" }, list);
}

/** The key that somebody has from elsewhere, as digits or in the C2SP form. */
function compare(key: Bytes): HTMLElement {
  const input = el("input", { type: "text", id: "elsewhere", autocomplete: "off", spellcheck: "false", "aria-describedby": "same" });
  const said = el("p", { id: "same", role: "status" });
  input.addEventListener("input", () => void sameKey(input.value, key).then((words) => (said.textContent = words)));
  return el("div", { class: "compare" }, el("label", { for: "elsewhere" }, "Paste the key you have from elsewhere"), input, said);
}

async function sameKey(text: string, key: Bytes): Promise<string> {
  const given = text.trim();
  if (given === "") return "";
  const digits = given.replaceAll(/\s/g, "").toLowerCase();
  const isSame = given.includes("+")
    ? await readLogKey(given).then(
        (read) => equal(read.key, key),
        () => undefined,
      )
    : /^[0-9a-f]{64}$/.test(digits)
      ? digits === spoken(key).replaceAll(" ", "")
      : undefined;
  if (isSame === undefined) return "That is no whole key yet.";
  return isSame ? "The same key." : "ANOTHER key: this copy is of another log, or was signed by somebody else.";
}

function absences(checked: Checked): HTMLElement {
  const box = el("section", { "aria-labelledby": "left-out", class: "left-out" }, el("h2", { id: "left-out" }, "What is not in it"));
  const groups = leftOut(checked.rows);
  if (groups.length === 0) {
    box.append(el("p", {}, checked.manifest.isExport ? "Nothing that was entered was left out." : "Every text of these entries is here."));
    return box;
  }
  box.append(el("p", {}, "The entries themselves are all here; these are texts and attachments that were kept beside them."));
  const list = el("ul");
  for (const { sentence, entries } of groups) {
    const which = el("span", { class: "which" }, `${count(entries.length, "entry", "entries")}: ${ranges(entries)}`);
    list.append(el("li", {}, `${sentence} `, which));
  }
  box.append(list);
  return box;
}

function cosigners(checked: Checked): HTMLElement {
  const box = el("section", { "aria-labelledby": "cosigners" }, el("h2", { id: "cosigners" }, "Who else signed this head"));
  const { policy: rules, isPolicyGiven, cosigned } = checked.head;
  if (!rules) {
    box.append(el("p", {}, "No policy says whose cosignatures count. Give one above if you have one."));
    return box;
  }
  const lines = checked.lines.filter((line) => line.startsWith("cosigned by "));
  if (lines.length > 0) box.append(el("ul", {}, ...lines.map((line) => el("li", {}, line))));
  const isMet = cosigned.some((on) => rules.isMet(on.map(({ name }) => name)));
  const whose = isPolicyGiven ? "The policy you gave" : "The copy's own policy, which only the copy vouches for,";
  box.append(el("p", {}, `${whose} is ${isMet ? "met" : "not met"}.`));
  return box;
}

function unsaid(checked: Checked): HTMLElement {
  const title = el("h2", { id: "unsaid" }, "What this does not show");
  return el("section", { "aria-labelledby": "unsaid", class: "unsaid" }, title, el("ul", {}, ...limits(checked).map((words) => el("li", {}, words))));
}

