// Buttons that sign: one tap where nothing is asked, otherwise a form that opens under the buttons. Never a dialog:
// STOP stays in reach.

import { offered, type Offer } from "./acts.ts";
import { show } from "./answer.ts";
import { attachButton } from "./attach.ts";
import { byId, el } from "./dom.ts";
import { entry } from "./field.ts";
import { hold } from "./hold.ts";
import { Signer } from "./signer.ts";

let open: HTMLElement | undefined;

/** True while somebody is entering something: the page must not be redrawn under their hands. */
export const isEntering = (): boolean => open?.isConnected ?? false;

/** One thing is entered at a time: what was open goes. */
export function takeTurn(panel: HTMLElement): void {
  open?.remove();
  open = panel;
}

export function startOffers(signed: () => void): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>("button[data-offer]") : null;
    if (!button?.dataset["offer"]) return;
    const offer = JSON.parse(button.dataset["offer"]) as Offer;
    const signer = new Signer();
    if (offer.fields.length === 0 && !offer.hold && !signer.pin) void once(button, offer, signer, signed);
    else openPanel(button, offer, signer, signed);
  });
}

async function once(button: HTMLButtonElement, offer: Offer, signer: Signer, signed: () => void): Promise<void> {
  button.disabled = true;
  try {
    await send(offer, new Map(), signer);
    signed();
  } finally {
    button.disabled = false;
  }
}

async function send(offer: Offer, answers: Map<string, unknown>, signer: Signer): Promise<void> {
  const said = await signer.submit(offered(offer, answers));
  signer.clear();
  show(said, offer.label);
  // What somebody says of what they saw may need a picture beside it; what the camera wrote is taken out unless they untick it.
  if (said.is === "entered" && TELLS.test(offer.kind)) byId("answer")?.append(attachButton({ about: [said.id], strip: true }));
}

const TELLS = /^(account\.give|concern\.|event\.|record\.note)/;

function openPanel(button: HTMLButtonElement, offer: Offer, signer: Signer, signed: () => void): void {
  const missing = el("p", { class: "quiet", role: "status" }, "");
  const fields = offer.fields.map((field) => ({ member: field.member, label: field.label, entry: entry(field, () => (missing.textContent = "")) }));
  const sign = async (): Promise<void> => {
    const answers = new Map<string, unknown>();
    for (const { member, label, entry } of fields) {
      const value = entry.value();
      if (value === null) {
        missing.textContent = `Still to enter: ${label}`;
        return;
      }
      if (value !== undefined) answers.set(member, value);
    }
    await send(offer, answers, signer);
    panel.remove();
    signed();
  };
  const way = offer.hold
    ? hold({ words: `Hold to sign: ${offer.label.toLowerCase()}`, tag: tagOnPage(), sign })
    : el("button", { class: "hold-to", type: "button", click: () => void sign() }, `Sign: ${offer.label.toLowerCase()}`);
  const panel: HTMLElement = el(
    "section",
    { class: "card panel", "aria-label": offer.label },
    el("h2", {}, offer.label),
    el("p", {}, offer.sentence),
    ...fields.map((field) => field.entry.node),
    signer.field ?? null,
    missing,
    way,
    el("button", { class: "ghost", type: "button", click: () => panel.remove() }, "Leave it"),
  );
  takeTurn(panel);
  (button.closest(".offers, .setstop") ?? button).after(panel);
  panel.scrollIntoView({ block: "nearest" });
  panel.querySelector<HTMLElement>("button, input, textarea")?.focus({ preventScroll: true });
}

const tagOnPage = (): string => /tag (\S+)/.exec(document.querySelector(".banner .what")?.textContent ?? "")?.[1] ?? "sign";
