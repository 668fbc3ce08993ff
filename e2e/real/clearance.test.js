// Two people clear weapons on the program itself: Full, Reset and Line check, a mismatch, and taps counted.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Phone, close, demo } from "../world.js";

let world, armorer, second, board, id;

before(async () => {
  world = await demo();
  [armorer, second, board] = [await Phone.make(), await Phone.make({ width: 412 }), await Phone.make()];
  await armorer.enrol(world.armorer);
  await second.enrol(world.second);
  id = await board.tags(world.base);
});

after(async () => {
  await close();
  await world?.stop();
});

/** Both phones with the same check open, nothing tapped yet. */
async function openBoth(path) {
  await Promise.all([armorer.go(armorer.host + path), second.go(second.host + path)]);
  for (const phone of [armorer, second]) {
    await phone.page.locator("#check button").first().waitFor();
    phone.taps = 0;
  }
}

async function answers(phone, ...words) {
  for (const one of words) await phone.tap(one);
}

/** Opens an offer of the weapon's page, answers it in order, signs it. */
async function act(phone, tag, label, choices, sign) {
  await phone.go(`${phone.host}/w/${id[tag]}`);
  await phone.tap(label, { exact: true });
  for (const choice of choices) await phone.tap(choice);
  if (sign === "hold") await phone.hold(`Hold to sign: ${label}`);
  else if (sign === "tap") await phone.tap(`Sign: ${label}`);
  await phone.sees(new RegExp(`${label}: `, "i"));
}

test("loading six dummies is the armorer's look: with the second's it takes at most 20 taps to COLD", async () => {
  await Promise.all([armorer.go(`${armorer.host}/w/${id["01"]}`), second.go(`${second.host}/w/${id["01"]}/check/full`)]);
  await armorer.tap(/^Load$/);
  armorer.taps = second.taps = 0;
  await armorer.tap("D1");
  await armorer.page.getByLabel("Rounds put in").fill("6");
  armorer.taps += 2; // into the field, and the digit
  await answers(armorer, "Both", "Both", "Both", "Both", "Both", "Both", "Clear, rod");
  await armorer.hold("Hold to sign: load");
  await armorer.sees("Load: entered");
  await board.until(id["01"], "CHECK NEEDED");
  await answers(second, "Rattles", "Rattles", "Rattles", "Rattles", "Rattles", "Hole in the case", "Clear, light");
  await second.hold("Hold to sign this look and call cold");
  await board.until(id["01"], "COLD DUMMIES 6");
  console.log(`Loading and second look: ${armorer.taps} + ${second.taps} taps`);
  assert.ok(armorer.taps + second.taps <= 20, `${armorer.taps} + ${second.taps}`);
});

test("set down, it is COLD no more; a Full check with its six dummies then takes at most 18 taps on both phones, from two open check pages to COLD on the board", async () => {
  await act(armorer, "01", "Was out of sight or set down", []);
  await board.until(id["01"], "CHECK NEEDED");
  await act(armorer, "01", "Collect", []);
  await openBoth(`/w/${id["01"]}/check/full`);
  const begun = Date.now();
  await answers(armorer, "Rattles", "Rattles", "Both", "Hole in the case", "Rattles", "Rattles", "Clear, rod");
  await armorer.hold("Hold to sign this look");
  await armorer.sees("Your look is in");
  await answers(second, "Rattles", "Hole in the case", "Both", "Rattles", "Rattles", "Both", "Clear, light");
  await second.hold("Hold to sign this look and call cold");
  await board.until(id["01"], "COLD DUMMIES 6");
  console.log(`Full check: ${armorer.taps} + ${second.taps} taps, ${Date.now() - begun} ms`);
  assert.ok(armorer.taps + second.taps <= 18, `${armorer.taps} + ${second.taps}`);
  assert.deepEqual(await board.audit(), []);
});

test("COLD survives the hand-over to its named taker, and ends when the weapon is collected", async () => {
  await act(armorer, "01", "Hand over", ["performer A", "In words, now"], "hold");
  await board.page.waitForTimeout(1_000);
  await board.until(id["01"], "COLD DUMMIES 6");
  await second.go(`${second.host}/w/${id["01"]}`);
  await second.sees(/performer A, in sight/);
  await act(armorer, "01", "Collect", []);
  await board.until(id["01"], "CHECK NEEDED");
});

test("after that a Reset check takes at most 4 taps to COLD", async () => {
  await openBoth(`/w/${id["01"]}/check/reset`);
  const begun = Date.now();
  await armorer.tap("6 dummies");
  await armorer.hold("Hold to sign this look");
  await armorer.sees("Your look is in");
  await second.tap("6 dummies");
  await second.hold("Hold to sign this look and call cold");
  await board.until(id["01"], "COLD DUMMIES 6");
  console.log(`Reset check: ${armorer.taps} + ${second.taps} taps, ${Date.now() - begun} ms`);
  assert.ok(armorer.taps + second.taps <= 4, `${armorer.taps} + ${second.taps}`);
});

test("a Line of eight revolvers takes at most 30 taps to eight times COLD", async () => {
  await openBoth("/line");
  await armorer.sees("1 of 8");
  const begun = Date.now();
  for (const [phone, words] of [[armorer, "Hold to sign all 8 looks"], [second, "Hold to sign all 8 looks and call cold"]]) {
    for (let n = 0; n < 8; n++) await phone.tap("All empty");
    await phone.hold(words);
    await phone.sees(/Your looks?: entered|Call: /);
  }
  for (let n = 2; n <= 9; n++) await board.until(id[`0${n}`], "COLD EMPTY");
  console.log(`Line of eight: ${armorer.taps} + ${second.taps} taps, ${Date.now() - begun} ms`);
  assert.ok(armorer.taps + second.taps <= 30, `${armorer.taps} + ${second.taps}`);
});

test("no phone met a script error or a broken policy", () => {
  for (const phone of [armorer, second, board]) assert.deepEqual(phone.faults, []);
});
