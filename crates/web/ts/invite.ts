// Lets someone in: this phone makes the secret of the link and signs its digest; the record never holds the secret.

import { draw } from "./answer.ts";
import { hex, random, sha256 } from "./bytes.ts";
import type { Offer } from "./acts.ts";
import { byId, el, page } from "./dom.ts";
import { canSign } from "./key.ts";
import { json, post } from "./net.ts";
import { Signer } from "./signer.ts";

interface View {
  act: Offer;
  now: number;
}

/** What the node says of a link that is still good. */
interface Drawn {
  link: string;
  code: string;
  name: string;
  until: number;
  says: string;
  keeps: boolean;
}

interface Shown {
  token: string;
  name: string;
  role: string;
  /** When it runs out by the record's clock, ms UTC. */
  until: number;
}

let shown: Shown | undefined;

/** Starts the form. The answer is what to do when the record moved: see whether the link was used. */
export function startInvite(): (() => void) | undefined {
  const form = byId("invite") as HTMLFormElement | null;
  const said = byId("invite-said");
  if (!form?.dataset["view"] || !said) return;
  const { act, now } = JSON.parse(form.dataset["view"]) as View;
  const ahead = now - Date.now();
  const role = byId("role") as HTMLInputElement;
  const name = byId("name") as HTMLInputElement;
  const sign = form.querySelector<HTMLButtonElement>("button[type=submit]");
  const departments = buttons("#department");
  const duties = buttons("#duties");
  const lives = buttons("#lives");
  const signer = new Signer();
  if (signer.field) byId("invite-pin")?.append(signer.field);
  if (page().viewer !== "shared" && !canSign()) {
    said.textContent = "This address cannot keep a key, so this phone cannot sign. Use the cart screen.";
    if (sign) sign.disabled = true;
  }

  const departs = (value: string): void => {
    only(departments, departments.find((one) => one.dataset["value"] === value));
    const words = byId("department-words");
    if (words) words.textContent = chosen(departments)[0]?.textContent ?? "choose";
  };
  let isRoleTyped = false;
  let isDepartmentPicked = false;
  role.addEventListener("input", () => (isRoleTyped = role.value !== ""));
  for (const duty of duties) {
    duty.addEventListener("click", () => {
      press(duty, !isPressed(duty));
      const first = chosen(duties)[0];
      if (!isRoleTyped) role.value = first?.textContent ?? "";
      if (!isDepartmentPicked) departs(first?.dataset["department"] ?? "");
    });
  }
  for (const one of departments) {
    one.addEventListener("click", () => {
      isDepartmentPicked = true;
      departs(one.dataset["value"] ?? "");
      (byId("department") as HTMLDetailsElement).open = false;
    });
  }
  for (const one of lives) one.addEventListener("click", () => only(lives, one));

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const department = chosen(departments)[0]?.dataset["value"];
    const held = chosen(duties).map((one) => one.dataset["value"]);
    const minutes = Number(chosen(lives)[0]?.dataset["minutes"] ?? 10);
    if (held.length === 0 || !department) {
      said.textContent = held.length === 0 ? "Still to choose: what they answer for" : "Still to choose: the department";
      return;
    }
    void (async () => {
      if (sign) sign.disabled = true;
      said.textContent = "Signing…";
      try {
        const secret = random(32);
        const until = Date.now() + ahead + minutes * 60_000;
        const body = { token: hex(await sha256(secret)), role: role.value.trim(), department, duties: held, until };
        const answer = await signer.submit({ kind: act.kind, kv: act.kv, open: act.open, report: act.report, body });
        signer.clear();
        if (answer.is !== "entered" || !answer.outcome.admitted) return said.replaceChildren(draw(answer, "Invitation"));
        said.textContent = "";
        form.hidden = true;
        await showCode({ token: hex(secret), name: name.value.trim(), role: body.role, until }, ahead);
      } catch (fault) {
        said.textContent = `Nothing was signed: ${fault instanceof Error ? fault.message : "this browser could not"}.`;
      } finally {
        if (sign) sign.disabled = false;
      }
    })();
  });
  return () => void (shown && isGone(shown, ahead));
}

async function ask(of: Shown): Promise<{ status: number; drawn: Drawn | undefined; message: string }> {
  const response = await post("/api/invite", JSON.stringify({ token: of.token, name: of.name }));
  const read = await json<Drawn & { message?: string }>(response);
  return { status: response?.status ?? 0, drawn: response?.ok ? read : undefined, message: read?.message ?? "the node was not reached" };
}

async function showCode(of: Shown, ahead: number): Promise<void> {
  const place = byId("invited");
  if (!place) return;
  const { drawn, message } = await ask(of);
  place.hidden = false;
  if (!drawn) {
    const again = el("button", { class: "ghost", type: "button", click: () => void showCode(of, ahead) }, "Ask for the code again");
    place.replaceChildren(el("h2", {}, "The invitation is entered; its code did not come"), el("p", {}, `The reason: ${message}.`), again);
    return;
  }
  shown = of;
  const code = new DOMParser().parseFromString(drawn.code, "text/html").querySelector("svg");
  place.replaceChildren(
    el("h2", {}, `Code for ${drawn.name}`),
    el("p", { class: "lead-text" }, "Hand the phone's camera this code, open the link, press “Make the key on this phone”."),
    ...(code ? [document.importNode(code, true)] : []),
    el("p", { class: "until" }, el("b", {}, `Good once, until ${drawn.says}.`), " Whoever scans it first is let in: show it to nobody else."),
    ...(drawn.keeps ? [] : [plain()]),
    el("p", { class: "url" }, drawn.link),
    another(),
  );
  setTimeout(() => void isGone(of, ahead), Math.max(0, drawn.until - Date.now() - ahead) + 500);
  place.focus({ preventScroll: true });
  place.scrollIntoView({ block: "start" });
}

/** Takes the code away once it is spent. */
async function isGone(of: Shown, ahead: number): Promise<void> {
  const { status } = await ask({ ...of, name: "" });
  const place = byId("invited");
  if (status !== 404 || shown !== of || !place) return;
  shown = undefined;
  const ranOut = Date.now() + ahead >= of.until;
  place.replaceChildren(
    el("h2", {}, ranOut ? "The code ran out" : `${of.role} is in`),
    el("p", { class: "lead-text" }, ranOut ? "Nobody used it. Make another." : "The code was used and is worth nothing now. If it was not them, switch that key off at once: “Switch off a key” on the set board."),
    another(),
  );
}

const plain = (): HTMLElement =>
  el("p", { class: "strip" }, "This node is reached by plain http: phones read and stop there, and keep no key. Serve it under https, or use the cart screen.");

const another = (): HTMLElement => el("button", { class: "ghost", type: "button", click: () => location.reload() }, "Let someone else in");

const buttons = (within: string): HTMLButtonElement[] => [...document.querySelectorAll<HTMLButtonElement>(`${within} button`)];
const isPressed = (one: HTMLElement): boolean => one.getAttribute("aria-pressed") === "true";
const press = (one: HTMLElement, is: boolean): void => one.setAttribute("aria-pressed", String(is));
const only = (all: HTMLElement[], the: HTMLElement | undefined): void => all.forEach((one) => press(one, one === the));
const chosen = (all: HTMLButtonElement[]): HTMLButtonElement[] => all.filter(isPressed);
