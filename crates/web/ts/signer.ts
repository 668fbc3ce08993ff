// Who signs on this screen: the phone's own key, or at the cart the person whose PIN is typed.

import type { Act } from "./statement.ts";
import { submit, submitAtCart, type Said } from "./statement.ts";
import { el, page } from "./dom.ts";

/** A field for the PIN; `undefined` on a person's own phone. */
export class Signer {
  readonly pin: HTMLInputElement | undefined;
  readonly field: HTMLElement | undefined;

  constructor() {
    if (page().viewer !== "shared") return;
    this.pin = el("input", { type: "password", inputmode: "numeric", autocomplete: "off", maxlength: "32" });
    this.field = el("label", { class: "pin" }, "Your PIN", this.pin);
  }

  submit(act: Act): Promise<Said> {
    return this.pin ? submitAtCart(act, page().person, this.pin.value) : submit(act);
  }

  /** Forgets the PIN. */
  clear(): void {
    if (this.pin) this.pin.value = "";
  }
}
