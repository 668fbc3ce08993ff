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
    const look = () => {
      const word = document.querySelector(`[data-weapon="${weapon}"] .word`)?.textContent;
      if (globalThis.drawn.at(-1)?.word !== word) globalThis.drawn.push({ word, at: performance.now() });
      requestAnimationFrame(look);
    };
    look();
  }, weapon);

test("COLD runs out on a board that has lost the node, without a reload", async () => {
  const phone = await Phone.make();
  await phone.go(base);
  await phone.until(id["10"], "COLD EMPTY");
  const mark = await phone.page.evaluate(() => (globalThis.mark = Math.random()));
  await pass((await leftOf(id["10"])) - 11_000);
  await phone.page.waitForFunction((weapon) => /^0:0\d left$|^0:1\d left$/.test(document.querySelector(`[data-weapon="${weapon}"] .left`)?.textContent ?? ""), id["10"], { timeout: 7_000 });
  const left = Number((await phone.page.locator(`[data-weapon="${id["10"]}"] .left`).textContent()).slice(2, 4)) * 1_000;
  await phone.page.route("**/api/board*", (route) => route.abort());
  const cut = Date.now();
  await phone.shot("real-last-seconds");
  await phone.until(id["10"], "CHECK NEEDED", 14_000);
  const took = Date.now() - cut;
  console.log(`${left} ms were left, CHECK NEEDED after ${took} ms`);
  assert.ok(took <= left + 2_000, `${took} ms of ${left}`);
  assert.equal(await phone.page.evaluate(() => globalThis.mark), mark);
  assert.equal(await leftOf(id["10"]), 0);
  await phone.close();
});

test("a phone that slept over the end of COLD wakes without it, link or no link", async () => {
  const [cut, linked] = [await Phone.make(), await Phone.make()];
  // Called anew: a quarter of an hour has passed, and everything is out of sight.
  const { armorer, second } = Object.fromEntries([...program.text().matchAll(/^(armorer|second) (\S+)/gm)].map(([, who, link]) => [who, link]));
  const [one, two] = [await Phone.make(), await Phone.make()];
  await one.enrol(armorer);
  await two.enrol(second);
  await one.go(`${one.host}/w/${id["02"]}`);
  await one.tap(/^Collect$/);
  await one.sees("Collect: entered");
  for (const [phone, words] of [[one, "Hold to sign this look"], [two, "Hold to sign this look and call cold"]]) {
    await phone.go(`${phone.host}/w/${id["02"]}/check/full`);
    for (const answer of ["Empty", "Empty", "Empty", "Empty", "Empty", "Empty", "Clear, rod"]) await phone.tap(answer);
    await phone.hold(words);
    await phone.sees(/Your look is in|Call: /);
  }
  for (const phone of [cut, linked]) {
    await phone.go(base);
    await phone.until(id["02"], "COLD EMPTY");
  }
  const sleeps = [];
  for (const phone of [cut, linked]) {
    const session = await phone.context.newCDPSession(phone.page);
    await session.send("Page.enable");
    await session.send("Page.setWebLifecycleState", { state: "frozen" });
    sleeps.push(session);
  }
  await pass(await leftOf(id["02"]));
  await cut.page.waitForTimeout(4_000);
  await cut.page.route("**/api/board*", (route) => route.abort());
  for (const session of sleeps) await session.send("Page.setWebLifecycleState", { state: "active" });
  await record(cut, id["02"]);
  await record(linked, id["02"]);
  await linked.until(id["02"], "CHECK NEEDED", 3_000);
  await cut.until(id["02"], "NOT CURRENT", 3_000);
  for (const phone of [cut, linked]) {
    const drawn = await phone.page.evaluate(() => globalThis.drawn);
    console.log(drawn.map(({ word }) => word).join(" → "));
    assert.ok(drawn.slice(1).every(({ word }) => !word.includes("COLD")));
  }
});
