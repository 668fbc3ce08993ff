// Draws states. The only place where the word of a lease is drawn, and only from a verified board.

import type { Board, View, Weapon } from "./board.ts";
import { byId, clock, el, icon } from "./dom.ts";
import { MISSING_WORDS, isMissing } from "./receipt.ts";

const LAST_MS = 120_000;

/** How a weapon looks now: class, shape, word, and what stands beside. */
interface Look {
  cls: string;
  shape: string;
  word: string;
  left: string;
  reason: string;
  next: string;
  say: string;
}

const LOOKS: Record<string, [string, string]> = {
  "LOCKED AWAY": ["locked", "s-locked"],
  "CHECK NEEDED": ["check", "s-check"],
  COLD: ["cold", "s-cold"],
  HOT: ["hot", "s-hot"],
  "CANNOT FIRE": ["none", "s-none"],
  "DULL CHECKED": ["dull", "s-dull"],
  HOLD: ["hold", "s-hold"],
  GROUNDED: ["grounded", "s-grounded"],
};

/** What needs a person stands first; within that the order of the board, which is that of the tags. */
const ORDER = ["HOLD", "CHECK NEEDED", "HOT", "COLD", "CANNOT FIRE", "DULL CHECKED", "LOCKED AWAY", "GROUNDED"];
const place = (weapon: Weapon): number => (ORDER.includes(weapon.word) ? ORDER.indexOf(weapon.word) : 1);

/** Words that warn are still worth showing when they are old; words that permit are not. */
const WARNS = new Set(["CHECK NEEDED", "HOT", "HOLD", "GROUNDED"]);

const withContent = (weapon: Weapon): string => (weapon.content ? `${weapon.word} ${weapon.content}` : weapon.word);

export function lookOf(weapon: Weapon, view: View): Look {
  const { reason, next, say } = weapon;
  const known = LOOKS[weapon.word];
  const heard = view.board ? `Last heard ${withContent(weapon)}, ${clock(view.board.at)}.` : "";
  if (!known) return { cls: "check", shape: "s-check", word: "CHECK NEEDED", left: "", reason: "This page does not know the word it was sent.", next: "ask the armorer", say: "" };
  if (view.standing === "missing" && !WARNS.has(weapon.word)) {
    return { cls: "check", shape: "s-check", word: "CHECK NEEDED", left: "", reason: MISSING_WORDS, next: "go on by paper; keep this phone", say: `Tag ${weapon.tag}, check needed, hold it.` };
  }
  if (view.standing === "unverified" && weapon.word === "COLD") {
    return { cls: "old", shape: "s-old", word: "UNVERIFIED", left: "", reason: "This page cannot check what it was told.", next: "ask the armorer", say: "" };
  }
  if (view.standing === "not current" && !WARNS.has(weapon.word)) {
    return { cls: "old", shape: "s-old", word: "NOT CURRENT", left: "", reason: heard, next: "ask the armorer", say: "" };
  }
  const [cls, shape] = known;
  if (weapon.word !== "COLD" && weapon.word !== "HOT") return { cls, shape, word: withContent(weapon), left: "", reason, next, say };
  const left = (weapon.left_ms ?? 0) - view.passed;
  if (left <= 0) {
    const last = weapon.word === "HOT" ? `Last loaded: ${weapon.content.toLowerCase()}.` : "";
    return { cls: "check", shape: "s-check", word: "CHECK NEEDED", left: "", reason: `Its time is up. ${last}`.trim(), next: "the armorer takes it and checks it again", say: `Tag ${weapon.tag}, check needed, hold it.` };
  }
  if (weapon.word === "HOT") return { cls, shape, word: withContent(weapon), left: minutes(left), reason, next, say };
  const isLast = left <= LAST_MS;
  return { cls: isLast ? "cold last" : cls, shape: isLast ? "s-cold-last" : shape, word: withContent(weapon), left: minutes(left), reason, next, say };
}

/** `18 min`, and in the last two minutes `1:45 left`. */
function minutes(ms: number): string {
  if (ms > LAST_MS) return `${Math.floor(ms / 60_000)} min`;
  const s = Math.ceil(ms / 1_000);
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")} left`;
}

const verdict = (look: Look): HTMLElement =>
  el("div", { class: `v ${look.cls}` }, icon(look.shape), el("span", { class: "word" }, look.word), look.left && el("span", { class: "left" }, look.left));

const why = (look: Look): HTMLElement | null =>
  look.reason || look.next
    ? el("div", { class: "why" }, look.reason && el("b", {}, look.reason), look.next && el("span", { class: "next" }, `Next: ${look.next}`))
    : null;

const say = (look: Look): HTMLElement | null => (look.say ? el("p", { class: "say" }, `Say: “${look.say}”`) : null);

function card(weapon: Weapon, look: Look): HTMLElement {
  const meta = weapon.place || weapon.holder;
  return el(
    "article",
    { class: `w ${look.cls}`, "data-weapon": weapon.id },
    verdict(look),
    el("a", { class: "name", href: `/w/${weapon.id}` }, `${weapon.name} · tag ${weapon.tag}`),
    why(look),
    say(look),
    weapon.waiting && !weapon.waiting.includes(",") ? el("p", { class: "waiting" }, `Still to look: ${weapon.waiting}`) : null,
    meta ? el("div", { class: "meta" }, el("span", {}, weapon.place), el("span", {}, weapon.holder)) : null,
  );
}

const drawn = new WeakMap<Element, string>();

/** Puts `fresh` in the place of `old` only when something changed, so that focus and selection stay. */
function put(old: Element, mark: string, make: () => HTMLElement): void {
  if (drawn.get(old) === mark) return;
  const fresh = make();
  const hadFocus = old.contains(document.activeElement);
  drawn.set(fresh, mark);
  old.replaceWith(fresh);
  if (hadFocus) fresh.querySelector("a")?.focus();
}

export function drawSet(view: View): void {
  drawStrip(view);
  if (!view.board) return;
  drawStops(view.board);
  for (const banner of document.querySelectorAll<HTMLElement>(".banner[data-weapon]")) drawBanner(banner, view);
  const grid = byId("board");
  if (grid) drawGrid(grid, view);
}

function drawGrid(grid: HTMLElement, view: View): void {
  const weapons = [...(view.board?.weapons ?? [])].sort((a, b) => place(a) - place(b));
  const ids = new Set(weapons.map((weapon) => weapon.id));
  const old = new Map<string, Element>();
  for (const node of grid.querySelectorAll<HTMLElement>("[data-weapon]")) {
    const id = node.dataset["weapon"] ?? "";
    if (ids.has(id)) old.set(id, node);
    else node.remove();
  }
  weapons.forEach((weapon, at) => {
    const look = lookOf(weapon, view);
    const mark = JSON.stringify([look, weapon.place, weapon.holder, weapon.waiting, weapon.name]);
    const node = old.get(weapon.id);
    if (node) put(node, mark, () => card(weapon, look));
    else grid.append(card(weapon, look));
    const now = grid.querySelector(`[data-weapon="${CSS.escape(weapon.id)}"]`);
    if (now && grid.children[at] !== now) grid.insertBefore(now, grid.children[at] ?? null);
  });
}

function drawBanner(banner: HTMLElement, view: View): void {
  const weapon = view.board?.weapons.find((one) => one.id === banner.dataset["weapon"]);
  if (!weapon) return;
  const look = lookOf(weapon, view);
  const what = banner.querySelector(".what")?.textContent ?? `${weapon.name} · tag ${weapon.tag}`;
  put(banner, JSON.stringify([look, what]), () =>
    el("section", { class: `banner ${look.cls}`, "data-weapon": weapon.id, "aria-label": "State" }, verdict(look), el("p", { class: "what" }, what), why(look), say(look)),
  );
}

/** The stripe across: this screen cannot say. */
function drawStrip(view: View): void {
  const strip = byId("link");
  if (!strip) return;
  const age = view.board && Number.isFinite(view.passed) ? ` Last heard ${clock(view.board.at)}, ${Math.round(view.passed / 1_000)} s ago.` : "";
  const short = view.standing === "missing" && !isMissing() ? "UNVERIFIED · This record is shorter than what this phone was told. Ask the armorer." : "";
  const text =
    view.standing === "missing" ? short : view.standing === "verified" ? "" : view.standing === "unverified" ? `UNVERIFIED · ${view.why} Ask the armorer.` : `NOT CURRENT · ${view.why}${age} Ask the armorer.`;
  strip.hidden = text === "";
  strip.className = `strip ${view.standing !== "not current" ? "unverified" : "stale"}`;
  if (strip.textContent !== text) strip.textContent = text;
}

function drawStops(board: Board): void {
  const banner = byId("set-stop");
  const list = byId("set-stop-list");
  if (!banner || !list) return;
  banner.hidden = board.stops.length === 0;
  const lines = board.stops.map((stop) => `${stop.reason || "stopped"} · ${clock(stop.since)}${/^0+$/.test(stop.id) ? " · not yet recorded" : ""}`);
  const mark = lines.join("\n");
  if (drawn.get(list) === mark) return;
  drawn.set(list, mark);
  list.replaceChildren(...lines.map((line) => el("li", {}, line)));
}
