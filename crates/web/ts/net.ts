// Calls with an end to their patience, and the queue of what is not yet sent.

import { byId } from "./dom.ts";
import { forget, free, keep, kept, type Unsent } from "./db.ts";

const PATIENCE_MS = 6_000;

/** While a call of our own may still be answered. */
export const busy = (): number => Date.now() + PATIENCE_MS + 1_000;

/** Fetch that gives up; `undefined` when the node was not reached. */
export async function call(url: string, init: RequestInit = {}): Promise<Response | undefined> {
  try {
    return await fetch(url, { cache: "no-store", credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE_MS), ...init });
  } catch {
    return undefined;
  }
}

export const post = (url: string, body: string): Promise<Response | undefined> =>
  call(url, { method: "POST", headers: { "content-type": "application/json" }, body, keepalive: body.length < 60_000 });

export async function json<T>(response: Response | undefined): Promise<T | undefined> {
  try {
    return (await response?.json()) as T;
  } catch {
    return undefined;
  }
}

/** Sends now; keeps it first, so that a page closed in mid-flight loses nothing. `undefined`: kept for later. */
export async function deliver(unsent: Unsent): Promise<Response | undefined> {
  const key = await keep({ ...unsent, busy_until: busy() }).catch(() => undefined);
  const response = await post(unsent.url, unsent.body);
  const isSettled = response !== undefined && settles(response);
  if (key !== undefined) await (isSettled ? forget(key) : free(key, unsent));
  void showUnsent();
  return isSettled ? response : undefined;
}

/** The node has spoken: taken, refused or unreadable. Anything else is asked again. */
const settles = (response: Response): boolean => response.status < 500 && response.status !== 429;

let flushing = false;

let sent: (unsent: Unsent, answer: Response) => Promise<void> = async () => undefined;

/** Who is told what came of something that was kept and sent later. */
export function whenSent(tell: typeof sent): void {
  sent = tell;
}

/** Sends what is kept, oldest first, the same bytes. */
export async function flush(): Promise<void> {
  if (flushing) return;
  flushing = true;
  try {
    for (const [key, unsent] of await kept()) {
      if (Date.now() < (unsent.busy_until ?? 0)) continue;
      const response = await post(unsent.url, unsent.body);
      if (!response || !settles(response)) break;
      // The receipt first: a page closed in between sends it again and is answered the same.
      await sent(unsent, response).catch(() => undefined);
      await forget(key);
    }
  } finally {
    flushing = false;
    void showUnsent();
  }
}

export async function showUnsent(): Promise<void> {
  const pill = byId("unsent");
  if (!pill) return;
  const count = (await kept()).length;
  pill.hidden = count === 0;
  pill.textContent = `${count} not yet sent`;
}
