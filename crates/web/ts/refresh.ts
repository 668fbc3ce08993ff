// The record moved: fetch this page again and take over what the server draws, unless somebody is entering something.

import { call } from "./net.ts";
import { isEntering } from "./offer.ts";

let isBusy = false;

export async function refresh(after: () => void): Promise<void> {
  if (isBusy || isEntering()) return;
  isBusy = true;
  try {
    const response = await call(location.href);
    if (!response?.ok) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    if (isEntering()) return;
    for (const part of ["main > .cols", "main > .sub", "main > .card > .record", "main > .files", "main > .nag", "main > .care", "#sealed", "#set-stop .buttons"]) {
      const [now, next] = [document.querySelector(part), fresh.querySelector(part)];
      if (now && next && now.innerHTML !== next.innerHTML) now.replaceWith(document.importNode(next, true));
    }
    after();
  } finally {
    isBusy = false;
  }
}
