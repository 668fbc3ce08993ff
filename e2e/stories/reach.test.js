// Gloves, small screens, screen readers: every page at three widths, in both themes.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { faultsOf } from "../glove.js";
import { Phone, close, fixture } from "../world.js";

const id = (words) => createHash("sha256").update(words).digest("hex");
const PAGES = ["/", `/w/${id("07")}`, `/w/${id("11")}`, `/w/${id("07")}/check/full`, `/w/${id("12")}/check/reset`, "/line", "/record", "/held", "/stop", "/poster", "/trust", "/cart", "/offline", "/nowhere"];
let world;

before(async () => (world = await fixture()));
after(async () => {
  await close();
  await world?.stop();
});

for (const options of [{ width: 320 }, { width: 360 }, { width: 412, dark: true }, { width: 1280, height: 860 }]) {
  const name = `${options.width} px${options.dark ? ", dark" : ""}`;
  test(`at ${name} nothing is too small for a glove, nothing runs off the side, STOP is there, axe finds no serious fault`, async () => {
    const phone = await Phone.make(options);
    await phone.go(world.armorer);
    const host = new URL(world.armorer).origin;
    assert.deepEqual(await phone.audit(), []);
    await phone.tap("Make the key");
    await phone.sees("This phone signs for you");
    const faults = [];
    for (const path of PAGES) {
      await phone.go(host + path);
      await phone.page.waitForTimeout(500);
      faults.push(...(await faultsOf(phone, path, options.width)));
    }
    assert.deepEqual(faults, []);
    assert.deepEqual(phone.faults, []);
    await phone.close();
  });
}
