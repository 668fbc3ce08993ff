// verify.html as a judge uses it: opened from disk, a copy given to it, the verdict first, then words, then rows.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { load } from "./copy.js";
import { pack } from "./zip.js";

const ROOT = new URL("../..", import.meta.url).pathname;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "coldproof-page-"));
let browser;

before(async () => {
  mkdirSync(join(folder, "made"));
  const made = spawnSync(process.env.COLDPROOF_PYTHON ?? "python3", [join(ROOT, "verifiers/make.py"), "small", join(folder, "made")], { encoding: "utf8" });
  assert.equal(made.status, 0, made.stderr);
  const files = load(join(folder, "made/copy"));
  writeFileSync(join(folder, "good.zip"), pack(files));
  const bundle = [...files.keys()].find((path) => path.startsWith("bodies/"));
  files.set(bundle, Buffer.from(files.get(bundle)).fill(0x20, 60, 61));
  writeFileSync(join(folder, "bad.zip"), pack(files));
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-dev-shm-usage"] });
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function opened(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  const page = await context.newPage();
  page.asked = [];
  page.on("request", (request) => page.asked.push(request.url()));
  page.on("pageerror", (error) => page.asked.push(String(error)));
  await page.goto(pathToFileURL(process.env.COLDPROOF_VERIFY_PAGE).href);
  await page.waitForFunction(() => "verifyBytes" in window);
  return page;
}

async function give(page, name) {
  await page.setInputFiles("#zip", join(folder, name));
  await page.waitForSelector(".verdict");
}

for (const [scheme, width] of [["light", 1200], ["dark", 390]]) {
  test(`the page passes an audit of accessibility and fits its screen, ${scheme}, ${width} wide`, async () => {
    const page = await opened({ colorScheme: scheme, viewport: { width, height: 844 } });
    await give(page, "good.zip");
    await page.click("button[aria-controls=entry-3]");
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run());
    assert.deepEqual(violations.map(({ id }) => id), []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
    await page.context().close();
  });
}

test("a copy that holds says so first, then what is not in it and what that does not show, and asks nobody", async () => {
  const page = await opened();
  await give(page, "good.zip");
  assert.equal(await page.textContent(".verdict h2"), "This copy holds");
  assert.ok(await page.evaluate(() => document.activeElement.classList.contains("verdict")), "the verdict is read out");
  const left = await page.textContent(".left-out");
  assert.match(left, /withheld for the state inspector: Of no bearing \(entry 62\)\. 4 entries: 16, 19, 29, 40/);
  assert.match(left, /erased because the time to keep it was over: Asked for by the one it names\. All of it/);
  assert.match(left, /The attachment is missing, and no entry says why\. 1 entry: 32/);
  assert.match(await page.textContent(".unsaid"), /does not show that what was entered is true/);
  assert.equal(page.asked.length, 1, page.asked.join());
  await page.context().close();
});

test("entries are found by a word, and each opens by keyboard", async () => {
  const page = await opened();
  await give(page, "good.zip");
  await page.fill("#search", "cosigners of the log");
  await page.waitForFunction(() => document.querySelector(".found").textContent.startsWith("1 entry"));
  await page.focus("tbody button");
  await page.keyboard.press("Enter");
  assert.match(await page.textContent("tr.details"), /cosigners\.adopt/);
  await page.context().close();
});

test("the log's key is compared with one had from elsewhere", async () => {
  const page = await opened();
  await give(page, "good.zip");
  const key = readFileSync(join(folder, "made/copy/keys/log.vkey"), "utf8");
  await page.fill("#elsewhere", key);
  await page.waitForFunction(() => document.getElementById("same").textContent === "The same key.");
  await page.fill("#elsewhere", "0".repeat(64));
  await page.waitForFunction(() => document.getElementById("same").textContent.startsWith("ANOTHER key"));
  await page.context().close();
});

test("a copy that does not hold says which entry, and shows no table", async () => {
  const page = await opened();
  await give(page, "good.zip");
  await give(page, "bad.zip");
  await page.waitForSelector(".verdict.fault");
  assert.match(await page.textContent(".verdict h2"), /^This copy does not hold: a text is not the one that was entered \(entry \d+\)$/);
  assert.equal(await page.locator("table").count(), 0);
  assert.match(await page.textContent(".plain pre"), /^fault body \d+\n$/);
  await page.context().close();
});

test("a policy of one's own counts instead of the copy's", async () => {
  const page = await opened();
  await give(page, "good.zip");
  assert.match(await page.textContent("#result"), /which only the copy vouches for, is met/);
  await page.setInputFiles("#policy", join(folder, "made/copy/policy"));
  await page.waitForFunction(() => document.getElementById("result").textContent.includes("The policy you gave is met"));
  await page.context().close();
});
