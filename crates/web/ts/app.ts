// The page's script: what each page starts. STOP is in a bundle of its own (stop.ts).

import { startAttach } from "./attach.ts";
import { Watch, type View } from "./board.ts";
import { startCart, startLeave } from "./cart.ts";
import { startCheck } from "./check.ts";
import { page } from "./dom.ts";
import { drawSet } from "./draw.ts";
import { startEnrol } from "./enrol.ts";
import { startInvite } from "./invite.ts";
import { startHeld } from "./held.ts";
import { canSign, openVisit } from "./key.ts";
import { flush, json, showUnsent, whenSent } from "./net.ts";
import { startOffers } from "./offer.ts";
import { acknowledged, look } from "./receipt.ts";
import { refresh } from "./refresh.ts";

const PROVED = "coldproof-visit-proved";

/** How often the record is compared with what this phone holds, when nothing moved. */
const LOOK_EVERY_MS = 20_000;

async function start(): Promise<void> {
  const { name, viewer } = page();
  void showUnsent();
  addEventListener("online", () => void flush());
  if (viewer === "stranger" && name !== "cart" && name !== "enrol" && (await provedNow())) return location.reload();
  let last: View | undefined;
  const draw = (view: View): void => drawSet((last = view));
  const moved = startCheck() ?? startInvite();
  // The check page and the invitation keep what is being entered; the other pages take over what the server draws.
  const renew = (): void => {
    void look();
    if (moved) moved();
    else void refresh(() => last && draw(last));
  };
  if (name !== "offline") {
    const watch = new Watch(draw, renew);
    watch.start();
    // The stream may have said so while the form was still open, and then the page was left alone.
    const signed = (): void => {
      void watch.ask();
      renew();
    };
    startOffers(signed);
    startAttach(signed);
  }
  whenSent(async (unsent, response) => {
    if (unsent.url === "/api/statements" && response.ok) await acknowledged(unsent.body, (await json<Parameters<typeof acknowledged>[1]>(response)) ?? {});
  });
  if (name !== "offline") {
    void look();
    setInterval(() => void look(), LOOK_EVERY_MS);
  }
  startHeld();
  startEnrol();
  startCart();
  startLeave();
  if (canSign() && "serviceWorker" in navigator) void navigator.serviceWorker.register("/sw.js").catch(() => undefined);
}

/** One reload for a proof that was taken, so that a page never reloads in a circle. A proof cut off by leaving the page is made anew. */
async function provedNow(): Promise<boolean> {
  const last = Number(sessionStorage.getItem(PROVED) ?? 0);
  if (Date.now() - last < 10_000) return false;
  const isProved = await openVisit().catch(() => false);
  if (isProved) sessionStorage.setItem(PROVED, String(Date.now()));
  return isProved;
}

void start();
