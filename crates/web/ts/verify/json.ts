// JSON by the strict rules of docs/formats/statement.md. Objects are maps, so that no name means anything to the reader.

import { fromUtf8, utf8 } from "./bytes.ts";
import { Unreadable } from "./fault.ts";

export type Value = string | number | boolean | Value[] | Members;
export type Members = Map<string, Value>;

const DEPTH_MAX = 16;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** One object; `sizes` gets the bytes that the value of each of its members takes. */
export function readJson(bytes: Uint8Array, sizes?: Map<string, number>): Members {
  const reader = new Reader(fromUtf8(bytes));
  const members = reader.document(sizes);
  return members;
}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  document(sizes?: Map<string, number>): Members {
    this.blank();
    if (this.peek() !== "{") throw new Unreadable("no JSON object");
    const members = this.object(1, sizes);
    this.blank();
    if (this.at !== this.text.length) throw new Unreadable("something stands after the object");
    return members;
  }

  private peek(): string {
    return this.text.charAt(this.at);
  }

  private blank(): void {
    while (" \t\n\r".includes(this.peek()) && this.at < this.text.length) this.at += 1;
  }

  private value(depth: number): Value {
    const head = this.peek();
    if (head === '"') return this.string();
    if (head === "{") return this.object(depth + 1);
    if (head === "[") return this.array(depth + 1);
    if (head === "t") return this.word("true", true);
    if (head === "f") return this.word("false", false);
    if (head === "n") throw new Unreadable("null, or no value");
    return this.number();
  }

  private word(word: string, value: boolean): boolean {
    if (!this.text.startsWith(word, this.at)) throw new Unreadable("no value");
    this.at += word.length;
    return value;
  }

  private number(): number {
    const begin = this.at;
    if (this.peek() === "-") this.at += 1;
    const first = this.at;
    while (this.peek() >= "0" && this.peek() <= "9" && this.at < this.text.length) this.at += 1;
    const digits = this.text.slice(first, this.at);
    const isNegative = first > begin;
    if (digits === "" || (digits.length > 1 && digits.startsWith("0"))) throw new Unreadable("no value");
    const value = Number(digits);
    if (!Number.isSafeInteger(value) || (isNegative && value === 0)) throw new Unreadable("a number out of range");
    if (this.peek() !== "" && ".eE".includes(this.peek())) throw new Unreadable("a number with fraction or exponent");
    return isNegative ? -value : value;
  }

  private string(): string {
    this.at += 1;
    let value = "";
    let begin = this.at;
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (Number.isNaN(code)) throw new Unreadable("a string that does not end");
      if (code === QUOTE) break;
      if (code === BACKSLASH) {
        value += this.text.slice(begin, this.at) + this.escape();
        begin = this.at;
        continue;
      }
      if (code < 0x20 || isRefused(code)) throw new Unreadable("a control character in a string");
      this.at += 1;
    }
    value += this.text.slice(begin, this.at);
    this.at += 1;
    return value;
  }

  private escape(): string {
    const mark = this.text.charAt(this.at + 1);
    this.at += 2;
    if (mark === "u") return this.unicode();
    if (mark === '"' || mark === "\\" || mark === "/") return mark;
    if (mark === "n") return "\n";
    throw new Unreadable("an escape of a control character, or one that JSON does not know");
  }

  private unicode(): string {
    const unit = this.unit();
    if (unit >= 0xdc00 && unit <= 0xdfff) throw new Unreadable("half a surrogate pair");
    if (unit >= 0xd800 && unit <= 0xdbff) {
      if (!this.text.startsWith("\\u", this.at)) throw new Unreadable("half a surrogate pair");
      this.at += 2;
      const low = this.unit();
      if (low < 0xdc00 || low > 0xdfff) throw new Unreadable("half a surrogate pair");
      return String.fromCharCode(unit, low);
    }
    if (isRefused(unit)) throw new Unreadable("a control character in a string");
    return String.fromCharCode(unit);
  }

  private unit(): number {
    const digits = this.text.slice(this.at, this.at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new Unreadable("an escape without four digits");
    this.at += 4;
    return Number.parseInt(digits, 16);
  }

  private object(depth: number, sizes?: Map<string, number>): Members {
    const members: Members = new Map();
    this.open(depth);
    if (this.closes("}")) return members;
    for (;;) {
      if (this.peek() !== '"') throw new Unreadable("a member without a name");
      const name = this.string();
      if (members.has(name)) throw new Unreadable(`the member \`${name}\` stands there twice`);
      this.blank();
      this.take(":");
      const begin = this.at;
      members.set(name, this.value(depth));
      sizes?.set(name, utf8(this.text.slice(begin, this.at)).length);
      this.blank();
      if (this.closes("}")) return members;
      this.take(",");
    }
  }

  private array(depth: number): Value[] {
    const items: Value[] = [];
    this.open(depth);
    if (this.closes("]")) return items;
    for (;;) {
      items.push(this.value(depth));
      this.blank();
      if (this.closes("]")) return items;
      this.take(",");
    }
  }

  private open(depth: number): void {
    if (depth > DEPTH_MAX) throw new Unreadable("nested too deep");
    this.at += 1;
    this.blank();
  }

  private closes(mark: string): boolean {
    if (this.peek() !== mark) return false;
    this.at += 1;
    return true;
  }

  private take(mark: string): void {
    if (this.peek() !== mark) throw new Unreadable(`\`${mark}\` is missing`);
    this.at += 1;
    this.blank();
  }
}

/** What no string may hold, in whatever spelling; a line feed may be there, escaped. */
function isRefused(code: number): boolean {
  return (
    (code < 0x20 && code !== 0x0a) ||
    (code >= 0x7f && code <= 0x9f) ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069)
  );
}

// --- members --------------------------------------------------------------------------------------------------------

export type Kind = (value: Value) => boolean;

export const isText: Kind = (value) => typeof value === "string";
export const isFlag: Kind = (value) => typeof value === "boolean";
export const isWhole: Kind = (value) => typeof value === "number";
export const isNatural: Kind = (value) => typeof value === "number" && value >= 0;
export const isList: Kind = (value) => Array.isArray(value);
export const isObject: Kind = (value) => value instanceof Map;
export const is = (wanted: Value): Kind => (value) => value === wanted;

/** Just these members, each of its kind. */
export function exactly(value: Value | undefined, needed: Record<string, Kind>, optional: Record<string, Kind> = {}): Members {
  const members = having(value, needed);
  if (!members) throw new Unreadable("a member is missing, or is not what it should be");
  for (const [name, given] of members) {
    if (Object.hasOwn(needed, name)) continue;
    if (!Object.hasOwn(optional, name) || !optional[name]?.(given)) throw new Unreadable(`\`${name}\` does not belong there`);
  }
  return members;
}

/** An object that has these members, each of its kind; what else it has is not looked at. */
export function having(value: Value | undefined, needed: Record<string, Kind>): Members | undefined {
  if (!(value instanceof Map)) return undefined;
  for (const [name, kind] of Object.entries(needed)) {
    const given = value.get(name);
    if (given === undefined || !kind(given)) return undefined;
  }
  return value;
}

export const textOf = (members: Members, name: string): string => String(members.get(name));
export const numberOf = (members: Members, name: string): number => Number(members.get(name));
export const listOf = (members: Members, name: string): Value[] => members.get(name) as Value[];
