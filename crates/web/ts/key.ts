// The phone's own key: made here, never leaves.

import { hex, utf8, type Bytes } from "./bytes.ts";
import { loadMe, type Me } from "./db.ts";
import { page } from "./dom.ts";
import { json, post, call } from "./net.ts";

const ED25519 = { name: "Ed25519" };

/** Without a secure context there is no key and no check of a board: read and STOP. */
export const canSign = (): boolean => globalThis.isSecureContext && crypto.subtle !== undefined;

export async function makePair(): Promise<{ pair: CryptoKeyPair; key: string }> {
  const pair = (await crypto.subtle.generateKey(ED25519, false, ["sign", "verify"])) as CryptoKeyPair;
  const key = hex(new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)));
  return { pair, key };
}

export const sign = async (me: Pick<Me, "pair">, message: Bytes): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.sign(ED25519, me.pair.privateKey, message));

export async function verify(key: Bytes, signature: Bytes, message: Bytes): Promise<boolean> {
  const imported = await crypto.subtle.importKey("raw", key, ED25519, false, ["verify"]);
  return crypto.subtle.verify(ED25519, imported, signature, message);
}

/** Proves the key once a visit, so that the pages show what an enrolled person may see. */
export async function openVisit(): Promise<boolean> {
  const me = canSign() ? await loadMe() : undefined;
  if (!me?.person || me.origin !== page().origin) return false;
  const asked = await json<{ challenge: string; origin: string }>(await call("/api/session"));
  if (!asked || asked.origin !== me.origin) return false;
  const message = utf8(`coldproof-session-v1\n${asked.origin}\n${asked.challenge}`);
  const sig = hex(await sign(me, message));
  const answer = await post("/api/session", JSON.stringify({ key: me.key, challenge: asked.challenge, sig }));
  return answer?.ok ?? false;
}
