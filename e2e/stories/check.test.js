// Two phones clear a weapon without seeing each other's answers.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { Phone, close, fixture } from "../world.js";

const id = (words) => createHash("sha256").update(words).digest("hex");
let world, armorer, second, one, two;

before(async () => {
  world = await fixture();
  [armorer, second] = [await Phone.make(), await Phone.make({ width: 412 })];
  for (const [phone, link] of [[armorer, world.armorer], [second, world.second]]) {
    await phone.go(link);
    await phone.tap("Make the key");
    await phone.sees("This phone signs for you");
  }
  [one, two] = [new URL(world.armorer).origin, new URL(world.second).origin];
});

after(async () => {
  await close();
  await world?.stop();
});

/** Both phones with the same check open, nothing tapped yet. */
async function openBoth(path) {
  await Promise.all([armorer.go(one + path), second.go(two + path)]);
  for (const phone of [armorer, second]) {
    await phone.page.locator("#check button").first().waitFor();
    phone.taps = 0;
    phone.heard.length = 0;
  }
}

async function until(phone, weapon, words, timeout = 8_000) {
  await phone.page.waitForFunction(([weapon, words]) => document.querySelector(`[data-weapon="${weapon}"] .word`)?.textContent === words, [weapon, words], { timeout });
}

test("a Full check of a six-shot revolver with dummies takes at most 18 taps on both phones, and COLD is on the board", async () => {
  const board = await Phone.make();
  await board.go(world.base);
  await openBoth(`/w/${id("07")}/check/full`);
  for (const answer of ["Rattles", "Rattles", "Both", "Hole in case", "Rattles", "Rattles", "Clear, light"]) await armorer.tap(answer);
  await armorer.hold("Hold to sign this look");
  await armorer.sees("Your look is in");
  for (const answer of ["Rattles", "Hole in case", "Both", "Rattles", "Rattles", "Both", "Clear, rod"]) await second.tap(answer);
  await second.shot("story-second-sign");
  await second.hold("Hold to sign this look and call cold");
  await until(board, id("07"), "COLD DUMMIES 6");
  assert.ok(armorer.taps + second.taps <= 18, `${armorer.taps} + ${second.taps}`);
  console.log(`Full check: ${armorer.taps} + ${second.taps} taps`);
  await board.whole("story-board-cold");
  await second.shot("story-second-called");
  assert.deepEqual(await board.audit(), []);
  await board.close();
});

test("a Reset check takes at most 4 taps, and its COLD runs out on the board without a reload", async () => {
  const board = await Phone.make();
  await board.go(world.base);
  await openBoth(`/w/${id("13")}/check/reset`);
  await armorer.tap("6 dummies");
  await armorer.hold("Hold to sign this look");
  await armorer.sees("Your look is in");
  await second.tap("6 dummies");
  await second.hold("Hold to sign this look and call cold");
  await until(board, id("13"), "COLD DUMMIES 6");
  const marked = await board.page.evaluate(() => (globalThis.mark = Math.random()));
  assert.match(await board.page.locator(`[data-weapon="${id("13")}"] .left`).textContent(), /^0:0\d left$/);
  assert.ok(armorer.taps + second.taps <= 4, `${armorer.taps} + ${second.taps}`);
  console.log(`Reset check: ${armorer.taps} + ${second.taps} taps`);
  await until(board, id("13"), "CHECK NEEDED", 12_000);
  assert.equal(await board.page.evaluate(() => globalThis.mark), marked);
  await board.close();
});

test("a Line of eight takes at most 30 taps", async () => {
  await openBoth("/line");
  for (const phone of [armorer, second]) {
    for (let n = 0; n < 8; n++) await phone.tap("6 dummies");
    await phone.hold("Hold to sign all 8 looks");
    await phone.page.getByText(/Your look is in|Call: entered/).first().waitFor();
  }
  for (let n = 1; n <= 8; n++) {
    const board = second.page.context();
    const page = await board.newPage();
    await page.goto(two);
    await page.waitForFunction((weapon) => document.querySelector(`[data-weapon="${weapon}"] .word`)?.textContent.startsWith("COLD"), id(`4${n}`));
    await page.close();
  }
  assert.ok(armorer.taps + second.taps <= 30, `${armorer.taps} + ${second.taps}`);
  console.log(`Line of eight: ${armorer.taps} + ${second.taps} taps`);
});

test("a mismatch becomes HOLD, and the second heard nothing of the first answers", async () => {
  await openBoth(`/w/${id("14")}/check/full`);
  for (const answer of ["Both", "Both", "Both", "Both", "Both", "Empty", "Clear, rod"]) await armorer.tap(answer);
  await armorer.hold("Hold to sign this look");
  await armorer.sees("Your look is in");
  await second.page.waitForTimeout(500);
  for (const { url, text } of second.heard) assert.ok(!/"features":\["hole","rattle"\]\}\]|"seen"/.test(text), url);
  for (const answer of ["Rattles", "Rattles", "Rattles", "Rattles", "Rattles", "Rattles", "Clear, rod"]) await second.tap(answer);
  await second.hold("Hold to sign this look and call cold");
  await until(second, id("14"), "HOLD");
});

test("lifting early signs nothing, and those who cannot hold type the tag instead", async () => {
  await openBoth(`/w/${id("12")}/check/reset`);
  await armorer.tap("All empty");
  const sent = armorer.page.waitForRequest(/api\/statements/, { timeout: 3_000 }).then(() => true, () => false);
  await armorer.hold("Hold to sign this look", 1_400);
  assert.equal(await sent, false);
  await armorer.page.keyboard.press("Tab");
  await armorer.page.getByText("Cannot hold? Type instead").press("Enter");
  await armorer.page.getByLabel("Type 12").fill("12");
  await armorer.page.keyboard.press("Enter");
  await armorer.sees("Your look is in");
});

test("the primary control of each step lies in the lower part of a 360 by 800 phone and needs no scroll", async () => {
  await openBoth(`/w/${id("07")}/check/full`);
  const inReach = async (words) => {
    const box = await armorer.page.getByRole("button", { name: new RegExp(words, "i") }).first().boundingBox();
    assert.ok(box.y >= 320 && box.y + box.height <= 800 - 96, `${words}: ${box.y}..${box.y + box.height}`);
  };
  for (let n = 0; n < 6; n++) {
    for (const words of ["Rattles", "Hole in case", "Neither", "Could not see"]) await inReach(words);
    await armorer.tap("Empty");
  }
  await inReach("Clear, light");
  await armorer.tap("Clear, light");
  await inReach("Hold to sign");
});

test("hidden in the middle of a phase asks whether it left hands or sight, and Yes clears the answers", async () => {
  await openBoth(`/w/${id("07")}/check/full`);
  await armorer.tap("Rattles");
  const hide = (state) => armorer.page.evaluate((state) => {
    Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);
  await hide("hidden");
  await hide("visible");
  await armorer.sees("Did it leave your hands or sight?");
  await armorer.tap("No", { exact: true });
  await armorer.sees("1 of 6 entered");
  await hide("hidden");
  await hide("visible");
  await armorer.tap("Yes", { exact: true });
  await armorer.sees("0 of 6 entered");
});

test("a refusal gives each reason as a sentence, what must happen next, who does it, and the force of its source", async () => {
  await armorer.go(`${one}/w/${id("07")}`);
  await armorer.tap("Hand over");
  await armorer.tap("Performer C");
  await armorer.hold("Hold to sign");
  await armorer.sees("The weapon is not in the handler's hands.");
  await armorer.sees("Next: collect it, then look again — armorer");
  await armorer.sees("guideline, not law");
});

test("at the cart each signs with their own PIN, and nothing of the first is there for the next", async () => {
  const cart = await Phone.make({ width: 1024, height: 768 });
  await cart.go(`${world.base}/cart`);
  await cart.tap("Armorer");
  await cart.page.getByLabel("PIN of").fill("246810");
  await cart.tap("Open the screen");
  await cart.page.waitForURL(`${world.base}/`);
  await cart.go(`${world.base}/w/${id("07")}/check/reset`);
  await cart.tap("All empty");
  await cart.page.getByLabel("Your PIN").fill("246810");
  await cart.hold("Hold to sign this look");
  await cart.page.waitForURL(`${world.base}/cart`);
  assert.ok(!(await cart.page.content()).includes("All empty"));
  assert.equal((await cart.context.cookies()).filter((one) => one.name === "coldproof_visit").length, 0);
  await cart.close();
});

test("no phone met a script error or a broken policy", () => {
  for (const phone of [armorer, second]) assert.deepEqual(phone.faults, []);
});
