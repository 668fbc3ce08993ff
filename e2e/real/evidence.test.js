// The record against its own node: a folder that is put back while the node is down, a copy checked when the node is gone,
// a photograph without what the camera wrote, a spare.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { faultsOf } from "../glove.js";
import { photograph } from "../photo.js";
import { Phone, Production, close } from "../world.js";

let set, phone;

const kept = (store) =>
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

/** Says something that is entered, and waits until the phone has checked its receipt. */
const say = async (words) => {
  await visit("/");
  await phone.tap("Raise a concern");
  await phone.tap("No", { exact: true });
  await phone.page.getByLabel("In your words").fill(words);
  await phone.tap("Sign: raise a concern");
  await phone.sees("Raise a concern: entered");
  for (let n = 0; n < 60; n++) {
    if ((await kept("receipts")).every((one) => one.proof)) return;
    await phone.page.waitForTimeout(100);
  }
  throw new Error("a receipt was not checked");
};

/** A node that started again knows no visits. */
const visit = (path) => phone.visit(path);

const save = async (words, role = "button") => {
  const [download] = await Promise.all([phone.page.waitForEvent("download"), phone.page.getByRole(role, { name: words }).first().click()]);
  const path = join(set.folder, download.suggestedFilename());
  await download.saveAs(path);
  return path;
};

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

test("each signature leaves a receipt that the phone has checked, the enrolment too", async () => {
  await say("the rack stands open");
  await say("the rack is shut");
  const receipts = await kept("receipts");
  assert.deepEqual(receipts.map((one) => one.kind).sort(), ["concern.raise", "concern.raise", "people.enrol"]);
});

test("a photograph is sent without the place that the camera wrote, shown beside the record, and is in the folder as sent", async () => {
  const jpeg = await photograph(phone);
  await phone.go(`${phone.host}/record`);
  await phone.tap("Add a photograph, video or document");
  await phone.page.getByLabel("The file").setInputFiles({ name: "IMG_7.jpg", mimeType: "image/jpeg", buffer: jpeg });
  await phone.page.getByLabel("Take out what the camera wrote").check();
  await phone.tap("Sign and send");
  await phone.sees("Add a file: entered");
  const picture = phone.page.locator("a.file img").first();
  await picture.waitFor();
  const path = await picture.getAttribute("src");
  const given = await phone.page.evaluate(async (path) => [...new Uint8Array(await (await fetch(path)).arrayBuffer())], path);
  const bytes = Buffer.from(given);
  assert.equal(createHash("sha256").update(bytes).digest("hex"), path.split("/").at(-1));
  assert.ok(!bytes.includes("GPS") && !bytes.includes("thumbnail"));
  for (const file of readdirSync(set.data, { recursive: true, withFileTypes: true })) {
    if (file.isFile()) assert.ok(!readFileSync(join(file.parentPath ?? file.path, file.name)).includes("GPS-N35"), file.name);
  }
  await phone.whole("real-record-files");
});

test("one's own copy holds after the node is gone, and so does the one that the phone makes alone", async () => {
  await phone.go(`${phone.host}/record`);
  const mine = await save("Take my copy", "link");
  await phone.go(`${phone.host}/held`);
  await phone.sees("receipts");
  await set.end();
  renameSync(set.data, `${set.data}-away`);
  const alone = await save("Download what this phone holds");
  for (const [path, least] of [[mine, 4], [alone, 4]]) {
    const said = await set.run("verify", path);
    assert.match(said.out, /^holds\n/, `${path}: ${said.out}${said.error}`);
    assert.equal(said.code, 0);
    const entries = Number(/^entries (\d+)/m.exec(said.out)[1]);
    assert.ok(entries >= least, said.out);
  }
  for (const path of [mine, alone]) {
    const bytes = readFileSync(path);
    bytes[Math.floor(bytes.length / 2)] ^= 1;
    writeFileSync(`${path}.turned`, bytes);
    const said = await set.run("verify", `${path}.turned`);
    assert.match(said.out, /^fault /, said.out);
  }
  renameSync(`${set.data}-away`, set.data);
});

test("a folder put back to an older copy while the node was down is found by the phone, and the node stops for good", async () => {
  cpSync(set.data, `${set.data}-old`, { recursive: true });
  await set.serve();
  await say("seen after the copy was made");
  await set.end();
  rmSync(set.data, { recursive: true });
  renameSync(`${set.data}-old`, set.data);
  await set.serve();
  await phone.go(phone.host);
  await phone.sees(/no longer contains what this phone was told at \d\d:\d\d/, 15_000);
  await phone.sees("THE RECORD HAS STOPPED", 15_000);
  const told = await phone.page.locator("#frozen").textContent();
  assert.match(told, /rolled back/);
  await phone.whole("real-frozen");
  assert.deepEqual(await faultsOf(phone, "/", 360), []);
  await visit("/");
  await phone.tap("Raise a concern");
  await phone.tap("No", { exact: true });
  await phone.page.getByLabel("In your words").fill("while it is stopped");
  await phone.tap("Sign: raise a concern");
  await phone.sees(/not entered|not sent yet/);
  // Nobody needs to be told again: it is kept.
  await set.end();
  await set.serve();
  const stranger = await Phone.make({ dark: true });
  for (const path of ["/", "/record", "/stop"]) {
    await stranger.go(set.base + path);
    await stranger.sees("THE RECORD HAS STOPPED");
  }
  await stranger.whole("real-frozen-dark");
  await stranger.tap("STOP WORK");
  await stranger.sees("Call it out now");
  await stranger.close();
});

test("while it is stopped, one's own copy is had and holds", async () => {
  await visit("/record");
  const mine = await save("Take my copy", "link");
  const said = await set.run("verify", mine);
  assert.match(said.out, /^holds\n/, said.out + said.error);
  assert.ok(existsSync(mine));
});

test("no page met a script error or a broken policy", () => assert.deepEqual(phone.faults, []));
