// STOP, in a bundle of its own: nothing else that fails on a page can take it away.
// One tap, no dialog. The screen turns at once, link or no link; the press is kept until the node has it.

import { lift, stop } from "./acts.ts";
import { forget, free, keep, loadMe, type Unsent } from "./db.ts";
import { byId, el, icon, page } from "./dom.ts";
import { busy, json, post, showUnsent } from "./net.ts";
import { submit, type Said } from "./statement.ts";

/** A lock that this phone may lift: its own, or in this visit `someone`'s. */
type Lock = { signed: string } | { signed: null };

function start(): void {
  const form = byId("stop-form") as HTMLFormElement | null;
  if (!form) return;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const status = el("p", { class: "stop-status", role: "status" }, "Sending…");
    turn(status);
    void press(status);
  });
}

/** The whole screen says STOP before anything is sent. */
function turn(status: HTMLElement): void {
  byId("stop-screen")?.remove();
  const screen: HTMLElement = el(
    "section",
    { id: "stop-screen", class: "stopped full", role: "alertdialog", "aria-label": "STOP", tabindex: "-1" },
    icon("s-stop"),
    el("p", { class: "stop-word" }, "STOP"),
    el("p", { class: "call" }, "Call it out now: “Stop, stop, stop.” By voice and on the radio."),
    status,
    el("div", { class: "two stop-after" }, el("button", { class: "ghost", type: "button", click: () => screen.remove() }, "Back to the page")),
  );
  document.body.append(screen);
  screen.focus();
}

async function press(status: HTMLElement): Promise<void> {
  const at = Date.now();
  const me = await Promise.race([loadMe(), new Promise<undefined>((resolve) => setTimeout(resolve, 300))]);
  if (me?.person && me.origin === page().origin && page().viewer !== "shared") {
    const said = await submit(stop()).catch((): Said => ({ is: "unreadable", message: "" }));
    if (said.is === "entered") return say(status, `It stands in the record, entry ${said.index}.`, { signed: said.id });
    if (said.is === "kept") return unsent(status);
  }
  const unit = page().unit || null;
  // The press itself carries no time while it is on its way; a kept one says when it was made.
  const later: Unsent = { url: "/api/stop", body: JSON.stringify({ unit, pressed_at: at }), what: "stop", at };
  const key = await keep({ ...later, busy_until: busy() }).catch(() => undefined);
  const response = await post("/api/stop", JSON.stringify({ unit }));
  const answer = response?.ok ? await json<{ recorded?: boolean }>(response) : undefined;
  if (!answer) {
    if (key !== undefined) await free(key, later);
    return unsent(status);
  }
  if (key !== undefined) await forget(key);
  say(status, answer.recorded ? "It stands in the record." : "It acts already. It is not yet recorded.", { signed: null });
}

function unsent(status: HTMLElement): void {
  status.textContent = "NO LINK: nobody else's screen shows it yet. Call it out by voice and radio. This phone sends it as soon as the link is back.";
  status.classList.add("unsent");
  void showUnsent();
}

function say(status: HTMLElement, words: string, lock: Lock): void {
  status.textContent = words;
  const after = byId("stop-screen")?.querySelector(".stop-after");
  const found = el("input", { type: "text", maxlength: 280, autocomplete: "off" });
  const button = el("button", { class: "ghost", type: "button" }, "Lift my stop");
  button.addEventListener("click", () => void raise(lock, found.value.trim(), status, button));
  after?.before(el("label", { class: "found" }, "Over? What was it?", found));
  after?.append(button);
}

async function raise(lock: Lock, found: string, status: HTMLElement, button: HTMLButtonElement): Promise<void> {
  button.disabled = true;
  let isLifted = false;
  let why = "";
  if (lock.signed !== null) {
    const said = await submit(lift(lock.signed, found));
    isLifted = said.is === "entered" && said.outcome.admitted;
    if (said.is === "entered") why = said.outcome.reasons?.map((reason) => reason.says).join("; ") ?? "";
  } else {
    const response = await post("/api/stop/lift", JSON.stringify({ unit: page().unit || null, found }));
    isLifted = response?.ok ?? false;
    if (!isLifted) why = (await json<{ message?: string }>(response))?.message ?? "";
  }
  status.textContent = isLifted ? "Your stop is lifted. Every weapon needs its look again." : `Not lifted: ${why || "the node was not reached"}.`;
  button.disabled = isLifted;
}

start();
