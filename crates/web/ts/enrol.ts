// A phone makes its key and signs its own enrolment.

import { enrol } from "./acts.ts";
import { draw } from "./answer.ts";
import { ZERO } from "./bytes.ts";
import { loadMe, saveMe, type Me } from "./db.ts";
import { byId, el, page } from "./dom.ts";
import { canSign, makePair, openVisit } from "./key.ts";
import { json, post } from "./net.ts";
import { submitAs } from "./statement.ts";

interface Link {
  token: string;
  invite: string;
  person: string | null;
  name: string;
  duty: string;
}

export function startEnrol(): void {
  const root = byId("enrol");
  const said = byId("enrol-said");
  if (!root?.dataset["view"] || !said) return;
  const link = JSON.parse(root.dataset["view"]) as Link;
  const button = byId("make") as HTMLButtonElement | null;
  if (!canSign()) {
    if (button) button.disabled = true;
    said.append("This address cannot keep a key. Open the page as https (see ", el("a", { href: "/trust" }, "how"), "), or sign at the cart screen.");
    return;
  }
  button?.addEventListener("click", () => void make(link, button, said));
  byId("pin-form")?.addEventListener("submit", (event) => {
    event.preventDefault();
    void setPin(link, said);
  });
}

async function make(link: Link, button: HTMLButtonElement, said: HTMLElement): Promise<void> {
  button.disabled = true;
  said.textContent = "Making the key…";
  try {
    const isKept = (await navigator.storage?.persist?.()) ?? false;
    const { origin, boardKey, logKey } = page();
    const { pair, key } = await makePair();
    const me: Me = { person: link.person ?? "", name: link.name, duty: link.duty, origin, boardKey, logKey, key, pair, counter: 0, prev: ZERO };
    const answer = await submitAs(me, enrol(link.invite, link.token, key));
    if (answer.is !== "entered" || !answer.outcome.admitted) return said.replaceChildren(draw(answer, "Enrolment"));
    me.person ||= answer.id;
    await saveMe(me);
    await openVisit();
    const held = await loadMe();
    said.replaceChildren(
      el("b", {}, held ? "Done. This phone signs for you." : "The key could not be kept on this phone."),
      isKept ? "" : " This browser may clear its storage when space runs low: keep the page on the home screen.",
      el("a", { class: "ghost go", href: "/" }, "To the set board"),
    );
  } catch (fault) {
    said.textContent = `The key could not be made: ${fault instanceof Error ? fault.message : "this browser has no Ed25519"}. Sign at the cart screen.`;
  } finally {
    button.disabled = false;
  }
}

async function setPin(link: Link, said: HTMLElement): Promise<void> {
  const pin = byId("pin") as HTMLInputElement | null;
  if (!pin) return;
  const answer = await post("/api/cart/enrol", JSON.stringify({ token: link.token, pin: pin.value }));
  pin.value = "";
  const words = await json<{ message?: string; outcome?: { admitted: boolean } }>(answer);
  said.textContent = answer?.ok && words?.outcome?.admitted ? "Done. Your key is kept here behind your PIN." : (words?.message ?? "The node was not reached.");
}
