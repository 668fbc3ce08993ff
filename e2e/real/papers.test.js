// A paper is shown on the set page, stands in the record, and is ended; a declaration is one tap.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Phone, close, demo } from "../world.js";

let world, armorer, second;

before(async () => {
  world = await demo();
  [armorer, second] = [await Phone.make(), await Phone.make()];
  await armorer.enrol(world.armorer);
  await second.enrol(world.second);
});

after(async () => {
  await close();
  await world?.stop();
});

const record = async (phone) => {
  await phone.go(`${phone.host}/record`);
  return phone.page.locator("main").innerText();
};

test("whoever answers for it shows a paper with its end, and ends it again", async () => {
  const { page, host } = armorer;
  await armorer.go(`${host}/`);
  await armorer.tap("Show a paper of the production");
  const panel = page.getByRole("region", { name: "Show a paper of the production" });
  await panel.getByRole("button", { name: "permit for the place" }).tap();
  await panel.getByLabel("Who gave it, or who was told").fill("the city");
  await panel.getByLabel("Its number").fill("FP-118");
  await panel.getByLabel("Holds until the end of").fill("2031-03-14");
  await panel.getByRole("button", { name: /^Sign/ }).tap();
  await panel.waitFor({ state: "detached" });
  assert.match(await record(armorer), /showed a paper: permit for the place, the city.*FP-118/);
  await armorer.go(`${host}/`);
  await armorer.tap("A paper holds no longer");
  const end = page.getByRole("region", { name: "A paper holds no longer" });
  await end.getByRole("button", { name: "permit for the place · the city · FP-118" }).tap();
  await end.getByLabel("Who ended it, and why").fill("withdrawn by the city");
  await end.getByRole("button", { name: /^Sign/ }).tap();
  await end.waitFor({ state: "detached" });
  assert.match(await record(armorer), /a paper holds no longer.*withdrawn by the city/s);
});

test("the emergency plan is the first thing that anybody finds, without a key", async () => {
  const { page, host } = armorer;
  const stranger = await Phone.make();
  await stranger.go(`${world.base}/emergency`);
  assert.match(await stranger.page.locator("main").innerText(), /No emergency plan was entered/);
  await armorer.go(`${host}/`);
  await armorer.tap("Show a paper of the production");
  const panel = page.getByRole("region", { name: "Show a paper of the production" });
  await panel.getByRole("button", { name: "emergency plan" }).tap();
  await panel.getByLabel("Who gave it, or who was told").fill("production office");
  await panel.getByLabel("Its number").fill("+1 505 555 0100");
  await panel.getByLabel("What it says").fill("Gate 2 on the north road\n35.60 N 106.10 W");
  await panel.getByRole("button", { name: /^Sign/ }).tap();
  await panel.waitFor({ state: "detached" });
  await stranger.go(`${world.base}/emergency`);
  const says = await stranger.page.locator("main").innerText();
  assert.match(says, /Gate 2 on the north road\s+35.60 N 106.10 W/);
  assert.equal(await stranger.page.getByRole("link", { name: "Call +1 505 555 0100" }).getAttribute("href"), "tel:+15055550100");
  assert.deepEqual(await stranger.audit(), []);
  await stranger.shot("emergency");
});

test("anybody declares for themselves with one tap", async () => {
  await second.go(`${second.host}/`);
  await second.tap("I bring no weapon and no round");
  await second.page.getByText(/Entered|Signed|entered/).first().waitFor();
  assert.match(await record(second), /declaration of no weapons/);
});
