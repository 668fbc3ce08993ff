// What the node said to a statement: for a refusal each reason as a sentence, what must happen next, who does it,
// and where the rule comes from with its force.

import { byId, el, icon } from "./dom.ts";
import type { Reason, Said } from "./statement.ts";

const FORCE: Record<string, string> = {
  law: "law",
  guideline: "guideline, not law",
  finding: "from a finding",
  contract: "contract",
  practice: "trade practice",
  record: "needed by the record",
};

const sentence = (text: string): string => {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
};

function reason(one: Reason): HTMLElement {
  const source = [one.source, one.clause].filter(Boolean).join(", ");
  return el(
    "li",
    {},
    el("b", {}, sentence(one.says)),
    one.cure && el("span", { class: "next" }, `Next: ${one.cure}${one.who ? ` — ${one.who}` : ""}`),
    el("small", {}, [one.code, source, FORCE[one.force] ?? one.force].filter(Boolean).join(" · ")),
  );
}

const list = (title: string, reasons: Reason[] | undefined): HTMLElement | null =>
  reasons?.length ? el("div", {}, el("h3", {}, title), el("ul", { class: "reasons" }, ...reasons.map(reason))) : null;

/** Draws the answer at the foot of the page. `what` names the act in the past: `Taken out`. */
export function show(said: Said, what: string): void {
  const place = byId("answer");
  if (!place) return;
  place.replaceChildren(draw(said, what));
  place.scrollIntoView({ block: "nearest" });
}

export function draw(said: Said, what: string): HTMLElement {
  switch (said.is) {
    case "entered": {
      const { admitted, reasons, breaches, owed, advice, late } = said.outcome;
      return el(
        "section",
        { class: admitted ? "card taken" : "card refused" },
        el("h2", {}, admitted ? `${what}: entered` : `${what}: the record does not support it`),
        late ? el("p", {}, "It came late: it stands as history and clears nothing.") : null,
        list(`${reasons?.length ?? 0} ${reasons?.length === 1 ? "reason" : "reasons"}`, reasons),
        list("Rules that this breaks", breaches),
        list("Now owed", owed?.map((item) => item.reason)),
        list("Advice", advice),
        el("small", {}, `Entry ${said.index}`),
      );
    }
    case "kept":
      return el("section", { class: "card kept" }, el("h2", {}, `${what}: not sent yet`), el("p", {}, "No link. It is kept on this phone and sent as soon as the link is back. Say it aloud meanwhile."));
    case "unreached":
      return el("section", { class: "card kept" }, icon("s-old"), el("h2", {}, `${what}: not asked`), el("p", {}, "The node was not reached. Nothing is granted; ask the armorer and try again."));
    case "unreadable":
      return el("section", { class: "card kept" }, el("h2", {}, `${what}: not entered`), el("p", {}, sentence(said.message)));
  }
}
