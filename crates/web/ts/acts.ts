// The bodies of statements, all in one place. Their fields are those of crates/domain/src/act.

import type { Act } from "./statement.ts";

export type Body = Record<string, unknown>;

/** An act as the node offers it (crates/web/src/view.rs). */
export interface Offer {
  kind: string;
  kv: number;
  open: boolean;
  report: boolean;
  label: string;
  sentence: string;
  known: Body;
  fields: Field[];
  hold: boolean;
  go: string;
}

export interface Field {
  member: string;
  label: string;
  kind:
    | { kind: "choice"; options: Choice[] }
    | { kind: "several"; options: Choice[] }
    | { kind: "count"; min: number; max: number }
    | { kind: "words"; chars_max: number; optional: boolean }
    | { kind: "day" }
    | { kind: "time"; optional: boolean }
    | { kind: "sight"; of: Checked };
}

export interface Choice {
  value: unknown;
  label: string;
}

export interface Checked {
  id: string;
  tag: string;
  name: string;
  holds: string;
  positions: number;
  contents: { value: unknown; label: string; counts_as: keyof Counted }[];
  bore: boolean;
  mine_in: boolean;
  other_in: boolean;
  ready_to_call: boolean;
}

export interface CheckView {
  kind: "full" | "reset" | "line";
  part: "hands" | "second";
  purpose: string;
  other: string;
  weapons: Checked[];
  sign: Offer;
  call: Offer | null;
}

export interface Counted {
  empty: number;
  dummies: number;
  blanks: number;
  others: number;
}

export interface Bore {
  label: string;
  bore: "clear" | "blocked" | "not_seen";
  method: "rod" | "light" | "eye";
}

/** What one person saw of one weapon. */
export interface Sight {
  weapon: string;
  seen?: unknown[];
  counted?: Counted;
  bore: Bore;
}

export const BORES: Bore[] = [
  { label: "Clear, rod passed", bore: "clear", method: "rod" },
  { label: "Clear, light seen", bore: "clear", method: "light" },
  { label: "Not clear", bore: "blocked", method: "eye" },
  { label: "Could not see", bore: "not_seen", method: "eye" },
];

export const NO_BORE: Bore = { label: "", bore: "not_seen", method: "eye" };

export function sightBody(sight: Sight): Body {
  return {
    weapon: sight.weapon,
    ...(sight.seen ? { seen: sight.seen } : {}),
    ...(sight.counted ? { counted: sight.counted } : {}),
    turned: true,
    bore: sight.bore.bore,
    method: sight.bore.method,
  };
}

const act = (offer: Offer, body: Body): Act => ({ kind: offer.kind, kv: offer.kv, open: offer.open, report: offer.report, body });

/** `weapon.look`, `weapon.load` or `line.look`. */
export function look(view: CheckView, sights: Sight[]): Act {
  const seen = sights.map(sightBody);
  return act(view.sign, { ...view.sign.known, ...(view.sign.kind === "line.look" ? { sights: seen } : { sight: seen[0] }) });
}

/** `call.cold` for the weapons that are ready. */
export const call = (offer: Offer, weapons: string[]): Act => act(offer, { ...offer.known, weapons });

/** Any offer with its answers put in by member name. */
export function offered(offer: Offer, answers: Map<string, unknown>): Act {
  const body = structuredClone(offer.known);
  for (const [member, value] of answers) {
    const [first, second] = member.split(".");
    if (!first) continue;
    if (second) (body[first] ??= {}) as Body, ((body[first] as Body)[second] = value);
    else body[first] = value;
  }
  return act(offer, body);
}

const report = (kind: string, body: Body, open = false): Act => ({ kind, kv: 1, open, report: true, body });
const request = (kind: string, body: Body, open = false): Act => ({ kind, kv: 1, open, report: false, body });

export const stop = (): Act => report("stop.call", { words: "", by_voice: "", someone: false, authority: "" });

export const lift = (id: string, words: string): Act => request("stop.lift", { stop: id, words });

export const enrol = (invite: string, token: string, key: string): Act =>
  request("people.enrol", { invite, token, key, means: "device" }, true);

export const attach = (body: Body): Act => report("attachment.add", body);
