// Photographs, video and documents from a phone: hashed there, what the camera wrote taken out, a lost link survived.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { faultsOf } from "../glove.js";
import { photograph, scan } from "../photo.js";
import { Phone, close, fixture } from "../world.js";

const id = (words) => createHash("sha256").update(words).digest("hex");
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
let world, phone;
/** Names and bytes that went out. */
const sent = new Map();

before(async () => {
  world = await fixture();
  phone = await Phone.make();
  await phone.enrol(world.armorer);
  phone.page.on("request", (request) => {
    const name = /\/api\/attachments\/(\w+)/.exec(request.url())?.[1];
    const piece = request.method() === "PUT" ? request.postDataBuffer() : null;
    if (name && piece) sent.set(name, Buffer.concat([sent.get(name) ?? Buffer.alloc(0), piece]));
  });
});

after(async () => {
  await close();
  await world?.stop();
});

const choose = async (name, mimeType, buffer) => {
  await phone.go(`${phone.host}/w/${id("07")}`);
  await phone.tap("Add a photograph, video or document");
  await phone.page.getByLabel("The file").setInputFiles({ name, mimeType, buffer });
};

const send = async () => {
  sent.clear();
  await phone.tap("Sign and send");
  await phone.sees("Add a file: entered", 20_000);
};

const camera = () => phone.page.getByLabel("Take out what the camera wrote");

test("the hash made on the phone is that of another program, for every length around a block and a piece", async () => {
  for (const length of [1, 55, 56, 63, 64, 65, 119, 120, 128, 1_048_575, 1_048_577, 2_500_000]) {
    const bytes = randomBytes(length);
    await choose("list.bin", "application/octet-stream", bytes);
    await send();
    assert.deepEqual([...sent.keys()], [sha256(bytes)], String(length));
    assert.ok(bytes.equals(sent.get(sha256(bytes))), String(length));
  }
});

test("what the camera wrote leaves the phone unless it is taken out, and then nothing of it does", async () => {
  const jpeg = await photograph(phone);
  assert.match(scan(jpeg), /Exif.*GPS-N35.*thumbnail.*caption.*trailer/s);
  await choose("IMG_2231.jpg", "image/jpeg", jpeg);
  assert.equal(await camera().isChecked(), false);
  await camera().check();
  await phone.whole("phone-attach");
  assert.deepEqual(await faultsOf(phone, "attach", 360), []);
  await send();
  const [[name, bytes]] = [...sent];
  assert.equal(name, sha256(bytes));
  for (const trace of ["GPS", "N35", "thumbnail", "caption", "trailer", "Camera Maker"]) assert.ok(!bytes.includes(trace), trace);
  // The same picture, and the same way up.
  const [before, after] = [await size(jpeg), await size(bytes)];
  assert.deepEqual(after, before);
  assert.deepEqual(after, [60, 80]);
  await phone.page.locator(`a.file img[src="/api/attachments/${name}"]`).first().waitFor();
  const drawn = await phone.page.locator(`a.file img[src="/api/attachments/${name}"]`).first().evaluate((image) => image.decode().then(() => image.naturalWidth));
  assert.equal(drawn, 60);
});

/** Width and height as a browser draws it, turned as the photograph says. */
const size = (bytes) =>
  phone.page.evaluate(async (list) => {
    const image = await createImageBitmap(new Blob([Uint8Array.from(list)], { type: "image/jpeg" }));
    return [image.width, image.height];
  }, [...bytes]);

test("the original goes along, under its own hash, only when the person says so", async () => {
  const jpeg = await photograph(phone);
  await choose("IMG_2231.jpg", "image/jpeg", jpeg);
  await camera().check();
  await phone.page.getByLabel("Send the original too").check();
  await send();
  // The stripped one is there already, so that only the original is sent.
  assert.deepEqual([...sent.keys()], [sha256(jpeg)]);
  assert.ok(sent.get(sha256(jpeg)).equals(jpeg));
});

test("of a video nothing can be taken out: it is said, and nothing is sent before the person decides", async () => {
  await choose("take 3.mp4", "video/mp4", randomBytes(5_000));
  await camera().check();
  sent.clear();
  await phone.tap("Sign and send");
  await phone.sees("Untick that to send this file as it is");
  assert.equal(sent.size, 0);
  await camera().uncheck();
  await send();
  assert.equal(sent.size, 1);
});

test("a broken photograph is not sent half stripped", async () => {
  const jpeg = await photograph(phone);
  await choose("half.jpg", "image/jpeg", jpeg.subarray(0, 700));
  await camera().check();
  sent.clear();
  await phone.tap("Sign and send");
  await phone.sees("This is not a whole JPEG photograph");
  assert.equal(sent.size, 0);
});

test("a link that is lost in the middle costs a wait, and the pieces that came through are not sent again", async () => {
  const bytes = randomBytes(5_400_000);
  const name = sha256(bytes);
  let pieces = 0;
  await phone.page.route("**/api/attachments/**", async (route) => {
    const length = route.request().postDataBuffer()?.length ?? 0;
    pieces += length > 0 ? 1 : 0;
    // The third piece never arrives; the fourth arrives, and its answer is lost.
    if (pieces === 3 && length > 0) return route.abort("connectionfailed");
    if (pieces === 4 && length > 0) {
      // Under the name that this program can resolve.
      const headers = { ...(await route.request().allHeaders()), origin: world.base, host: new URL(world.base).host };
      const answer = await fetch(route.request().url().replace(phone.host, world.base), { method: "PUT", headers, body: route.request().postDataBuffer() });
      assert.equal(answer.status, 200);
      return route.abort("connectionreset");
    }
    return route.continue();
  });
  await choose("take 4.mov", "video/quicktime", bytes);
  sent.clear();
  await phone.tap("Sign and send");
  await phone.sees("No link. It goes on by itself");
  await phone.sees("Add a file: entered", 20_000);
  await phone.page.unroute("**/api/attachments/**");
  // Six pieces, and one of them twice.
  assert.equal(pieces, 7);
  const [download] = await Promise.all([phone.page.waitForEvent("download"), phone.page.locator(`a.file[href="/api/attachments/${name}"]`).first().click()]);
  const { readFileSync } = await import("node:fs");
  assert.ok(readFileSync(await download.path()).equals(bytes));
});

test("beside a concern or an account the photograph is stripped unless that is unticked", async () => {
  await phone.page.evaluate(() => {
    const offer = { kind: "concern.raise", kv: 1, open: false, report: true, label: "Raise a concern", sentence: "", known: { words: "the rack" }, fields: [], hold: false, go: "" };
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Raise a concern" });
    button.dataset.offer = JSON.stringify(offer);
    document.querySelector("main").prepend(button);
  });
  await phone.tap("Raise a concern");
  await phone.sees("Raise a concern: entered");
  await phone.page.locator("#answer [data-attach]").click();
  assert.equal(await camera().isChecked(), true);
});

test("no page met a script error or a broken policy", () => assert.deepEqual(phone.faults, []));
