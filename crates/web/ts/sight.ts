// One person's look at one weapon, entered by themselves: one tap an observation, each naming what was seen.
// Nothing here is shown to anybody else; nothing of anybody else is shown here.

import { BORES, NO_BORE, type Bore, type Checked, type Counted, type Sight } from "./acts.ts";
import { el, svg } from "./dom.ts";

type Step = { is: "position"; place: number } | { is: "bore" } | { is: "count" } | { is: "done" };

const PLACES = ["First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth", "Eleventh", "Last"];

export class SightForm {
  readonly node = el("div", { class: "sight" });
  private seen: number[] = [];
  private bore: Bore | undefined;
  private counted: Counted | undefined;
  private isOpenCount = false;

  /** `isCount`: how many of each instead of position by position (Reset and Line). */
  constructor(
    private readonly weapon: Checked,
    private readonly isCount: boolean,
    private readonly changed: () => void,
  ) {
    this.draw();
  }

  /** The whole look, or `undefined` while something is missing. */
  sight(): Sight | undefined {
    if (this.step().is !== "done") return undefined;
    const bore = this.bore ?? NO_BORE;
    if (this.counted) return { weapon: this.weapon.id, counted: this.counted, bore };
    return { weapon: this.weapon.id, seen: this.seen.map((i) => this.weapon.contents[i]?.value), bore };
  }

  isBegun(): boolean {
    return this.seen.length > 0 || this.bore !== undefined || this.counted !== undefined;
  }

  clear(): void {
    this.seen = [];
    this.bore = undefined;
    this.counted = undefined;
    this.isOpenCount = false;
    this.draw();
  }

  /** Takes the last answer back. */
  back(): void {
    if (this.counted) this.counted = undefined;
    else if (this.bore) this.bore = undefined;
    else this.seen.pop();
    this.draw();
    this.changed();
  }

  summary(): string {
    if (this.counted) return counts(this.counted);
    const tally = new Map<string, number>();
    for (const i of this.seen) {
      const label = this.weapon.contents[i]?.label ?? "";
      tally.set(label, (tally.get(label) ?? 0) + 1);
    }
    const bore = this.bore ? ` · bore: ${this.bore.label.toLowerCase()}` : "";
    return [...tally].map(([label, n]) => `${n} × ${label.toLowerCase()}`).join(", ") + bore;
  }

  private step(): Step {
    if (this.isCount) return this.counted ? { is: "done" } : { is: "count" };
    if (this.seen.length < this.weapon.positions) return { is: "position", place: this.seen.length };
    if (this.weapon.bore && !this.bore) return { is: "bore" };
    return { is: "done" };
  }

  private draw(): void {
    const step = this.step();
    const isMidway = this.isBegun() && step.is !== "done";
    const back = isMidway ? el("button", { class: "plain back", type: "button", click: () => this.back() }, "Take the last answer back") : null;
    const sofar = this.isCount ? null : this.drawing();
    this.node.replaceChildren(el("div", { class: "sofar" }, sofar, back), this.question(step));
  }

  private answer(): void {
    this.draw();
    this.changed();
  }

  private question(step: Step): HTMLElement {
    const w = this.weapon;
    switch (step.is) {
      case "position": {
        const what = w.holds === "cylinder" ? "chamber" : w.holds === "barrels" ? "barrel" : "chamber";
        const turn = w.holds === "cylinder" && step.place === 0 ? ", turning from the gate" : "";
        const which = w.positions === 1 ? "The chamber" : `${PLACES[step.place] ?? `${step.place + 1}.`} ${what}${turn}`;
        const out = w.contents.some((content) => content.counts_as === "dummies") ? " Round out: see, shake, listen." : " What do you see?";
        return ask(`${which}.${out}`, w.contents.map((content, i) => ({ label: content.label, take: () => (this.seen.push(i), this.answer()) })));
      }
      case "bore":
        return ask("The bore. What do you see?", BORES.map((bore) => ({ label: bore.label, take: () => ((this.bore = bore), this.answer()) })));
      case "count":
        return this.isOpenCount ? this.openCount() : this.quickCount();
      case "done":
        return el("p", { class: "mine" }, `You saw: ${this.summary()}`);
    }
  }

  /** One tap: how many, with the bore seen clear. Anything else is entered piece by piece. */
  private quickCount(): HTMLElement {
    const w = this.weapon;
    const light = BORES[1] ?? NO_BORE;
    const options = Array.from({ length: w.positions + 1 }, (_, n) => ({
      label: n === 0 ? "All empty" : n === 1 ? "1 dummy" : `${n} dummies`,
      take: () => {
        this.counted = { empty: w.positions - n, dummies: n, blanks: 0, others: 0 };
        this.bore = light;
        this.answer();
      },
    }));
    options.push({ label: "Not this", take: () => ((this.isOpenCount = true), this.answer()) });
    return ask("Open, one full turn, light seen through the bore. How many?", options, "quick");
  }

  private openCount(): HTMLElement {
    const kinds: [keyof Counted, string][] = [["empty", "Empty"], ["dummies", "Dummies"], ["blanks", "Blanks"], ["others", "Anything else"]];
    const inputs = kinds.map(([, label]) => el("input", { type: "number", inputmode: "numeric", min: 0, max: this.weapon.positions, value: 0, "aria-label": label }));
    const total = el("p", { class: "quiet", role: "status" }, "");
    const bores = ask("The bore. What do you see?", BORES.map((bore) => ({
      label: bore.label,
      take: () => {
        const n = inputs.map((input) => (Number.isInteger(input.valueAsNumber) ? input.valueAsNumber : -1));
        if (n.some((v) => v < 0) || n.reduce((a, b) => a + b, 0) !== this.weapon.positions) {
          total.textContent = `These must come to ${this.weapon.positions}.`;
          return;
        }
        this.counted = { empty: n[0] ?? 0, dummies: n[1] ?? 0, blanks: n[2] ?? 0, others: n[3] ?? 0 };
        this.bore = bore;
        this.answer();
      },
    })));
    return el("div", { class: "counts" }, ...kinds.map(([, label], i) => el("label", { class: "field" }, label, inputs[i])), total, bores);
  }

  /** The viewer's own answers so far, and question marks. */
  private drawing(): HTMLElement | null {
    const n = this.weapon.positions;
    if (n < 2) return null;
    const radius = Math.min(26, Math.max(10, 58 * Math.sin(Math.PI / n) * 0.9));
    const marks = Array.from({ length: n }, (_, i) => {
      const content = this.weapon.contents[this.seen[i] ?? -1];
      const turn = (2 * Math.PI * i) / n - Math.PI / 2;
      const x = 100 + 58 * Math.cos(turn);
      const y = 100 + 58 * Math.sin(turn);
      const [cls, letter] = content ? markOf(content.counts_as) : ["unknown", "?"];
      const now = i === this.seen.length ? " now" : "";
      return svg("g", { class: `pos ${cls}${now}` }, svg("circle", { cx: x, cy: y, r: radius }), svg("text", { x, y: y + 6.5, "text-anchor": "middle" }, letter ?? ""));
    });
    const label = `Your look: ${this.seen.length} of ${n} entered`;
    const picture = svg("svg", { class: "cylinder", viewBox: "0 0 200 200", role: "img", "aria-label": label }, svg("circle", { class: "rim", cx: 100, cy: 100, r: 94 }), ...marks, svg("circle", { class: "pin", cx: 100, cy: 100, r: 7 }));
    return el("figure", { class: "rounds" }, picture, el("figcaption", {}, label));
  }
}

function markOf(counts: keyof Counted): [string, string] {
  return counts === "dummies" ? ["dummy", "D"] : counts === "blanks" ? ["blank", "B"] : counts === "empty" ? ["empty", ""] : ["other", "!"];
}

function counts(counted: Counted): string {
  const words: [number, string][] = [[counted.dummies, "dummies"], [counted.blanks, "blanks"], [counted.empty, "empty"], [counted.others, "other"]];
  return words.filter(([n]) => n > 0).map(([n, word]) => `${n} ${word}`).join(", ");
}

function ask(question: string, options: { label: string; take: () => void }[], cls = ""): HTMLElement {
  const buttons = options.map((option) => el("button", { class: "ghost", type: "button", click: option.take }, option.label));
  return el("div", { class: `ask ${cls}`, role: "group", "aria-label": question }, el("p", { class: "question", "aria-live": "polite" }, question), el("div", { class: "two" }, ...buttons));
}
