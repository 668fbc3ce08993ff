// A statement as docs/formats/statement.md says: payload, signature, salted body.

import { base64, concat, hex, random, sha256, utf8, ZERO } from "./bytes.ts";
import { loadMe, saveMe, type Me } from "./db.ts";
import { page } from "./dom.ts";
import { sign } from "./key.ts";
import { call, deliver, json, post } from "./net.ts";
import { acknowledged } from "./receipt.ts";

const TYPE = "application/vnd.coldproof.statement+json";
const WORDS_VERSION = 1;

/** What is said, before it is signed. */
export interface Act {
  kind: string;
  kv: number;
  /** True for kinds whose body stands in the payload. */
  open: boolean;
  /** A report is kept and sent later when there is no link; a request is not. */
  report: boolean;
  body: Record<string, unknown>;
}

export interface Reason {
  code: string;
  says: string;
  source: string;
  clause: string;
  force: string;
  who: string;
  cure: string;
}

export interface Outcome {
  admitted: boolean;
  late?: boolean;
  reasons?: Reason[];
  breaches?: Reason[];
  owed?: { reason: Reason; until: number }[];
  advice?: Reason[];
}

/** What came of it. */
export type Said =
  | { is: "entered"; id: string; index: number; outcome: Outcome }
  | { is: "kept" }
  | { is: "unreached" }
  | { is: "unreadable"; message: string };

interface Head {
  size: number;
  root: string;
  at: number;
}

let newest: Head | undefined;
let newestAt = 0;

/** The last board that was verified; a statement cites it. */
export function sawHead(head: Head): void {
  newest = head;
  newestAt = performance.now();
}

async function head(): Promise<Head> {
  if (!newest || performance.now() - newestAt > 30_000) {
    const fresh = await json<Head>(await call("/api/head"));
    if (fresh) sawHead(fresh);
  }
  return newest ?? { size: 0, root: ZERO, at: 0 };
}

/** DSSE pre-authentication encoding. */
function toSign(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat(utf8(`DSSEv1 ${TYPE.length} ${TYPE} ${payload.length} `), payload);
}

/** Makes a statement and moves the count on before anything is sent: a count is never used twice. */
async function make(me: Me, act: Act): Promise<{ id: string; submission: string }> {
  const bytes = utf8(JSON.stringify(act.body));
  const salt = random(32);
  const bound = act.open ? { open: act.body } : { body: hex(await sha256(concat(salt, bytes))) };
  const { size, root, at } = await head();
  me.counter += 1;
  const payload = utf8(
    JSON.stringify({
      v: 1,
      origin: me.origin,
      kind: act.kind,
      kv: act.kv,
      person: me.person || ZERO,
      key: me.key,
      counter: me.counter,
      prev: me.prev,
      at: Date.now(),
      head: { size, root, at },
      shown: { lang: "en", words: WORDS_VERSION },
      shared: false,
      ...bound,
    }),
  );
  me.prev = hex(await sha256(payload));
  if (me.person) await saveMe(me);
  const signature = await sign(me, toSign(payload));
  const envelope = JSON.stringify({
    payloadType: TYPE,
    payload: base64(payload),
    signatures: [{ keyid: me.key, sig: base64(signature) }],
  });
  const submission = JSON.stringify({
    envelope: base64(utf8(envelope)),
    ...(act.open ? {} : { salt: base64(salt), body: base64(bytes) }),
  });
  return { id: me.prev, submission };
}

async function read(response: Response | undefined, submission?: string): Promise<Said> {
  if (!response) return { is: "unreached" };
  const answer = await json<{ id?: string; index?: number; at?: number; outcome?: Outcome; receipt?: { size: number; root: string; epoch?: number; note?: string }; message?: string }>(response);
  if (response.ok && answer?.outcome) {
    // A receipt that cannot be kept (a full phone) takes nothing from the answer.
    if (submission) await acknowledged(submission, answer).catch(() => undefined);
    return { is: "entered", id: answer.id ?? "", index: answer.index ?? 0, outcome: answer.outcome };
  }
  return { is: "unreadable", message: answer?.message ?? "the node did not say why" };
}

/** Signs with the key given, which need not be kept yet (enrolment). */
export async function submitAs(me: Me, act: Act): Promise<Said> {
  const { submission } = await make(me, act);
  return read(await post("/api/statements", submission), submission);
}

/** Signs with this phone's key and sends. A report without a link is kept and sent later. */
export async function submit(act: Act): Promise<Said> {
  // Two tabs of one phone share one count.
  const made = await navigator.locks.request("coldproof-sign", async () => {
    const me = await loadMe();
    return me?.person && me.origin === page().origin ? make(me, act) : undefined;
  });
  if (!made) return { is: "unreadable", message: "this phone has no key here; ask the armorer for a link" };
  if (!act.report) return read(await post("/api/statements", made.submission), made.submission);
  const response = await deliver({ url: "/api/statements", body: made.submission, what: act.kind, at: Date.now() });
  return response ? read(response, made.submission) : { is: "kept" };
}

/** Signs at the shared screen with that person's own key, which the node keeps behind their PIN. */
export async function submitAtCart(act: Act, person: string, pin: string): Promise<Said> {
  const { kind, kv, open, body } = act;
  return read(await post("/api/cart/sign", JSON.stringify({ person, pin, kind, kv, open, body, lang: "en" })));
}
