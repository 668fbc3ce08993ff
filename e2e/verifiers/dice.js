// Numbers that look drawn and are the same for the same seed.

import { createHash } from "node:crypto";

export class Dice {
  constructor(seed) {
    this.seed = seed;
    this.turn = 0;
    this.pool = Buffer.alloc(0);
  }

  bytes(length) {
    while (this.pool.length < length) {
      this.pool = Buffer.concat([this.pool, createHash("sha256").update(`${this.seed} ${this.turn++}`).digest()]);
    }
    const out = this.pool.subarray(0, length);
    this.pool = this.pool.subarray(length);
    return Buffer.from(out);
  }

  /** 0 to `below` - 1. */
  below(below) {
    return below <= 1 ? 0 : this.bytes(6).readUIntBE(0, 6) % below;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  /** Two of a list, not the same. */
  two(list) {
    const first = this.below(list.length);
    const second = (first + 1 + this.below(list.length - 1)) % list.length;
    return [list[first], list[second]];
  }
}
