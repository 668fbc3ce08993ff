// Why something is not in a copy: erased, withheld, or nobody says.

import { isAdmitted, type Entry } from "./entry.ts";
import { having, isFlag, isList, isNatural, isText, listOf, numberOf, textOf, type Members } from "./json.ts";
import { isHash } from "./bytes.ts";

const BASES = new Set(["asked_by_person", "time_over", "court_order", "given_by_mistake"]);

export type How = "withheld" | "erased" | "missing";

export interface Why {
  how: How;
  /** As docs/formats/export.md has it, behind what it is said of. */
  words: string;
}

export class Absences {
  private readonly erased = new Map<string, string>();
  private items: Members[] = [];
  private to = "";

  constructor(
    private readonly entries: readonly Entry[],
    private readonly ids: readonly string[],
    private readonly notice: number | undefined,
  ) {
    this.findErasures();
    this.findNotice();
  }

  why(number: number, isAttachment: boolean): Why {
    const erased = this.erased.get(this.ids[number] ?? "");
    if (erased !== undefined) return { how: "erased", words: erased };
    const kind = this.entries[number]?.kind ?? "";
    const item = this.items.find((each) => {
      const kinds = listOf(each, "kinds");
      const isNear = numberOf(each, "from") <= number && number <= numberOf(each, "to");
      return isNear && (kinds.length === 0 || kinds.includes(kind)) && (!isAttachment || each.get("files") === true);
    });
    if (!item) return { how: "missing", words: "missing: no entry says why" };
    const words = `withheld for ${this.to}: ${oneLine(textOf(item, "why"))} (entry ${this.notice})`;
    return { how: "withheld", words };
  }

  private findErasures(): void {
    const numbers = new Map<string, number>();
    for (const [number, entry] of this.entries.entries()) {
      const gone = entry.outcome.get("erased");
      const of = entry.kind === "record.countersign" && having(entry.open, { of: isHash });
      const asked = of ? numbers.get(textOf(of, "of")) : undefined;
      if (Array.isArray(gone) && asked !== undefined) this.noteErasure(number, asked, gone);
      numbers.set(this.ids[number] ?? "", number);
    }
  }

  private noteErasure(countersigned: number, asked: number, gone: unknown[]): void {
    const entry = this.entries[asked];
    if (entry?.kind !== "record.erase" || !isAdmitted(entry)) return;
    const body = having(entry.open, { basis: (value) => BASES.has(String(value)), words: isText });
    if (!body) return;
    const words = `erased, ${textOf(body, "basis")}: ${oneLine(textOf(body, "words"))} (entry ${asked}, countersigned in entry ${countersigned})`;
    for (const id of gone) {
      if (typeof id === "string" && !this.erased.has(id)) this.erased.set(id, words);
    }
  }

  private findNotice(): void {
    const entry = this.notice === undefined ? undefined : this.entries[this.notice];
    if (entry?.kind !== "record.export" || !isAdmitted(entry)) return;
    const body = having(entry.open, { to: isText, out: isList });
    if (!body) return;
    const items = listOf(body, "out").map((item) =>
      having(item, { from: isNatural, to: isNatural, kinds: (kinds) => Array.isArray(kinds) && kinds.every(isText), why: isText }),
    );
    if (items.some((item) => !item || !isFlag(item.get("files") ?? false))) return;
    this.items = items as Members[];
    this.to = oneLine(textOf(body, "to"));
  }
}

const oneLine = (words: string): string => words.replaceAll("\n", " ");
