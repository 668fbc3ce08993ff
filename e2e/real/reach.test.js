// Every page of the program itself: three phone widths and a desk, both themes, a stranger and an enrolled person.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { faultsOf } from "../glove.js";
import { Phone, close, demo } from "../world.js";

let world, armorer, second, stranger, id;

before(async () => {
  world = await demo();
  [armorer, second, stranger] = [await Phone.make(), await Phone.make(), await Phone.make()];
  await armorer.enrol(world.armorer);
  await second.enrol(world.second);
  id = await stranger.tags(world.base);
  // A weapon that may be reset: looked into, called, collected.
  for (const [phone, words] of [[armorer, "Hold to sign this look"], [second, "Hold to sign this look and call cold"]]) {
    await phone.go(`${phone.host}/w/${id["01"]}/check/full`);
    for (const answer of ["Empty", "Empty", "Empty", "Empty", "Empty", "Empty", "Clear, rod"]) await phone.tap(answer);
    await phone.hold(words);
    await phone.sees(/Your look is in|Call: /);
  }
});

after(async () => {
  await close();
  await world?.stop();
});

const pages = () => ["/", ...["01", "11", "12", "13", "15", "16", "17"].map((tag) => `/w/${id[tag]}`), `/w/${id["02"]}/check/full`, `/w/${id["01"]}/check/reset`, "/line", "/record", "/held", "/stop", "/poster", "/trust", "/cart", "/offline", "/nowhere", "/enrol/used"];

for (const [width, height, scheme] of [[320, 640, "light"], [360, 800, "light"], [412, 915, "dark"], [1280, 860, "dark"]]) {
  test(`at ${width} px, ${scheme}, nothing is too small for a glove, nothing runs off the side, STOP is there, axe finds no serious fault`, async () => {
    await armorer.page.setViewportSize({ width, height });
    await armorer.page.emulateMedia({ colorScheme: scheme });
    const faults = [];
    // The width before ended the visit at the cart; a page that loads again cannot be looked at.
    await armorer.visit("/");
    // The cart comes last: opening it ends the visit.
    for (const path of pages()) {
      await armorer.go(armorer.host + path);
      await armorer.page.waitForTimeout(400);
      faults.push(...(await faultsOf(armorer, path, width)));
    }
    assert.deepEqual(faults, []);
  });
}

test("every step of a check has its controls in the lower 60 % of a 360 by 800 phone, above STOP, without a scroll", async () => {
  const phone = armorer;
  await phone.page.setViewportSize({ width: 360, height: 800 });
  const inReach = async (where) => {
    const stop = await phone.page.locator(".stopbtn").boundingBox();
    for (const button of await phone.page.locator("#check .two button:visible, #check .hold-to:visible, main .offers.ask .buttons > :first-child").all()) {
      const box = await button.boundingBox();
      assert.ok(box.y >= 320 && box.y + box.height <= stop.y, `${where}: ${await button.innerText()} at ${box.y}..${box.y + box.height}`);
    }
  };
  // The cart ended the visit.
  await phone.visit(`/w/${id["02"]}`);
  await phone.page.waitForTimeout(700);
  await inReach("weapon");
  await phone.go(`${phone.host}/w/${id["02"]}/check/full`);
  await phone.page.locator("#check .two button").first().waitFor();
  await phone.page.waitForTimeout(700);
  for (let n = 0; n < 6; n++) {
    await inReach(`position ${n + 1}`);
    await phone.tap("Empty");
  }
  await inReach("bore");
  await phone.tap("Clear, rod");
  await inReach("sign");
  await phone.go(`${phone.host}/line`);
  await phone.page.locator("#check .two button").first().waitFor();
  await inReach("line");
});

test("no page of the server holds the word of a lease, for a stranger, the enrolled or the cart", async () => {
  const cookie = async (phone) => (await phone.context.cookies(phone.host)).map((one) => `${one.name}=${one.value}`).join("; ");
  for (const phone of [armorer, second]) {
    await phone.go(`${phone.host}/`);
    await phone.page.locator(".pill.me").waitFor();
  }
  let crawled = 0;
  for (const cookies of ["", await cookie(armorer), await cookie(second)]) {
    const todo = ["/", `/w/${id["01"]}/check/reset`, "/trust", "/offline", "/stop", "/nowhere", "/cart"];
    const seen = new Set();
    while (todo.length > 0) {
      const path = todo.pop();
      if (seen.has(path) || /^\/(static|api|trust\/ca)/.test(path)) continue;
      seen.add(path);
      const response = await fetch(world.base + path, { headers: path === "/cart" ? {} : { cookie: cookies } });
      if (!/html/.test(response.headers.get("content-type") ?? "")) continue;
      const html = await response.text();
      const at = html.search(/COLD/);
      assert.equal(at, -1, `${path}: …${html.slice(at - 60, at + 60)}`);
      assert.match(html, /STOP WORK/, path);
      crawled += 1;
      for (const [, to] of html.matchAll(/href="(\/[^"#]*)"/g)) todo.push(to.replaceAll("&amp;", "&"));
      for (const [, to] of html.matchAll(/&quot;go&quot;:&quot;(\/[^&]+)&quot;/g)) todo.push(to);
    }
    assert.ok(seen.size > 25, `${seen.size} pages`);
  }
  console.log(`crawled ${crawled} pages`);
});

test("no phone met a script error or a broken policy", () => {
  for (const phone of [armorer, second, stranger]) assert.deepEqual(phone.faults, []);
});
