// The set's laptop is gone. A spare goes on from the stick, and a phone gives it what the lost node took along.

import assert from "node:assert/strict";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { faultsOf } from "../glove.js";
import { Phone, Production, close } from "../world.js";

let set, phone;

const visit = (path) => phone.visit(path);

const say = async (words) => {
  await visit("/");
  await phone.tap("Raise a concern");
  await phone.tap("No", { exact: true });
  await phone.page.getByLabel("In your words").fill(words);
  await phone.tap("Sign: raise a concern");
  await phone.sees("Raise a concern: entered");
  await phone.page.waitForTimeout(1_000);
};

const entries = async (data) => Number(/^size (\d+)/m.exec((await set.run("verify", data)).out)?.[1] ?? Number.NaN);

before(async () => {
  set = await Production.make();
  await set.serve();
  phone = await Phone.make();
  await phone.enrol(set.administrator);
});

after(async () => {
  await close();
  await set?.remove();
});

test("a spare goes on from the stick; the phone says what it lacks and sends it again, once", async () => {
  await say("on the stick");
  const [stick, key, spare] = ["stick", "key.txt", "spare"].map((name) => join(set.folder, name));
  mkdirSync(stick);
  const made = await set.run("backup", "--data", set.data, "--to", stick, "--new-key", key);
  assert.equal(made.code, 0, made.error);
  await say("not on the stick, first");
  await say("not on the stick, second");
  await set.end();

  const begun = Date.now();
  const [file] = readdirSync(stick).filter((name) => !name.startsWith("."));
  const taken = await set.run("takeover", join(stick, file), "--identity", key, "--to", spare, "--why", "the laptop was taken away");
  assert.equal(taken.code, 0, taken.error);
  await set.serve(spare);
  await visit("/held");
  await phone.sees("2 statements that the lost node acknowledged to this phone are not in its record.", 20_000);
  console.log(`the spare serves and the phone knows what it lacks after ${Date.now() - begun} ms`);
  await phone.sees("A spare went on from a copy of this record.");
  assert.equal(await phone.page.locator("#frozen").isHidden(), true);
  // It took the spare's word for that from the log's own signature, not from a number beside it.
  const known = await phone.page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const request = indexedDB.open("coldproof");
        request.onerror = () => reject(request.error);
        request.onsuccess = () => {
          const all = request.result.transaction("known").objectStore("known").getAll();
          all.onsuccess = () => (request.result.close(), resolve(all.result));
        };
      }),
  );
  assert.deepEqual(known.map((one) => [one.signsEpoch, one.last.epoch]), [[true, 1]]);
  assert.deepEqual(await faultsOf(phone, "/held", 360), []);
  await phone.whole("real-takeover");
  await phone.tap("Send them again");
  await phone.page.waitForFunction(() => !document.querySelector("#held-list .lost") && document.querySelector("#held").hidden, undefined, { timeout: 15_000 });
  await visit("/record");
  const lines = await phone.page.locator(".record .line").allTextContents();
  assert.equal(lines.filter((line) => /concern was raised/i.test(line)).length, 3, lines.join(" | "));
  await set.end();
  const size = await entries(spare);
  assert.ok(size > 0);
  // Opened once more, nothing is left to send.
  await set.serve(spare);
  await visit("/held");
  await phone.sees("Last head seen and checked");
  await phone.page.waitForTimeout(1_500);
  assert.equal(await phone.page.locator("#held-list .lost").count(), 0);
  await set.end();
  assert.equal(await entries(spare), size + 1);
});

test("no page met a script error or a broken policy", () => assert.deepEqual(phone.faults, []));
