// The C2SP policy: whose cosignatures count, and how many are enough.

import { fromUtf8, hex, type Bytes } from "./bytes.ts";
import { Unreadable } from "./fault.ts";
import { COSIGNER, readLogKey, readVkey } from "./note.ts";

const BYTES_MAX = 64 * 1024;

export interface Cosigner {
  name: string;
  key: Bytes;
}

export class Policy {
  private readonly cosigners = new Map<string, Cosigner>();
  private readonly groups = new Map<string, { most: number; parts: string[] }>();
  private readonly names = new Set<string>();
  private readonly used = new Set<string>();
  private readonly keys = new Set<string>();
  private quorum: string | undefined;
  /** Key, as digits, to origin. */
  private readonly logs = new Map<string, string>();

  /** Knows nobody and is never met. */
  static nobody(): Policy {
    return new Policy();
  }

  static async read(bytes: Bytes): Promise<Policy> {
    if (bytes.length > BYTES_MAX || bytes.some((byte) => byte === 0x7f || (byte < 0x20 && byte !== 9 && byte !== 10))) {
      throw new Unreadable("a policy that is too long or has a control character");
    }
    const policy = new Policy();
    for (let at = 0; at < bytes.length; ) {
      const end = bytes.indexOf(0x0a, at);
      if (end < 0) throw new Unreadable("a policy whose last line does not end");
      await policy.takeLine(bytes.slice(at, end));
      at = end + 1;
    }
    if (policy.quorum === undefined) throw new Unreadable("a policy without a quorum");
    return policy;
  }

  /** The policy itself; for a log that it does not name, one that knows nobody. */
  countsFor(origin: string, key: Bytes): Policy {
    return this.logs.get(hex(key)) === origin ? this : Policy.nobody();
  }

  cosigner(name: string, id: string): Cosigner | undefined {
    return this.cosigners.get(`${id}+${name}`);
  }

  isMet(names: string[]): boolean {
    if (this.quorum === undefined) return false;
    return this.quorum === "none" || this.counts(this.quorum, new Set(names));
  }

  private counts(name: string, names: Set<string>): boolean {
    const group = this.groups.get(name);
    if (!group) return names.has(name);
    return group.parts.filter((part) => this.counts(part, names)).length >= group.most;
  }

  /** A comment may be of any bytes, what counts is UTF-8. */
  private async takeLine(line: Bytes): Promise<void> {
    const first = line.find((byte) => byte !== 0x20 && byte !== 0x09);
    if (first === undefined || first === 0x23) return;
    const words = fromUtf8(line).split(/[ \t]+/).filter((word) => word !== "");
    await this.take(words);
  }

  private async take(words: string[]): Promise<void> {
    const [what, first = "", second = "", ...rest] = words;
    if (what === "log" && (words.length === 2 || words.length === 3)) return this.takeLog(first);
    if (what === "witness" && (words.length === 3 || words.length === 4)) return this.takeCosigner(first, second);
    if (what === "group" && rest.length > 0) return this.takeGroup(first, second, rest);
    if (what === "quorum" && words.length === 2 && this.quorum === undefined) {
      if (first !== "none" && !this.names.has(first)) throw new Unreadable("a quorum that is not declared");
      this.quorum = first;
      return;
    }
    throw new Unreadable("a line of the policy that cannot be read");
  }

  private async takeLog(text: string): Promise<void> {
    const log = await readLogKey(text);
    this.claim(`log ${hex(log.key)}`);
    this.logs.set(hex(log.key), log.name);
  }

  private async takeCosigner(name: string, text: string): Promise<void> {
    this.declare(name);
    const known = await readVkey(text, COSIGNER);
    this.claim(`cosigner ${hex(known.key)}`);
    this.cosigners.set(`${known.id}+${known.name}`, { name, key: known.key });
  }

  private takeGroup(name: string, most: string, parts: string[]): void {
    for (const part of parts) {
      if (!this.names.has(part) || this.used.has(part)) throw new Unreadable("a member not declared, or used twice");
      this.used.add(part);
    }
    this.declare(name);
    const count = most === "any" ? 1 : most === "all" ? parts.length : /^[1-9][0-9]{0,4}$/.test(most) ? Number(most) : 0;
    if (count < 1 || count > parts.length) throw new Unreadable("a group that cannot be met");
    this.groups.set(name, { most: count, parts });
  }

  private declare(name: string): void {
    if (name === "none" || this.names.has(name)) throw new Unreadable("a name declared twice");
    this.names.add(name);
  }

  private claim(key: string): void {
    if (this.keys.has(key)) throw new Unreadable("a key named twice");
    this.keys.add(key);
  }
}
