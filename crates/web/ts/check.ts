// Full, Reset and Line check on one screen: answers first, then one hold that signs them. For the second the same
// hold also asks for the call, once both looks are in. First answers are gone before anyone else signs here.

import { call as callCold, look, type Checked, type CheckView } from "./acts.ts";
import { draw } from "./answer.ts";
import { Stopwatch } from "./board.ts";
import { byId, el, page } from "./dom.ts";
import { hold } from "./hold.ts";
import { call, json, post } from "./net.ts";
import { SightForm } from "./sight.ts";
import { Signer } from "./signer.ts";

const GONE_MS_MAX = 3 * 60_000;

const TITLES = { full: "Full check", reset: "Reset check", line: "Line check" };

/** Puts the check on the page; the caller tells it when the record moved. */
export function startCheck(): (() => void) | undefined {
  const root = byId("check");
  if (!root?.dataset["view"]) return undefined;
  const flow = new CheckFlow(root, JSON.parse(root.dataset["view"]) as CheckView);
  return () => void flow.moved();
}

class CheckFlow {
  private readonly forms: SightForm[];
  private readonly signer = new Signer();
  private at = 0;
  private isSigned: boolean;
  private isCalled = false;
  /** The hold of a second who answered also asked for the call. */
  private wantsCall = false;
  private hidden: Stopwatch | undefined;
  private words: HTMLElement | undefined;

  constructor(
    private readonly root: HTMLElement,
    private view: CheckView,
  ) {
    const isCount = view.kind !== "full";
    this.forms = view.weapons.map((weapon) => new SightForm(weapon, isCount, () => this.answered()));
    this.isSigned = view.weapons.length > 0 && view.weapons.every((weapon) => weapon.mine_in);
    document.addEventListener("visibilitychange", () => this.seenOrHidden());
    void keepLit();
    this.draw();
  }

  /** The record moved: is the other look in? */
  async moved(): Promise<void> {
    if (!this.isSigned || this.isCalled) return;
    const fresh = await this.ask();
    if (fresh) this.view = fresh;
    this.draw();
  }

  private ask(): Promise<CheckView | undefined> {
    const [first] = this.view.weapons;
    const which = this.view.kind === "line" ? `unit=${encodeURIComponent(page().unit)}` : `weapon=${first?.id ?? ""}`;
    return call(`/api/check?kind=${this.view.kind}&${which}`).then((response) => (response?.ok ? json<CheckView>(response) : undefined));
  }

  private answered(): void {
    if (this.forms[this.at]?.sight() && this.at < this.forms.length - 1) {
      const next = this.forms.findIndex((form) => !form.sight());
      this.at = next < 0 ? this.forms.length - 1 : next;
    }
    this.draw();
  }

  private draw(): void {
    const parts = this.isCalled ? [el("a", { class: "ghost go", href: "/" }, "To the set board")] : this.isSigned ? this.waiting() : this.entering();
    const title = TITLES[this.view.kind];
    const where = this.view.weapons.length > 1 && !this.isSigned ? `${title} · ${this.at + 1} of ${this.view.weapons.length}` : title;
    this.root.replaceChildren(el("h1", {}, where), ...(this.words ? [this.words] : []), ...parts);
  }

  private entering(): HTMLElement[] {
    const form = this.forms[this.at];
    const weapon = this.view.weapons[this.at];
    if (!form || !weapon) return [el("p", {}, "No weapon stands in this check.")];
    const parts: HTMLElement[] = [];
    if (this.view.weapons.length > 1) parts.push(el("p", { class: "which" }, el("b", {}, `Tag ${weapon.tag}`), ` ${weapon.name}`));
    if (!this.forms.every((one) => one.sight())) return [...parts, form.node];
    const back = el("button", { class: "plain back", type: "button", click: () => this.back() }, "Take the last answer back");
    return [this.mine(), ...(this.signer.field ? [this.signer.field] : []), back, this.signing()];
  }

  private back(): void {
    this.at = this.forms.length - 1;
    this.forms[this.at]?.back();
    this.draw();
  }

  /** The signer's own answers, to read once before signing. */
  private mine(): HTMLElement {
    const lines = this.view.weapons.map((weapon, i) =>
      el("li", {}, el("b", {}, `Tag ${weapon.tag}: `), this.forms[i]?.summary() ?? ""),
    );
    return el("section", { class: "card mine" }, el("h2", {}, "You saw"), el("ul", {}, ...lines));
  }

  private signing(): HTMLElement {
    const alsoCalls = this.view.part === "second" && this.view.call !== null;
    const n = this.view.weapons.length;
    const what = n > 1 ? `all ${n} looks` : "this look";
    const words = alsoCalls ? `Hold to sign ${what} and call cold` : `Hold to sign ${what}`;
    return el(
      "div",
      { class: "sign" },
      el("p", { class: "quiet" }, alsoCalls ? "Signs what you saw; calls cold if both looks are in and agree." : "Signs what you saw, and nothing else."),
      hold({ words, tag: this.view.weapons[0]?.tag ?? "sign", sign: () => this.sign(alsoCalls) }),
    );
  }

  private async sign(alsoCalls: boolean): Promise<void> {
    const sights = this.forms.flatMap((form) => form.sight() ?? []);
    const said = await this.signer.submit(look(this.view, sights));
    const isIn = said.is === "kept" || (said.is === "entered" && said.outcome.admitted);
    this.words = draw(said, this.view.kind === "line" ? "Your looks" : "Your look");
    if (!isIn) return this.draw();
    // Gone from this screen, whatever comes next.
    for (const form of this.forms) form.clear();
    this.isSigned = true;
    this.wantsCall = alsoCalls;
    const fresh = said.is === "entered" ? await this.ask() : undefined;
    if (fresh) this.view = fresh;
    const ready = this.ready();
    if (this.wantsCall && ready.length > 0) await this.call(ready);
    else if (page().viewer === "shared") return this.leaveCart();
    this.draw();
    this.root.scrollIntoView({ block: "nearest" });
  }

  private ready(): Checked[] {
    return this.view.weapons.filter((weapon) => weapon.ready_to_call);
  }

  private waiting(): HTMLElement[] {
    const ready = this.ready();
    const open = this.view.weapons.filter((weapon) => !weapon.other_in);
    if (open.length > 0) {
      return [el("section", { class: "card" }, el("h2", {}, "Your look is in"), el("p", {}, `Still to look: ${this.view.other || "the other person"}. They see nothing of yours.`)), this.again()];
    }
    if (ready.length === 0) {
      return [el("section", { class: "card" }, el("h2", {}, "Both looks are in"), el("p", {}, "The state above says what comes next."), el("a", { class: "ghost go", href: "/" }, "To the set board")), this.again()];
    }
    if (!this.view.call) {
      return [el("section", { class: "card" }, el("h2", {}, "Both looks are in"), el("p", {}, "Someone who may call it calls it now."), el("a", { class: "ghost go", href: "/" }, "To the set board")), this.again()];
    }
    const tag = ready[0]?.tag ?? "call";
    return [
      el("section", { class: "card" }, el("h2", {}, "Both looks are in and agree"), el("p", {}, this.view.call.sentence)),
      ...(this.signer.field ? [this.signer.field] : []),
      hold({ words: "Hold to call cold", tag, sign: () => this.call(ready) }),
      this.again(),
    ];
  }

  /** A look may always be repeated whole: after a HOLD, or when something was entered wrong. All looks stay. */
  private again(): HTMLElement {
    const begin = (): void => {
      this.isSigned = false;
      this.at = 0;
      this.words = undefined;
      this.draw();
    };
    return el("button", { class: "ghost again", type: "button", click: begin }, "Look again, whole");
  }

  private async call(ready: Checked[]): Promise<void> {
    const offer = this.view.call;
    if (!offer) return;
    const said = await this.signer.submit(callCold(offer, ready.map((weapon) => weapon.id)));
    this.words = draw(said, "Call");
    this.isCalled = said.is === "entered" && said.outcome.admitted;
    if (page().viewer === "shared") return this.leaveCart();
    this.draw();
  }

  /** The next person finds nothing of this one. */
  private async leaveCart(): Promise<void> {
    this.signer.clear();
    await post("/api/session/end", "{}");
    location.replace("/cart");
  }

  /** Hidden or locked in the middle of a phase: did the weapon leave hands or sight? Idle in the open is nothing. */
  private seenOrHidden(): void {
    const isMidway = !this.isSigned && this.forms.some((form) => form.isBegun());
    if (document.visibilityState === "hidden") {
      if (isMidway) this.hidden ??= new Stopwatch();
      return;
    }
    const gone = this.hidden?.passed();
    this.hidden = undefined;
    void keepLit();
    if (gone === undefined || !isMidway) return;
    if (gone > GONE_MS_MAX) return this.startAgain("The phone was away for more than three minutes: the check starts again.");
    this.root.replaceChildren(
      el("h1", {}, "Did it leave your hands or sight?"),
      el("p", {}, "The phone was hidden in the middle of the check."),
      el(
        "div",
        { class: "two interrupted" },
        el("button", { class: "ghost", type: "button", click: () => this.startAgain("It left hands or sight: the check starts again.") }, "Yes"),
        el("button", { class: "ghost", type: "button", click: () => this.draw() }, "No"),
      ),
    );
  }

  private startAgain(why: string): void {
    for (const form of this.forms) form.clear();
    this.at = 0;
    this.words = el("p", { class: "strip stale", role: "status" }, why);
    this.draw();
  }
}

/** Keeps the page lit, so that a lock does not interrupt. */
async function keepLit(): Promise<void> {
  try {
    await navigator.wakeLock?.request("screen");
  } catch {
    // Some phones say no on low battery: the interruption question covers it.
  }
}
