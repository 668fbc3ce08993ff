// What a phone holds: receipts that it checks itself, a record that was put back under it, a spare that goes on from a copy.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, beforeEach, test } from "node:test";
import { faultsOf } from "../glove.js";
import { Phone, close, fixture } from "../world.js";

const id = (words) => createHash("sha256").update(words).digest("hex");
const COLD = `[data-weapon="${id("11")}"] .word`;
let world, phone;

/** What the phone keeps, as it keeps it. */
const kept = (phone, store) =>
  phone.page.evaluate(
    (store) =>
      new Promise((resolve, reject) => {
        const request = indexedDB.open("coldproof");
        request.onerror = () => reject(request.error);
        request.onsuccess = () => {
          const all = request.result.transaction(store).objectStore(store).getAll();
          all.onsuccess = () => (request.result.close(), resolve(all.result));
        };
      }),
    store,
  );

const sign = async (phone) => {
  await phone.go(`${phone.host}/w/${id("07")}`);
  await phone.tap("Eyes on");
  await phone.sees("Eyes on: entered");
};

const proved = async (phone, count) => {
  for (let n = 0; n < 40; n++) {
    if ((await kept(phone, "receipts")).filter((one) => one.proof).length >= count) return;
    await phone.page.waitForTimeout(150);
  }
  throw new Error(`no proof: ${JSON.stringify(await kept(phone, "receipts"))}`);
};

before(async () => {
  world = await fixture();
});

beforeEach(async () => {
  if (!phone) {
    phone = await Phone.make();
    await phone.enrol(world.armorer);
  }
});

after(async () => {
  await close();
  await world?.stop();
});

test("after each signature the phone keeps a proof that it has checked, and the last head", async () => {
  await sign(phone);
  await sign(phone);
  await proved(phone, 2);
  const [known] = await kept(phone, "known");
  assert.equal(known.logKey.length, 64);
  assert.equal(known.missing, undefined);
  const sizes = (await kept(phone, "receipts")).map((one) => one.proved);
  assert.deepEqual(sizes.sort(), [6, 7]);
  assert.ok(known.last.size >= 7);
  assert.match(known.last.note, /^fixture\.coldproof\.example\/log\n\d+\n/);
});

test("the page lists what the phone holds and saves it without the node's help, all proofs at one head", async () => {
  await phone.go(`${phone.host}/held`);
  await phone.sees("2 receipts");
  await phone.sees("Weapon: eyes on");
  const [download] = await Promise.all([phone.page.waitForEvent("download"), phone.tap("Download what this phone holds")]);
  const bytes = readFileSync(await download.path());
  assert.match(download.suggestedFilename(), /^phone-copy-\d+\.zip$/);
  const names = [...bytes.toString("latin1").matchAll(/PK\x01\x02.{42}([\x20-\x7e]+?)(?=PK)/gs)].map((found) => found[1]);
  for (const name of ["checkpoint", "first.entry", "keys/log.vkey", "manifest.json", "receipts/0.tlog-proof", "entries/5.entry", "entries/5.body", "entries/5.salt", "receipts/6.tlog-proof"]) assert.ok(names.includes(name), `${name} in ${names}`);
  const heads = new Set((await kept(phone, "receipts")).map((one) => one.proof.split("\n\n")[1]));
  assert.equal(heads.size, 1);
  assert.deepEqual(await faultsOf(phone, "/held", 360), []);
  await phone.whole("phone-held");
});

test("a phone without a key checks heads too and holds no receipts", async () => {
  const stranger = await Phone.make();
  await stranger.go(`http://phone8.localhost:${world.port}/held`);
  await stranger.sees("Nothing was signed on this phone yet.");
  await stranger.sees("Last head seen and checked");
  await stranger.close();
});

test("a record put back to an older copy: the phone says so on every page, draws no COLD, and the node stops", async () => {
  await phone.go(phone.host);
  await phone.page.waitForFunction((at) => document.querySelector(at)?.textContent === "COLD EMPTY", COLD);
  await world.say("back 4\n");
  await phone.sees("This node’s record no longer contains what this phone was told at", 8_000);
  await phone.page.waitForFunction((at) => document.querySelector(at)?.textContent === "CHECK NEEDED", COLD);
  const words = await phone.page.locator("#board .word").allTextContents();
  assert.ok(words.every((word) => !/COLD|CANNOT|DULL|LOCKED/.test(word)), words.join());
  await phone.sees("THE RECORD HAS STOPPED");
  await phone.whole("phone-missing");
  for (const path of [`/w/${id("11")}`, "/record", "/held", "/stop"]) {
    await phone.go(phone.host + path);
    await phone.sees("Everything needs a check. Keep this phone.");
    await phone.sees("STOP, reading and your own copy go on working");
    assert.deepEqual(await faultsOf(phone, path, 360), []);
  }
  // A phone that never signed hears it from the node.
  const stranger = await Phone.make({ dark: true });
  await stranger.go(world.base);
  await stranger.sees("THE RECORD HAS STOPPED");
  await stranger.until(id("11"), "CHECK NEEDED");
  await stranger.whole("dark-frozen");
  await stranger.close();
  const [known] = await kept(phone, "known");
  assert.equal(known.missing.shown, true);
});

test("while it is stopped a stop acts, and one's own copy is had", async () => {
  await phone.go(phone.host);
  const [download] = await Promise.all([phone.page.waitForEvent("download"), phone.page.getByRole("link", { name: "Take my copy" }).first().click()]);
  assert.match(download.suggestedFilename(), /\.zip$/);
  await phone.tap("STOP WORK");
  await phone.sees("Call it out now");
});

test("after a take-over the phone offers what the lost node acknowledged, and sends it once", async () => {
  await world.say("takeover 4\n");
  await phone.page.waitForTimeout(500);
  await phone.go(`${phone.host}/held`);
  await phone.sees("2 statements that the lost node acknowledged to this phone are not in its record.", 10_000);
  await phone.sees("A spare went on from a copy of this record.");
  await phone.whole("phone-lost");
  await phone.tap("Send them again");
  await phone.page.waitForFunction(() => !document.querySelector("#held-list .lost") && document.querySelector("#held").hidden, undefined, { timeout: 10_000 }).catch(async () => {
    await phone.whole("phone-lost-after");
    throw new Error(JSON.stringify([await kept(phone, "known"), (await kept(phone, "receipts")).map((one) => [one.epoch, one.index, one.again])]));
  });
  await proved(phone, 2);
  const receipts = await kept(phone, "receipts");
  assert.ok(receipts.every((one) => one.epoch === 1));
  const [known] = await kept(phone, "known");
  assert.equal(known.missing, undefined);
  await phone.go(phone.host);
  await phone.page.waitForFunction((at) => document.querySelector(at)?.textContent === "COLD EMPTY", COLD);
});

test("no page met a script error or a broken policy", () => assert.deepEqual(phone.faults, []));
