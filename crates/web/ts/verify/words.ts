// What is said to people. The plain lines are for programs and stand below.

import { hex } from "./bytes.ts";
import { isAdmitted, NOBODY, type Entry } from "./entry.ts";
import type { Checked, Row } from "./export.ts";
import type { Fault } from "./fault.ts";

/** From docs/formats/kinds.md, put in by the build: stored name, then nature and meaning. */
declare const KINDS: Record<string, [nature: string, meaning: string]>;

const FAULTS: Record<string, string> = {
  shape: "Its files are not those of a copy as it was made: some are missing, added, renamed or of another size, or the zip was packed anew.",
  checkpoint: "The signed head does not hold: it is not signed by the log's key, speaks of another log, or does not match the rest.",
  entry: "An entry is not what was signed, is not there, or does not stand where it stood.",
  body: "A text kept beside an entry is not the one that was entered.",
  root: "The entries do not lead to the signed head: something was changed, left out, added or put in another order.",
  tile: "The tree's tiles are not those that the entries lead to.",
  cosigned: "The older head that others signed is no head of this log, or a signature on it does not hold.",
  attachment: "An attachment is not the one that was entered, or nobody entered it.",
  pack: "A set of rules is not the one that the entries name.",
  manifest: "A file has other bytes than when the copy was made.",
};

export function faultWords(fault: Fault): string {
  return FAULTS[fault.code] ?? "Something is not as it should be.";
}

export function meaningOf(kind: string): string {
  return KINDS[kind]?.[1] ?? kind;
}

export function answerOf(entry: Entry): string {
  const isReport = KINDS[entry.kind]?.[0] === "report";
  const answer = isAdmitted(entry) ? (isReport ? "taken" : "admitted") : "refused";
  const marks = [...(entry.outcome.get("late") === true ? ["late"] : []), ...(entry.outcome.get("after_incident") === true ? ["after an incident"] : [])];
  return [answer, ...marks].join(", ");
}

/** Roles as the invitations say them. A person is named by role and the first digits of an id, never by name. */
export class People {
  private readonly roles = new Map<string, string>();

  constructor(rows: Row[]) {
    const invites = new Map<string, string>();
    for (const { entry, id } of rows) {
      if (entry.kind === "people.invite") invites.set(id, String(entry.open.get("role") ?? ""));
      if (entry.kind !== "people.enrol") continue;
      const role = invites.get(String(entry.open.get("invite")));
      const person = entry.person === NOBODY ? id : entry.person;
      if (role && !this.roles.has(person)) this.roles.set(person, role);
    }
  }

  name(row: Row): string {
    const { entry, id } = row;
    const person = entry.person === NOBODY && entry.kind === "people.enrol" ? id : entry.person;
    if (person === NOBODY) return "the node";
    const role = this.roles.get(person);
    return role ? `${role} ${person.slice(0, 8)}` : person.slice(0, 8);
  }
}

/** What is not in the copy: one sentence for all that went the same way. */
export function leftOut(rows: Row[]): { sentence: string; entries: number[] }[] {
  const groups = new Map<string, { sentence: string; entries: number[] }>();
  for (const row of rows) {
    if (!row.why) continue;
    const what = row.body ? "attachment" : "text";
    const key = `${what} ${row.why.words}`;
    const group = groups.get(key) ?? { sentence: sentenceOf(what, row.why.words), entries: [] };
    group.entries.push(row.number);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function sentenceOf(what: string, words: string): string {
  if (words.startsWith("missing")) return `The ${what} is missing, and no entry says why.`;
  const [, said = words, where = ""] = /^(.*?)\.? (\(entry [^()]*\))$/.exec(words) ?? [];
  const plain = said.replace(/^erased, (\w+):/, (_, basis: string) => `erased ${BASES[basis] ?? basis}:`);
  return `The ${what} was ${plain} ${where}.`;
}

/** On which ground something was erased. */
const BASES: Record<string, string> = {
  asked_by_person: "because the person it is about asked for it",
  time_over: "because the time to keep it was over",
  court_order: "by order of a court",
  given_by_mistake: "because it was given by mistake",
};

/** Numbers in order, runs joined: 3, 7–9, 12. */
export function ranges(numbers: number[]): string {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`)).join(", ");
}

export function summary(checked: Checked): string {
  const { checkpoint } = checked.head;
  if (!checked.manifest.isExport) {
    return `${count(checked.rows.length, "entry", "entries")} of one person, each shown to stand in the log as it was when it had ${count(checkpoint.size, "entry", "entries")}. It says nothing of entries that are not in it.`;
  }
  return `All ${count(checkpoint.size, "entry", "entries")} are here, in order, each signed by a key that the log itself enrolled, and together they lead to the head that the log's key signed. Nothing entered before that head can have been changed or dropped from this copy unseen.`;
}

export function limits(checked: Checked): string[] {
  const said = [
    "It does not show that what was entered is true: only who signed it, when the node took it, and what it answered.",
    "It does not show whose key the log's key is. Compare it with one had from elsewhere.",
  ];
  if (checked.head.cosigned.every((on) => on.length === 0)) {
    said.push("Nobody's cosignature was counted, so nothing here shows that this head is the newest one or the only one.");
  }
  return said;
}

export const count = (number: number, one: string, many: string): string => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

/** Four digits at a time, to be read aloud. */
export const spoken = (bytes: Uint8Array): string => hex(bytes).replaceAll(/(.{4})(?=.)/g, "$1 ");
