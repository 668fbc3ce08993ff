// An administrator lets a performer in: the invitation is signed on one phone, its code opened on another.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Phone, close, demo } from "../world.js";

let world, administrator, performer, stranger, link;
const sent = [];

before(async () => {
  world = await demo();
  [administrator, performer, stranger] = [await Phone.make(), await Phone.make(), await Phone.make()];
  await administrator.enrol(world.administrator);
  administrator.page.on("request", (request) => request.url().endsWith("/api/statements") && sent.push(request.postData()));
});

after(async () => {
  await close();
  await world?.stop();
});

const gloves = async (phone) => {
  const small = (await phone.targets()).filter((one) => /ghost|hold-to/.test(one.cls) && !/leave/.test(one.cls) && (one.height < 72 || one.width < 72));
  assert.deepEqual(small, []);
  assert.deepEqual(await phone.audit(), []);
};

test("strangers read that the record is not for them, and see no empty heading", async () => {
  await stranger.go(world.base);
  await stranger.sees("The record is for people enrolled on this production.");
  const empty = await stranger.page.evaluate(() => [...document.querySelectorAll("h1, h2, h3, main .card")].filter((one) => one.checkVisibility() && one.textContent.trim() === "").length);
  assert.equal(empty, 0);
  assert.ok(!(await stranger.page.locator("main").innerText()).includes("Nothing entered yet"));
  await stranger.whole("invite-stranger-board");
});

test("nobody but an administrator is given the page", async () => {
  await stranger.go(`${world.base}/invite`);
  await stranger.sees("from the phone of an administrator");
  const armorer = await Phone.make();
  const host = await armorer.enrol(world.armorer);
  await armorer.go(`${host}/invite`);
  await armorer.sees("Only an administrator lets people in. Ask the producer.");
  await armorer.close();
});

test("from the board to a code in a few taps, and to a phone that is let in within 45 seconds", async () => {
  await administrator.go(administrator.host);
  await administrator.page.getByRole("link", { name: "Let someone in" }).click();
  await administrator.sees("What they answer for");
  await gloves(administrator);
  await administrator.whole("invite-form");
  const begun = Date.now();
  administrator.taps = 1; // the link on the board
  await administrator.tap("performer", { exact: true });
  assert.equal(await administrator.page.locator("#department-words").textContent(), "cast");
  await administrator.page.getByLabel("Role on the boards").fill("performer C");
  administrator.taps += 1;
  await administrator.tap("Sign and show the code");
  await administrator.sees("Code for performer C");
  await administrator.sees(/Good once, until \d\d:\d\d \w+\./);
  link = (await administrator.page.locator("#invited .url").textContent()).trim();
  assert.match(link, /^http:\/\/localhost:\d+\/enrol\/[0-9a-f]{64}$/);
  assert.equal(await administrator.page.locator("#invited svg.qr").count(), 1);
  await gloves(administrator);
  await administrator.whole("invite-code");
  await administrator.shot("invite-code-screen");

  await performer.enrol(link.replace("localhost", "phone4.localhost"));
  const took = Date.now() - begun;
  console.log(`let in: ${administrator.taps} taps of the administrator, 1 of the performer, ${took} ms`);
  assert.ok(took < 45_000);
  await administrator.sees("performer C is in");
  assert.equal(await administrator.page.locator("#invited svg.qr").count(), 0);
  await administrator.whole("invite-spent");
});

test("who was let in reads the board and the record of the enrolled", async () => {
  await performer.go(performer.host);
  await performer.sees("performer C");
  await performer.sees(/weapons out · armorer on duty/);
  await performer.page.locator("#excerpt time").first().waitFor();
  assert.equal(await performer.page.locator("body").getAttribute("data-viewer"), "enrolled");
  assert.equal(await performer.page.getByRole("link", { name: "Let someone in" }).count(), 0);
});

test("the link is good once, and its secret was in no statement of the administrator", async () => {
  const again = await Phone.make();
  await again.go(link);
  await again.sees("This link was used, or has run out.");
  await again.close();
  const secret = link.split("/").at(-1);
  assert.equal(sent.length, 1);
  const envelope = JSON.parse(Buffer.from(JSON.parse(sent[0]).envelope, "base64"));
  const payload = JSON.parse(Buffer.from(envelope.payload, "base64"));
  assert.equal(payload.kind, "people.invite");
  assert.equal(payload.open.role, "performer C");
  assert.ok(!JSON.stringify(payload).includes(secret));
});

test("a name is kept outside the record and shown to whoever enrols", async () => {
  await administrator.tap("Let someone else in");
  await administrator.tap("camera", { exact: true });
  await administrator.tap("1 hour");
  await administrator.page.getByLabel(/^Name/).fill("Someone Fictional");
  await administrator.tap("Sign and show the code");
  await administrator.sees("Code for Someone Fictional");
  assert.ok(!Buffer.from(JSON.parse(sent.at(-1)).envelope, "base64").toString().includes("Fictional"));
  const camera = await Phone.make({ dark: true });
  const second = (await administrator.page.locator("#invited .url").textContent()).trim();
  await camera.go(second.replace("localhost", "phone5.localhost"));
  await camera.sees("Someone Fictional");
  await camera.close();
});

test("no phone met a script error or a broken policy", () => {
  for (const phone of [administrator, performer, stranger]) assert.deepEqual(phone.faults, []);
});
