// The shared screen: one person at a time opens it with their PIN.

import { byId } from "./dom.ts";
import { json, post } from "./net.ts";

export function startCart(): void {
  const form = byId("cart-form") as HTMLFormElement | null;
  const pin = byId("cart-pin") as HTMLInputElement | null;
  const name = byId("cart-name");
  const said = byId("cart-said");
  if (!form || !pin || !name || !said) return;
  let person = "";
  const buttons = [...document.querySelectorAll<HTMLButtonElement>("#cart button[data-person]")];
  for (const button of buttons) {
    button.addEventListener("click", () => {
      person = button.dataset["person"] ?? "";
      for (const one of buttons) one.setAttribute("aria-pressed", String(one === button));
      name.textContent = button.firstChild?.textContent?.trim() ?? "";
      form.hidden = false;
      pin.value = "";
      pin.focus();
    });
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void (async () => {
      const answer = await post("/api/cart/open", JSON.stringify({ person, pin: pin.value }));
      pin.value = "";
      if (answer?.ok) return location.assign("/");
      const words = await json<{ message?: string }>(answer);
      said.textContent = words?.message ?? "The node was not reached.";
    })();
  });
}

/** At the shared screen: a way out on every page, so that nobody stays signed in for the next one. */
export function startLeave(): void {
  const pill = document.querySelector(".pill.me");
  if (!pill || document.body.dataset["viewer"] !== "shared") return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "ghost leave";
  button.textContent = "Done, leave the screen";
  button.addEventListener("click", () => void post("/api/session/end", "{}").then(() => location.assign("/cart")));
  pill.after(button);
}
