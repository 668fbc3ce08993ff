// COLD runs out by itself: at the end of its time, without a reload, without the node, and after a phone has slept.
// The node of this story is that of the demonstration with a clock that the story moves
// (crates/coldproof/examples/demo_clock.rs, or COLDPROOF_CLOCK).

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Phone, close, start } from "../world.js";

let program, base, id;

before(async () => {
  const built = process.env.COLDPROOF_CLOCK;
  const [command, args] = built ? [built, []] : ["cargo", ["run", "-q", "-p", "coldproof", "--example", "demo_clock"]];
  program = await start(command, args, (text) => /^second /m.test(text), { hasInput: true });
  base = /^board (\S+)/m.exec(program.text())[1];
  const phone = await Phone.make();
  id = await phone.tags(base);
  await phone.close();
});

after(async () => {
  await close();
  await program?.stop();
});

/** Time passes for the node. */
const pass = (ms) => program.say(`${ms}\n`);

const leftOf = async (weapon) => {
  const answer = await (await fetch(`${base}/api/board?nonce=${"0".repeat(32)}`)).json();
  return JSON.parse(Buffer.from(answer.board, "base64")).weapons.find((one) => one.id === weapon).left_ms ?? 0;
};

/** Everything a page draws of one weapon from now on, with the time. */
const record = (phone, weapon) =>
  phone.page.evaluate((weapon) => {
    globalThis.drawn = [];
    globalThis.woke = undefined;
    let last = Date.now();
    setInterval(() => {
      const now = Date.now();
      if (now - last > 8_000) globalThis.woke = now;
      last = now;
      const word = document.querySelector(`[data-weapon="${weapon}"] .word`)?.textContent;
      if (globalThis.drawn.at(-1)?.word !== word) globalThis.drawn.push({ word, at: now });
    }, 50);
  }, weapon);

const WEAPON = "10";
const phones = {};

test("COLD runs out on a board that has lost the node, without a reload", async () => {
  for (const name of ["awake", "sleeper", "sleeperWithoutLink"]) {
    const phone = (phones[name] = await Phone.make());
    await phone.go(base);
    await phone.until(id[WEAPON], "COLD EMPTY");
  }
  const { awake } = phones;
  const left = () => awake.page.locator(`[data-weapon="${id[WEAPON]}"] .left`).textContent();
  const mark = await awake.page.evaluate(() => (globalThis.mark = Math.random()));
  await pass((await leftOf(id[WEAPON])) - 12_000);
  await awake.page.waitForFunction((weapon) => /^0:[01]\d left$/.test(document.querySelector(`[data-weapon="${weapon}"] .left`)?.textContent ?? ""), id[WEAPON], { timeout: 7_000 });
  // One of the two sleeps beside a link that is gone when it wakes.
  await phones.sleeperWithoutLink.page.route("**/api/board*", (route) => route.abort());
  for (const name of ["sleeper", "sleeperWithoutLink"]) {
    await record(phones[name], id[WEAPON]);
    // No script of the page runs until it wakes: no timer, no event. (Its process cannot be stopped alone.)
    const session = (phones[name].session = await phones[name].context.newCDPSession(phones[name].page));
    await session.send("Debugger.enable");
    await session.send("Debugger.pause");
  }
  await awake.page.route("**/api/board*", (route) => route.abort());
  await awake.shot("real-last-seconds");
  const [ms, cut] = [Number((await left()).slice(2, 4)) * 1_000, Date.now()];
  await awake.until(id[WEAPON], "CHECK NEEDED", 16_000);
  const took = Date.now() - cut;
  console.log(`${ms} ms were left, CHECK NEEDED after ${took} ms`);
  assert.ok(took <= ms + 2_000, `${took} ms of ${ms}`);
  assert.equal(await awake.page.evaluate(() => globalThis.mark), mark);
});

test("a phone that slept over the end of COLD wakes without it, link or no link", async () => {
  const { sleeper, sleeperWithoutLink: alone } = phones;
  await sleeper.page.waitForTimeout(2_000);
  assert.equal(await leftOf(id[WEAPON]), 0);
  for (const phone of [sleeper, alone]) await phone.session.send("Debugger.disable");
  await sleeper.until(id[WEAPON], "CHECK NEEDED", 3_000);
  await alone.page.waitForFunction((weapon) => /NOT CURRENT|CHECK NEEDED/.test(document.querySelector(`[data-weapon="${weapon}"] .word`).textContent), id[WEAPON], { timeout: 3_000 });
  for (const phone of [sleeper, alone]) {
    await phone.page.waitForTimeout(300);
    const { drawn, woke } = await phone.page.evaluate(() => ({ drawn: globalThis.drawn, woke: globalThis.woke }));
    assert.ok(woke, "it slept");
    const after = drawn.at(-1);
    console.log(`${drawn.map(({ word }) => word).join(" → ")}, ${after.at - woke} ms after waking`);
    assert.ok(drawn.slice(1).every(({ word }) => !word.includes("COLD")));
    assert.ok(after.at - woke < 1_000);
  }
});
