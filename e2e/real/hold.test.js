// Two looks that differ hold the weapon, and how that ends; the cart screen, where a person signs with their own PIN.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Phone, close, demo } from "../world.js";

const FIVE = ["Both", "Both", "Both", "Both", "Both", "Empty", "Clear, rod"];
let world, armorer, second, board, cart, id;

before(async () => {
  world = await demo();
  [armorer, second, board] = [await Phone.make(), await Phone.make(), await Phone.make()];
  cart = await Phone.make({ width: 1280, height: 860 });
  await armorer.enrol(world.armorer);
  await second.enrol(world.second);
  id = await board.tags(world.base);
});

after(async () => {
  await close();
  await world?.stop();
});

async function look(phone, tag, answers, words = "Hold to sign this look") {
  await phone.go(`${phone.host}/w/${id[tag]}/check/full`);
  await phone.page.locator("#check button").first().waitFor();
  const again = phone.page.getByRole("button", { name: "Look again" });
  if (await again.isVisible()) await again.click();
  for (const one of answers) await phone.tap(one);
  await phone.hold(words);
}

/** Opens the cart screen for one person. */
async function sit(who) {
  await cart.go(world.cart);
  await cart.tap(who);
  await cart.page.getByLabel("PIN of").fill(world.pin);
  await cart.tap("Open the screen");
  await cart.page.waitForURL(`${world.base}/`);
}

async function endHold(phone, tag, words) {
  await phone.go(`${phone.host}/w/${id[tag]}`);
  await phone.tap("End the HOLD");
  await phone.page.getByLabel("What differed").fill(words);
  await phone.hold("Hold to sign: end the HOLD");
}

test("looks that differ become HOLD on the board, with the reason and the next step", async () => {
  await armorer.go(`${armorer.host}/w/${id["01"]}`);
  await armorer.tap(/^Load$/);
  await armorer.tap("D1");
  await armorer.page.getByLabel("Rounds put in").fill("5");
  for (const one of FIVE) await armorer.tap(one);
  await armorer.hold("Hold to sign: load");
  await armorer.sees("Load: entered");
  await look(second, "01", ["Both", "Both", "Both", "Both", "Both", "Both", "Clear, rod"], "Hold to sign this look and call cold");
  await board.until(id["01"], "HOLD");
  const card = await board.page.locator(`[data-weapon="${id["01"]}"]`).innerText();
  assert.match(card, /Two looks did not agree/);
  assert.match(card, /Next: .*both looks again/i);
  assert.match(await board.page.locator("#board .word").first().innerText(), /HOLD/, "what is held stands first");
});

test("the same two people looking again do not end it", async () => {
  await look(armorer, "01", FIVE);
  await armorer.sees("Your look is in");
  await look(second, "01", FIVE, "Hold to sign this look and call cold");
  await second.sees(/Both looks are in|looks: entered|look: entered/);
  await endHold(armorer, "01", "The first count of six was wrong.");
  await armorer.sees(/does not support it/);
  assert.match(await armorer.answer(), /new/i);
  await board.until(id["01"], "HOLD");
});

test("both looks repeated whole, one by somebody new at the cart screen, and a sentence on what differed, end it", async () => {
  await look(armorer, "01", FIVE);
  await armorer.sees("Your look is in");
  await sit("property master");
  await cart.go(`${world.base}/w/${id["01"]}/check/full`);
  for (const one of FIVE) await cart.tap(one);
  await cart.page.getByLabel("Your PIN").fill(world.pin);
  await cart.hold("Hold to sign this look");
  await cart.page.waitForURL(`${world.base}/cart`);
  assert.ok(!/Your look|5 ×/.test(await cart.page.content()));
  await board.until(id["01"], "HOLD");
  await endHold(armorer, "01", "The first AD counted the empty chamber as a dummy.");
  await armorer.sees(/End the HOLD: entered/i);
  await board.until(id["01"], "CHECK NEEDED");
  // The first AD, who miscounted, has to look as well before it is called.
  await look(armorer, "01", FIVE);
  await armorer.sees("Your look is in");
  await look(second, "01", FIVE, "Hold to sign this look and call cold");
  await board.until(id["01"], "COLD DUMMIES 5");
});

test("all four looks stay in the record", async () => {
  await second.go(`${second.host}/w/${id["01"]}`);
  await second.sees("The first AD counted the empty chamber as a dummy.");
  const text = await second.page.innerText("main");
  assert.ok((text.match(/looked into 01/g) ?? []).length >= 4, text);
});

test("a wrong PIN signs nothing at the cart screen", async () => {
  await cart.go(world.cart);
  await cart.tap("armorer");
  await cart.page.getByLabel("PIN of").fill("000000");
  await cart.tap("Open the screen");
  await cart.page.waitForFunction(() => document.querySelector("#cart-said")?.textContent);
  assert.ok(cart.page.url().endsWith("/cart"));
});

test("no phone met a script error or a broken policy", () => {
  for (const phone of [armorer, second, board, cart]) assert.deepEqual(phone.faults, []);
});
