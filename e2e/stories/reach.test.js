// Gloves, small screens, screen readers: every page at three widths, in both themes.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { Phone, close, fixture } from "../world.js";

const id = (words) => createHash("sha256").update(words).digest("hex");
const PAGES = ["/", `/w/${id("07")}`, `/w/${id("11")}`, `/w/${id("07")}/check/full`, `/w/${id("12")}/check/reset`, "/line", "/record", "/stop", "/poster", "/trust", "/cart", "/offline", "/nowhere"];
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
      faults.push(...(await phone.audit()).map((fault) => `${path} ${fault}`));
      const wide = await phone.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wide > 0) faults.push(`${path} runs ${wide} px off the side`);
      const targets = await phone.targets();
      const stop = targets.find((one) => one.cls === "stopbtn");
      if (!stop || stop.height < 96) faults.push(`${path} STOP ${stop?.height}`);
      if (options.width > 900) {
        const under = targets.filter((one) => /ghost|hold-to|plain/.test(one.cls) && one.x + one.width > stop.x);
        faults.push(...under.map((one) => `${path} ${one.words} can lie under STOP`));
      }
      for (const one of targets) {
        const isFloor = /ghost/.test(one.cls);
        const least = /hold-to|stopbtn/.test(one.cls) ? 96 : isFloor && !/leave/.test(one.cls) ? 72 : 44;
        if (one.height < least - 0.5 || (one.width < Math.min(least, 72) - 0.5)) faults.push(`${path} ${one.words}: ${one.width}x${one.height}, at least ${least}`);
      }
      faults.push(...tooClose(targets.filter((one) => /ghost|hold-to/.test(one.cls))).map((pair) => `${path} ${pair}`));
    }
    assert.deepEqual(faults, []);
    assert.deepEqual(phone.faults, []);
    await phone.close();
  });
}

/** Pairs of floor controls with less than 16 px between them. */
function tooClose(boxes) {
  const found = [];
  boxes.forEach((a, i) => {
    for (const b of boxes.slice(i + 1)) {
      const x = Math.max(a.x, b.x) - Math.min(a.x + a.width, b.x + b.width);
      const y = Math.max(a.y, b.y) - Math.min(a.y + a.height, b.y + b.height);
      if (Math.max(x, y) < 15.5) found.push(`${a.words} and ${b.words}: ${Math.max(x, y)} px apart`);
    }
  });
  return found;
}
