// Hold to sign: 1.5 s with a visible fill and words; lifting early cancels. Some cannot hold, so there is an
// untimed way: type the last four of the tag, then Sign.

import { el } from "./dom.ts";

export const HOLD_MS = 1_500;

export interface HoldOptions {
  /** `Hold to sign all six looks`. */
  words: string;
  /** Tag of the weapon, or the word to type where there is none. */
  tag: string;
  /** What the two ways lead to. */
  sign: () => Promise<void>;
}

export function hold(options: HoldOptions): HTMLElement {
  const fill = el("span", { class: "fill", "aria-hidden": "true" });
  const words = el("span", { class: "words" }, options.words);
  const button = el("button", { class: "hold-to", type: "button" }, fill, words);
  const typed = options.tag.slice(-4);
  const input = el("input", { type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false", "aria-label": `Type ${typed}` });
  const press = el("button", { class: "ghost", type: "submit", disabled: true }, "Sign");
  const form = el("form", { class: "typed" }, el("label", {}, `Type ${typed}, then Sign`, input), press);
  const way = el("details", { class: "untimed" }, el("summary", {}, "Cannot hold? Type instead"), form);
  const root = el("div", { class: "hold" }, button, way);

  let timer: number | undefined;
  let filling: Animation | undefined;
  let isSigning = false;

  const cancel = (): void => {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    filling?.cancel();
    words.textContent = "Lifted too early: nothing is signed";
    setTimeout(() => {
      if (timer === undefined && !isSigning) words.textContent = options.words;
    }, 1_500);
  };
  const sign = async (): Promise<void> => {
    if (isSigning) return;
    isSigning = true;
    timer = undefined;
    button.disabled = true;
    press.disabled = true;
    words.textContent = "Signing…";
    try {
      await options.sign();
    } finally {
      isSigning = false;
      button.disabled = false;
      filling?.cancel();
      words.textContent = options.words;
    }
  };
  button.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || isSigning) return;
    event.preventDefault();
    button.setPointerCapture(event.pointerId);
    words.textContent = "Keep holding…";
    filling = fill.animate([{ transform: "scaleX(0)" }, { transform: "scaleX(1)" }], { duration: HOLD_MS, fill: "forwards" });
    timer = window.setTimeout(() => void sign(), HOLD_MS);
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) button.addEventListener(end, cancel);
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  button.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    way.open = true;
    input.focus();
  });
  input.addEventListener("input", () => {
    press.disabled = input.value.trim() !== typed;
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value.trim() === typed) void sign();
  });
  return root;
}
