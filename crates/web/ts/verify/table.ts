// The entries as a table, a part at a time, with a search that never stops the page.

import { el } from "./dom.ts";
import type { Row } from "./export.ts";
import { timeOf } from "./head.ts";
import { breathe } from "./pace.ts";
import { answerOf, count, meaningOf, People } from "./words.ts";

const SHOWN_AT_ONCE = 200;
const SEARCHED_AT_ONCE = 2_000;

export class Table {
  readonly element = el("section", { class: "entries", "aria-labelledby": "entries-title" });
  private readonly people: People;
  private readonly body = el("tbody");
  private readonly said = el("p", { role: "status", class: "found" });
  private readonly more = el("button", { type: "button", class: "quiet" });
  private found: Row[];
  private shown = 0;
  private search = 0;

  constructor(private readonly rows: Row[]) {
    this.people = new People(rows);
    this.found = rows;
    const input = el("input", { type: "search", id: "search", autocomplete: "off", spellcheck: "false" });
    input.addEventListener("input", () => void this.find(input.value.trim().toLowerCase()));
    this.more.addEventListener("click", () => this.showMore());
    const head = el("tr", {}, ...["No.", "Recorded (UTC)", "Who", "What", "Answer"].map((title) => el("th", { scope: "col" }, title)));
    this.element.append(
      el("h2", { id: "entries-title" }, "What was entered"),
      el("p", { class: "search" }, el("label", { for: "search" }, "Find a number, role, kind or word"), input),
      this.said,
      el("table", {}, el("thead", {}, head), this.body),
      this.more,
    );
    this.restart();
  }

  /** Looks through the rows some at a time; a newer search ends an older one. */
  private async find(words: string): Promise<void> {
    this.search += 1;
    const mine = this.search;
    const found: Row[] = [];
    for (let at = 0; at < this.rows.length; at += SEARCHED_AT_ONCE) {
      for (const row of this.rows.slice(at, at + SEARCHED_AT_ONCE)) {
        if (words === "" || this.textOf(row).includes(words)) found.push(row);
      }
      await breathe();
      if (mine !== this.search) return;
    }
    this.found = found;
    this.restart();
  }

  private textOf(row: Row): string {
    const { entry, number } = row;
    const parts = [number, timeOf(entry.at), this.people.name(row), entry.kind, meaningOf(entry.kind), answerOf(entry), bodyText(row)];
    return parts.join(" ").toLowerCase();
  }

  private restart(): void {
    this.body.replaceChildren();
    this.shown = 0;
    this.showMore();
  }

  private showMore(): void {
    for (const row of this.found.slice(this.shown, this.shown + SHOWN_AT_ONCE)) this.body.append(...this.draw(row));
    this.shown = Math.min(this.shown + SHOWN_AT_ONCE, this.found.length);
    const left = this.found.length - this.shown;
    this.more.hidden = left === 0;
    this.more.textContent = `Show ${Math.min(left, SHOWN_AT_ONCE)} more`;
    this.said.textContent = `${count(this.found.length, "entry", "entries")}, ${this.shown.toLocaleString("en")} shown.`;
  }

  private draw(row: Row): HTMLTableRowElement[] {
    const { entry, number } = row;
    const details = el("tr", { class: "details", id: `entry-${number}`, hidden: "" });
    const open = el("button", { type: "button", "aria-expanded": "false", "aria-controls": `entry-${number}` }, `${number}`);
    open.setAttribute("aria-label", `Entry ${number}, details`);
    open.addEventListener("click", () => {
      if (!details.firstChild) details.append(el("td", { colspan: "5" }, detailsOf(row)));
      details.hidden = !details.hidden;
      open.setAttribute("aria-expanded", String(!details.hidden));
    });
    const what = el("td", { "data-title": "What" }, meaningOf(entry.kind));
    if (row.why) what.append(" ", el("span", { class: "gone" }, row.body ? `attachment ${row.why.how}` : `text ${row.why.how}`));
    const answer = answerOf(entry);
    const main = el(
      "tr",
      {},
      el("td", { "data-title": "No." }, open),
      el("td", { "data-title": "Recorded" }, el("time", { datetime: timeOf(entry.at) }, timeOf(entry.at).replace("T", " ").replace("Z", ""))),
      el("td", { "data-title": "Who" }, this.people.name(row)),
      what,
      el("td", { "data-title": "Answer", class: answer.startsWith("refused") ? "refused" : "" }, answer),
    );
    return [main, details];
  }
}

function detailsOf(row: Row): HTMLElement {
  const { entry, id, why } = row;
  const list = el("dl");
  const add = (name: string, value: string): void => list.append(el("dt", {}, name), el("dd", {}, value));
  add("Kind", entry.kind);
  add("Statement", id);
  add("Signer", entry.person);
  add("Key", entry.key);
  add("Signer's clock said", timeOf(Number(entry.said.get("at"))));
  if (why) add("Left out", `${row.body ? "the attachment" : "the text"} ${why.words}`);
  const box = el("div", {}, list);
  const text = bodyText(row);
  if (text) box.append(el("pre", {}, pretty(text)));
  return box;
}

/** The body's own bytes; what stood open in the payload, as it reads. */
function bodyText(row: Row): string {
  if (row.body) return new TextDecoder().decode(row.body);
  if (row.entry.body !== undefined) return "";
  return JSON.stringify(plain(row.entry.open));
}

function plain(value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([name, inner]) => [name, plain(inner)]));
  return Array.isArray(value) ? value.map(plain) : value;
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
