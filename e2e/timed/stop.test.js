// Anyone stops; everybody's board says so; nothing is called while it stands, and what makes weapons harmless goes on.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Phone, close, demo } from "../world.js";

let world, armorer, second, stranger, board, id;

before(async () => {
  world = await demo();
  [armorer, second, stranger, board] = [await Phone.make(), await Phone.make(), await Phone.make(), await Phone.make()];
  await armorer.enrol(world.armorer);
  await second.enrol(world.second);
  id = await board.tags(world.base);
});

after(async () => {
  await close();
  await world?.stop();
});

test("a stop from a signed-out phone is on another board within a second", async () => {
  await board.until(id["11"], "COLD DUMMIES 6");
  const took = [];
  for (let n = 0; n < 3; n++) {
    await stranger.go(world.base);
    const pressed = Date.now();
    await stranger.tap("STOP WORK");
    await board.page.locator("#set-stop").waitFor({ state: "visible", timeout: 3_000 });
    took.push(Date.now() - pressed);
    await stranger.sees("It stands in the record.");
    if (n === 2) break;
    await stranger.tap("Lift my stop");
    await stranger.sees("Your stop is lifted");
    await board.page.locator("#set-stop").waitFor({ state: "hidden" });
  }
  console.log(`STOP to another board: ${took.join(", ")} ms`);
  assert.ok(took.sort((a, b) => a - b)[1] < 1_000, took.join(", "));
  await board.until(id["11"], "CHECK NEEDED");
});

test("while it stands a cold call is refused with what must happen next, though both looks agree", async () => {
  for (const [phone, words] of [[armorer, "Hold to sign this look"], [second, "Hold to sign this look and call cold"]]) {
    await phone.go(`${phone.host}/w/${id["02"]}/check/full`);
    for (const one of ["Empty", "Empty", "Empty", "Empty", "Empty", "Empty", "Clear, rod"]) await phone.tap(one);
    await phone.hold(words);
    await phone.sees(/Your look is in|Call: |look: entered/);
  }
  await second.sees("Call: the record does not support it");
  const said = await second.answer();
  assert.match(said, /stop/i);
  assert.match(said, /Next: /);
  await board.until(id["02"], "CHECK NEEDED");
});

test("collecting goes on under the stop", async () => {
  await armorer.go(`${armorer.host}/w/${id["11"]}`);
  await armorer.tap(/^Collect$/);
  await armorer.sees("Collect: entered");
});

test("the signed-out phone that pressed lifts it; every weapon needs its look again", async () => {
  await stranger.tap("Lift my stop");
  await stranger.sees("Your stop is lifted");
  await board.page.locator("#set-stop").waitFor({ state: "hidden" });
  await board.until(id["10"], "CHECK NEEDED");
});

test("STOP works without a script, from the page, and is lifted there", async () => {
  const plain = await Phone.make({ javaScript: false });
  await plain.go(world.base);
  await plain.page.getByRole("button", { name: "STOP WORK" }).click();
  await plain.sees("It stands in the record.");
  await board.page.locator("#set-stop").waitFor({ state: "visible", timeout: 3_000 });
  await plain.page.getByRole("button", { name: "Lift my stop" }).click();
  await board.page.locator("#set-stop").waitFor({ state: "hidden" });
  await plain.close();
});

test("a key made from the link survives a reload, and the link is good once", async () => {
  await second.go(`${second.host}/`);
  await second.page.reload();
  await second.sees("first AD");
  await second.context.clearCookies();
  await second.go(`${second.host}/`);
  await second.page.locator(".pill.me").waitFor();
  const late = await Phone.make();
  await late.go(world.second);
  await late.sees("This link was used");
  assert.deepEqual(await late.audit(), []);
  await late.close();
});

test("no phone met a script error or a broken policy", () => {
  for (const phone of [armorer, second, stranger, board]) assert.deepEqual(phone.faults, []);
});
