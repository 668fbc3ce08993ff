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

test("anybody declares for themselves with one tap", async () => {
  await second.go(`${second.host}/`);
  await second.tap("I bring no weapon and no round");
  await second.page.getByText(/Entered|Signed|entered/).first().waitFor();
  assert.match(await record(second), /declaration of no weapons/);
});
