// The signed board (docs/formats/board.md): asked for with a fresh nonce, verified, and believed for 15 s at most
// from the moment of asking, by the larger of monotonic and wall time.

import { concat, hex, random, unbase64, unhex, utf8 } from "./bytes.ts";
import { loadMe } from "./db.ts";
import { page } from "./dom.ts";
import { canSign, verify } from "./key.ts";
import { call, flush, json } from "./net.ts";
import { isMissing, look, sizeSeen } from "./receipt.ts";
import { sawHead } from "./statement.ts";

export const ASK_EVERY_MS = 5_000;
export const BELIEVED_MS = 15_000;
const CLOCKS_APART_MS = 2_000;

export interface Weapon {
  id: string;
  tag: string;
  name: string;
  word: string;
  content: string;
  left_ms?: number;
  reason: string;
  next: string;
  say: string;
  place: string;
  holder: string;
  waiting: string;
}

export interface Board {
  v: number;
  origin: string;
  size: number;
  root: string;
  nonce: string;
  at: number;
  watermark: string;
  scene: string;
  stops: { id: string; since: number; reason: string; unit: string }[];
  weapons: Weapon[];
  enrolled: boolean;
}

/** Passed time by both clocks: the monotonic one stops while a phone sleeps, the wall one can be set. */
export class Stopwatch {
  private readonly mono = performance.now();
  private readonly wall = Date.now();

  passed(): number {
    return Math.max(performance.now() - this.mono, Date.now() - this.wall);
  }

  isTorn(): boolean {
    return Math.abs(performance.now() - this.mono - (Date.now() - this.wall)) > CLOCKS_APART_MS;
  }
}

/** *Missing*: the node's record lacks what this phone was told, so nothing in it permits anything. */
export type Standing = "verified" | "not current" | "unverified" | "missing";

/** What the page may draw now. */
export interface View {
  standing: Standing;
  board: Board | undefined;
  /** Ms since the board was asked for. */
  passed: number;
  /** Why it is not verified or not current. */
  why: string;
}

export class Watch {
  private board: Board | undefined;
  private asked: Stopwatch | undefined;
  private isBlank = true;
  private why = "This page has not heard from the record yet.";
  private isVerified = canSign();
  private asking: Promise<void> | undefined;
  private again = false;
  /** How often the page was blanked: an answer to a question from before says nothing any more. */
  private blanked = 0;
  private size = -1;

  constructor(
    private readonly draw: (view: View) => void,
    private readonly moved: () => void,
  ) {}

  start(): void {
    void this.ask();
    setInterval(() => void this.ask(), ASK_EVERY_MS);
    setInterval(() => this.tick(), 250);
    const wake = (): void => {
      if (document.visibilityState === "hidden") return;
      this.blank("This page was asleep.");
      void this.ask();
    };
    document.addEventListener("visibilitychange", wake);
    document.addEventListener("resume", wake);
    addEventListener("pageshow", (event) => event.persisted && wake());
    addEventListener("online", () => void this.ask());
    this.listen();
  }

  /** The event stream only says *ask now*. */
  private listen(): void {
    const source = new EventSource("/api/changed");
    source.addEventListener("ask", () => void this.ask());
    addEventListener("pagehide", () => source.close());
  }

  private blank(why: string): void {
    this.isBlank = true;
    this.blanked += 1;
    this.why = why;
    this.tick();
  }

  tick(): void {
    if (this.asked?.isTorn() && !this.isBlank) {
      this.blank("This phone's clock jumped.");
      void this.ask();
    }
    const passed = this.asked?.passed() ?? Infinity;
    const isOld = this.isBlank || passed > BELIEVED_MS;
    const isShort = this.isVerified && this.board !== undefined && this.board.size < sizeSeen();
    const standing: Standing = isMissing() || isShort ? "missing" : !this.isVerified ? "unverified" : isOld ? "not current" : "verified";
    const why = this.isBlank || standing === "unverified" ? this.why : "The node does not answer.";
    this.draw({ standing, board: this.board, passed, why });
  }

  /** One question at a time; a call during one asks once more after it. */
  async ask(): Promise<void> {
    if (this.asking) {
      this.again = true;
      return this.asking;
    }
    this.asking = this.askOnce().finally(() => {
      this.asking = undefined;
    });
    await this.asking;
    if (this.again) {
      this.again = false;
      void this.ask();
    }
  }

  private async askOnce(): Promise<void> {
    const asked = new Stopwatch();
    const blanked = this.blanked;
    const nonce = hex(random(16));
    const unit = page().unit ? `&unit=${encodeURIComponent(page().unit)}` : "";
    const response = await call(`/api/board?nonce=${nonce}${unit}`);
    const answer = response?.ok ? await json<{ board: string; key: string; sig: string }>(response) : undefined;
    if (!answer) return this.tick();
    try {
      await this.take(answer, nonce, asked, blanked);
    } catch (fault) {
      this.isVerified = false;
      this.why = fault instanceof Error ? fault.message : "The board cannot be read.";
    }
    this.tick();
    void flush();
  }

  private async take(answer: { board: string; key: string; sig: string }, nonce: string, asked: Stopwatch, blanked: number): Promise<void> {
    const bytes = unbase64(answer.board);
    const board = JSON.parse(new TextDecoder().decode(bytes)) as Board;
    this.isVerified = canSign();
    if (this.isVerified) {
      await believe(answer, bytes, board, nonce);
      sawHead({ size: board.size, root: board.root, at: board.at });
      if (board.size < sizeSeen()) void look();
    } else {
      this.why = "Without a certificate this page cannot check the record.";
    }
    if (blanked !== this.blanked) return;
    this.board = board;
    this.asked = asked;
    this.isBlank = false;
    if (board.size !== this.size) {
      const isFirst = this.size < 0;
      this.size = board.size;
      if (!isFirst) this.moved();
    }
  }
}

/** Throws with a sentence unless signature, key, origin and nonce are right. */
async function believe(answer: { key: string; sig: string }, bytes: Uint8Array, board: Board, nonce: string): Promise<void> {
  const { boardKey, origin } = page();
  const me = await loadMe();
  const pinned = me?.origin === origin && me.boardKey ? me.boardKey : boardKey;
  if (answer.key !== pinned) throw new Error("The board is signed by another key than this phone knows.");
  const message = concat(utf8("coldproof-board-v1\n"), bytes);
  const isSigned = await verify(unhex(pinned), unbase64(answer.sig), message).catch(() => false);
  if (!isSigned) throw new Error("The board's signature is wrong.");
  if (board.v !== 1 || board.origin !== origin) throw new Error("The board is for another record.");
  if (board.nonce !== nonce) throw new Error("The board answers another question.");
}
