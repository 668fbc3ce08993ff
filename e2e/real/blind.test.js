// Before both looks are in, nothing that the program sends anywhere holds the first answers.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { Phone, close, demo } from "../world.js";

let world, armorer, second, stranger, id;
const submissions = [];

before(async () => {
  world = await demo();
  [armorer, second, stranger] = [await Phone.make(), await Phone.make(), await Phone.make()];
  await armorer.enrol(world.armorer);
  await second.enrol(world.second);
  id = await stranger.tags(world.base);
  armorer.page.on("request", (request) => request.url().endsWith("/api/statements") && submissions.push(request.postDataJSON()));
});

after(async () => {
  await close();
  await world?.stop();
});

const cookieOf = async (phone) => (await phone.context.cookies(phone.host)).map((one) => `${one.name}=${one.value}`).join("; ");

/** Whoever looks, with the cookie of their visit: on the second's phone, nobody's, and at the cart screen. */
async function viewers() {
  const cart = await Phone.make();
  await cart.go(world.cart);
  await cart.tap("property master");
  await cart.page.getByLabel("PIN of").fill(world.pin);
  await cart.tap("Open the screen");
  await cart.page.waitForURL(`${world.base}/`);
  return [
    { name: "second", base: second.host, cookie: await cookieOf(second), phone: second },
    { name: "stranger", base: world.base, cookie: "", phone: stranger },
    { name: "cart", base: world.base, cookie: (await cart.context.cookies(world.base)).map((one) => `${one.name}=${one.value}`).join("; "), phone: cart },
  ];
}

async function ask(viewer, path) {
  // Names under localhost lead to this machine, for Chromium if not for every resolver.
  const response = await fetch(world.base + path, { headers: { cookie: viewer.cookie } });
  const text = await response.text();
  return path.startsWith("/api/board") ? text + Buffer.from(JSON.parse(text).board, "base64").toString() : text;
}

const paths = (weapon) => [`/w/${weapon}`, `/w/${weapon}/check/full`, `/w/${weapon}/check/reset`, `/api/check?kind=full&weapon=${weapon}`, `/api/check?kind=reset&weapon=${weapon}`, "/", "/record", "/line", "/api/check?kind=line", `/api/board?nonce=${randomBytes(16).toString("hex")}`, "/api/head", "/poster", "/stop", "/cart"];

/** The event stream, for as long as the story needs it. */
function listen() {
  const end = new AbortController();
  const heard = { text: "" };
  (async () => {
    const response = await fetch(`${world.base}/api/changed`, { signal: end.signal });
    for await (const chunk of response.body) heard.text += Buffer.from(chunk);
  })().catch(() => undefined);
  return { heard, end: () => end.abort() };
}

test("the first look is nowhere in what the second's phone, a stranger, the cart, the record, the calls or the stream are sent", async () => {
  const others = await viewers();
  const stream = listen();
  const weapon = id["02"];
  for (const { phone, base } of others) await phone.go(`${base}/w/${weapon}`);
  await second.go(`${second.host}/w/${weapon}/check/full`);
  await armorer.go(`${armorer.host}/w/${weapon}`);
  for (const { phone } of others) phone.heard.length = 0;
  // A load map, which is the loader's look: three dummies, three empty chambers: no other weapon of the day holds that.
  await armorer.tap(/^Load$/);
  await armorer.tap("D1");
  await armorer.page.getByLabel("Rounds put in").fill("3");
  for (const one of ["Both", "Hole in the case", "Empty", "Rattles", "Empty", "Empty", "Clear, rod"]) await armorer.tap(one);
  await armorer.hold("Hold to sign: load");
  await armorer.sees("Load: entered");
  await armorer.page.waitForTimeout(1_500);

  const { salt, body, envelope } = submissions.at(-1);
  const sent = Buffer.from(body, "base64").toString();
  assert.match(sent, /"seen":/);
  const forms = (base64) => [base64, Buffer.from(base64, "base64").toString("hex"), Buffer.from(base64, "base64").toString()];
  const seen = /"seen":(\[.*?\])(?=,")/.exec(sent)[1];
  const canaries = [...forms(salt).slice(0, 2), ...forms(body), envelope.slice(0, 120), seen, JSON.stringify(seen).slice(1, -1), seen.replaceAll('"', "&quot;")];
  const telling = [/3 dumm/i, /DUMMIES 3/, /3 empty/i, /[^0-9]3 rounds/i, /"seen":/, /"counted":/, /&quot;seen&quot;:/, /Both.{0,40}Hole in the case.{0,40}Empty.{0,40}Rattles/s];
  const search = (where, text) => {
    for (const canary of canaries) assert.ok(!text.includes(canary), `${where}: ${canary.slice(0, 40)}`);
    for (const pattern of telling) assert.ok(!pattern.test(text), `${where}: ${pattern} in …${text.slice(Math.max(0, text.search(pattern) - 80), text.search(pattern) + 80)}`);
  };
  let answers = 0;
  for (const { name, phone } of others) {
    for (const { url, text } of phone.heard) {
      answers += 1;
      search(`${name} ${url}`, /\/api\/board/.test(url) ? text + Buffer.from(JSON.parse(text).board, "base64").toString() : text);
    }
    search(`${name}, drawn`, await phone.page.content());
  }
  for (const viewer of others) {
    for (const path of paths(weapon)) {
      answers += 1;
      search(`${viewer.name} ${path}`, await ask(viewer, path));
    }
  }
  assert.match(stream.heard.text, /event: ask/);
  search("stream", stream.heard.text);
  stream.end();
  console.log(`searched ${answers} answers for ${canaries.length} canaries and ${telling.length} patterns`);
  await others[2].phone.close();
});

test("two weapons of which the armorer saw different things look the same to everybody else", async () => {
  const looks = { "03": ["Empty", "Empty", "Empty", "Empty", "Empty", "Empty", "Clear, rod"], "04": ["Empty", "Could not see", "Empty", "Empty", "Empty", "Empty", "Clear, light"] };
  for (const [tag, answers] of Object.entries(looks)) {
    await armorer.go(`${armorer.host}/w/${id[tag]}/check/full`);
    for (const one of answers) await armorer.tap(one);
    await armorer.hold("Hold to sign this look");
    await armorer.sees("Your look is in");
  }
  const plain = (text, tag) =>
    text
      .replaceAll(id[tag], "ID")
      .replaceAll(new RegExp(`(tag |Tag |HD-10|into |over )${tag}`, "g"), "$1TAG")
      .replaceAll(`"tag":"${tag}"`, '"tag":"TAG"')
      .replaceAll(`&quot;tag&quot;:&quot;${tag}&quot;`, "TAG")
      .replaceAll(/\d\d:\d\d(:\d\d)?/g, "TIME")
      .replaceAll(/Record \d+/g, "Record N");
  for (const viewer of [{ name: "second", cookie: await cookieOf(second) }, { name: "stranger", cookie: "" }]) {
    for (const path of ["/w/ID", "/w/ID/check/full", "/api/check?kind=full&weapon=ID"]) {
      const [a, b] = await Promise.all(["03", "04"].map(async (tag) => plain(await ask(viewer, path.replace("ID", id[tag])), tag)));
      assert.equal(a, b, `${viewer.name} ${path}`);
    }
    const shown = JSON.parse(Buffer.from(JSON.parse((await fetch(`${world.base}/api/board?nonce=${"0".repeat(32)}`, { headers: { cookie: viewer.cookie } }).then((r) => r.text()))).board, "base64"));
    const [a, b] = ["03", "04"].map((tag) => plain(JSON.stringify(shown.weapons.find((one) => one.tag === tag)), tag));
    assert.equal(a, b);
  }
});
