// A photograph, video or document: hashed here piece by piece, sent in pieces that go on after a lost link, then named by a
// signed statement. What the camera wrote is taken out first when that is asked for.

import { attach } from "./acts.ts";
import { show } from "./answer.ts";
import { hex } from "./bytes.ts";
import { el } from "./dom.ts";
import { json } from "./net.ts";
import { takeTurn } from "./offer.ts";
import { Sha256 } from "./sha256.ts";
import { Signer } from "./signer.ts";
import { STRIP_BYTES_MAX, canStrip, strip } from "./strip.ts";

/** As the node takes them (src/limit.rs). */
const FILE_BYTES_MAX = 2 * 1024 ** 3;
const PIECE_BYTES = 1024 * 1024;
/** Hashed at once; in between the page answers taps, STOP first. */
const HASH_BYTES = 2 * 1024 * 1024;
const PIECE_PATIENCE_MS = 100_000;
const AGAIN_AFTER_MS = 2_000;

interface Ask {
  /** Ids of the statements that it belongs to. */
  about: string[];
  /** Take out what the camera wrote, unless the person unticks it. */
  strip: boolean;
}

export function startAttach(signed: () => void): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>("button[data-attach]") : null;
    if (button?.dataset["attach"]) open(button, JSON.parse(button.dataset["attach"]) as Ask, signed);
  });
}

/** The button that opens the form, for what was just signed. */
export const attachButton = (ask: Ask): HTMLElement =>
  el("button", { class: "ghost", type: "button", "data-attach": JSON.stringify(ask) }, "Add a photograph, video or document");

function tick(label: string, isTicked: boolean): [HTMLInputElement, HTMLElement] {
  const box = el("input", { type: "checkbox", checked: isTicked });
  return [box, el("label", { class: "tick-box" }, box, el("span", {}, label))];
}

function open(button: HTMLButtonElement, ask: Ask, signed: () => void): void {
  const signer = new Signer();
  const file = el("input", { type: "file" });
  const name = el("input", { type: "text", maxlength: 120, autocomplete: "off" });
  const [strips, stripLabel] = tick("Take out what the camera wrote: place, time, device", ask.strip);
  const [keeps, keepLabel] = tick("Send the original too, sealed: only for who may read sealed files", false);
  const [exhibit, exhibitLabel] = tick("It is an exhibit: it gets a custody form", false);
  const bar = el("progress", { max: 100, value: 0, hidden: true, "aria-label": "Sent so far" });
  const said = el("p", { class: "quiet", role: "status" }, "");
  const way = el("button", { class: "hold-to", type: "button" }, "Sign and send");
  const follow = (): void => {
    keepLabel.hidden = !strips.checked;
    if (!strips.checked) keeps.checked = false;
  };
  strips.addEventListener("change", follow);
  file.addEventListener("change", () => {
    const picked = file.files?.[0];
    if (picked && !name.value) name.value = picked.type.startsWith("image/") ? "Photograph" : picked.name.slice(0, 120);
    said.textContent = "";
  });
  follow();
  const panel: HTMLElement = el(
    "section",
    { class: "card panel", "aria-label": "Add a file" },
    el("h2", {}, "Add a photograph, video or document"),
    el("p", {}, "It is named by its hash in what you sign, so that it cannot be exchanged later. Up to 2 GiB."),
    el("label", { class: "field" }, "The file", file),
    el("label", { class: "field" }, "What it shows", name),
    stripLabel,
    keepLabel,
    exhibitLabel,
    signer.field ?? null,
    bar,
    said,
    way,
    el("button", { class: "ghost", type: "button", click: () => panel.remove() }, "Leave it"),
  );
  way.addEventListener("click", () => void send());
  const send = async (): Promise<void> => {
    const picked = file.files?.[0];
    const fault = !picked ? "Choose a file first." : picked.size === 0 ? "This file is empty." : picked.size > FILE_BYTES_MAX ? "This file is over 2 GiB." : !name.value.trim() ? "Say what it shows." : "";
    if (fault || !picked) {
      said.textContent = fault;
      return;
    }
    way.disabled = true;
    try {
      const body = await sendAll(picked, { name: name.value.trim(), about: ask.about, exhibit: exhibit.checked, strips: strips.checked, keeps: keeps.checked }, new Progress(bar, said, panel));
      const answer = await signer.submit(attach(body));
      signer.clear();
      show(answer, "Add a file");
      panel.remove();
      signed();
    } catch (why) {
      said.textContent = why instanceof Error ? why.message : "It was not sent.";
    } finally {
      way.disabled = false;
    }
  };
  takeTurn(panel);
  (button.closest(".files, .answer > section, .offers") ?? button).after(panel);
  panel.scrollIntoView({ block: "nearest" });
  file.focus({ preventScroll: true });
}

interface Wish {
  name: string;
  about: string[];
  exhibit: boolean;
  strips: boolean;
  keeps: boolean;
}

/** What is shown while it goes. The panel may be closed in the middle: then it ends. */
class Progress {
  constructor(
    private readonly bar: HTMLProgressElement,
    private readonly said: HTMLElement,
    private readonly panel: HTMLElement,
  ) {}

  at(done: number, all: number, words: string): void {
    if (!this.panel.isConnected) throw new Error("left");
    this.bar.hidden = false;
    this.bar.value = Math.floor((100 * done) / all);
    this.say(`${words} ${Math.floor((100 * done) / all)} %`);
  }

  say(words: string): void {
    if (!this.panel.isConnected) throw new Error("left");
    if (this.said.textContent !== words) this.said.textContent = words;
  }
}

/** Sends what is to be sent; the body of `attachment.add`. */
async function sendAll(picked: File, wish: Wish, progress: Progress): Promise<Record<string, unknown>> {
  const media = picked.type || "application/octet-stream";
  let blob: Blob = picked;
  let original: string | undefined;
  if (wish.strips) {
    if (!canStrip(media)) throw new Error("What the camera wrote can be taken out of JPEG, PNG and WebP photographs only. Untick that to send this file as it is.");
    if (picked.size > STRIP_BYTES_MAX) throw new Error("This photograph is too large for this phone to take anything out of it.");
    blob = new Blob([strip(media, new Uint8Array(await picked.arrayBuffer()))], { type: media });
    if (wish.keeps) original = await put(picked, progress, "The original:");
  }
  const sha256 = await put(blob, progress, "");
  progress.say("Signing…");
  const { name, about, exhibit } = wish;
  return { sha256, bytes: blob.size, media, name, about, ...(original ? { original } : {}), exhibit };
}

/** Hashes and sends one file; its hash. Goes on from where it was, after a lost link or another day. */
async function put(blob: Blob, progress: Progress, what: string): Promise<string> {
  const sha256 = await hash(blob, (done) => progress.at(done, blob.size, `${what} Reading`.trim()));
  let at = 0;
  let piece: Blob = new Blob([]);
  for (;;) {
    const reached = await putPiece(`/api/attachments/${sha256}?bytes=${blob.size}&at=${at}`, piece);
    if (!reached) {
      progress.say("No link. It goes on by itself when the link is back; keep this page open.");
      await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
      // Whatever came through of the last piece, the node knows.
      piece = new Blob([]);
      continue;
    }
    if (reached.whole) return sha256;
    at = reached.at;
    progress.at(at, blob.size, `${what} Sent`.trim());
    piece = blob.slice(at, at + PIECE_BYTES);
  }
}

async function hash(blob: Blob, done: (at: number) => void): Promise<string> {
  const hash = new Sha256();
  for (let at = 0; at < blob.size; at += HASH_BYTES) {
    hash.update(new Uint8Array(await blob.slice(at, at + HASH_BYTES).arrayBuffer()));
    done(Math.min(at + HASH_BYTES, blob.size));
    await new Promise((resolve) => setTimeout(resolve));
  }
  return hex(hash.digest());
}

/** `undefined` when the node was not reached; throws with its sentence when it will not have it. */
async function putPiece(url: string, piece: Blob): Promise<{ at: number; whole: boolean } | undefined> {
  let response: Response;
  try {
    const body = await piece.arrayBuffer();
    response = await fetch(url, { method: "PUT", body, cache: "no-store", credentials: "same-origin", signal: AbortSignal.timeout(PIECE_PATIENCE_MS) });
  } catch {
    return undefined;
  }
  const answer = await json<{ at?: number; whole?: boolean; message?: string }>(response);
  if (answer?.at !== undefined && (response.ok || response.status === 409)) return { at: answer.at, whole: answer.whole ?? false };
  throw new Error(answer?.message ? `Not sent: ${answer.message}` : "Not sent: the node did not say why.");
}
