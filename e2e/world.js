// Starts the program under test, gives phones, counts taps. Stories speak the user's words.
//
// `stories/` run the pages over a made-up world: `cargo run -p web --example fixture`, or the program named by
// COLDPROOF_FIXTURE. `real/` run the program itself: `cargo run -p coldproof -- demo`, or COLDPROOF_BIN. `timed/` measure:
// they run alone, after the others.

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const ROOT = new URL("..", import.meta.url).pathname;
export const OUT = new URL("./out/", import.meta.url).pathname;
mkdirSync(OUT, { recursive: true });

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** A running program: its lines, its links by first word, and an end. */
export async function start(command, args, isReady, { hasInput = false } = {}) {
  const child = spawn(command, args, { cwd: ROOT, stdio: [hasInput ? "pipe" : "ignore", "pipe", "pipe"] });
  let text = "";
  let failed = "";
  child.stderr.on("data", (chunk) => (failed = (failed + chunk).slice(-4_000)));
  await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`not ready: ${text}${failed}`)), 600_000);
    child.stdout.on("data", (chunk) => {
      text += chunk;
      if (isReady(text)) clearTimeout(late), resolve();
    });
    child.on("exit", (code) => reject(new Error(`ended with ${code}: ${text}${failed}`)));
  });
  child.removeAllListeners("exit");
  const stop = () =>
    new Promise((resolve) => {
      child.on("exit", resolve);
      child.kill("SIGTERM");
      setTimeout(() => child.kill("SIGKILL"), 3_000).unref();
    });
  return { text: () => text, say: (words) => new Promise((done) => child.stdin.write(words, done)), stop };
}

/** The pages over the fixture. */
export async function fixture() {
  const built = process.env.COLDPROOF_FIXTURE;
  const [command, args] = built ? [built, []] : ["cargo", ["run", "-q", "-p", "web", "--example", "fixture"]];
  const program = await start(command, args, (text) => text.includes("second"), { hasInput: true });
  const line = (word) => new RegExp(`^${word}\\s+(\\S+)`, "m").exec(program.text())?.[1];
  const base = /http:\/\/localhost:(\d+)/.exec(program.text());
  return { base: base[0], port: base[1], armorer: line("armorer"), second: line("second"), say: program.say, stop: program.stop };
}

/** The demonstration of the program itself, on a folder of its own that goes away. */
export async function demo() {
  const folder = mkdtempSync(join(tmpdir(), "coldproof-e2e-"));
  const built = process.env.COLDPROOF_BIN;
  const [command, before] = built ? [built, []] : ["cargo", ["run", "-q", "-p", "coldproof", "--"]];
  const args = ["demo", "--port", "0", "--local", "--data", join(folder, "data"), "--plain"];
  const program = await start(command, [...before, ...args], (text) => /^second /m.test(text));
  const line = (word) => new RegExp(`^${word} (\\S+)`, "m").exec(program.text())[1];
  const stop = async () => {
    await program.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { base: line("board"), armorer: line("armorer"), second: line("second"), administrator: line("administrator"), cart: line("cart"), pin: line("pin"), data: join(folder, "data"), stop };
}

/** A production of the program itself that can be ended and started again under the same address: phones' keys belong to it. */
export class Production {
  static async make() {
    const folder = mkdtempSync(join(tmpdir(), "coldproof-e2e-"));
    const made = new Production(folder);
    made.data = join(folder, "data");
    [made.port, made.readPort] = [await freePort(), await freePort()];
    const said = await made.run("init", made.data, "--production", "High Desert", "--name", "set.example", "--port", String(made.port), "--read-port", String(made.readPort));
    made.base = `http://localhost:${made.readPort}`;
    made.administrator = /^here (\S+)/m.exec(said.out)[1].replace("localhost", "phone1.localhost");
    return made;
  }

  constructor(folder) {
    this.folder = folder;
  }

  /** The program with these arguments, to its end. */
  run(...args) {
    const [command, before] = program();
    return new Promise((resolve) => {
      const child = spawn(command, [...before, ...args, "--plain"], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
      const said = { out: "", error: "" };
      child.stdout.on("data", (chunk) => (said.out += chunk));
      child.stderr.on("data", (chunk) => (said.error += chunk));
      child.on("exit", (code) => resolve({ ...said, code }));
    });
  }

  async serve(data = this.data) {
    const [command, before] = program();
    const ports = ["--port", String(this.port), "--read-port", String(this.readPort)];
    this.running = await start(command, [...before, "serve", data, "--listen", "127.0.0.1", ...ports, "--plain"], (text) => /^read /m.test(text));
  }

  async end() {
    await this.running?.stop();
    this.running = undefined;
  }

  async remove() {
    await this.end();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const program = () => {
  const built = process.env.COLDPROOF_BIN;
  return built ? [built, []] : ["cargo", ["run", "-q", "-p", "coldproof", "--"]];
};

/** A port that nothing listens on just now. */
const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

let browser;

export async function open() {
  browser ??= await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run", "--disable-dev-shm-usage"],
  });
  return browser;
}

export async function close() {
  await browser?.close();
  browser = undefined;
}

/** A phone of its own: storage, cookies, taps, and all that it was sent. */
export class Phone {
  static async make(options = {}) {
    const context = await (await open()).newContext({
      viewport: { width: options.width ?? 360, height: options.height ?? 800 },
      hasTouch: options.hasTouch ?? true,
      colorScheme: options.dark ? "dark" : "light",
      javaScriptEnabled: options.javaScript ?? true,
      deviceScaleFactor: 2,
    });
    return new Phone(context, await context.newPage());
  }

  constructor(context, page) {
    this.context = context;
    this.page = page;
    this.taps = 0;
    this.heard = [];
    this.faults = [];
    page.on("response", async (response) => {
      const type = response.headers()["content-type"] ?? "";
      if (/json|html/.test(type)) this.heard.push({ url: response.url(), text: await response.text().catch(() => "") });
    });
    page.on("pageerror", (error) => this.faults.push(String(error)));
    page.on("console", (message) => /Content Security Policy|Refused to/.test(message.text()) && this.faults.push(message.text()));
  }

  go(url) {
    return this.page.goto(url);
  }

  /** One tap on a button by its words. */
  async tap(words, { exact = false } = {}) {
    this.taps += 1;
    const name = typeof words === "string" && !exact ? new RegExp(words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "i") : words;
    await this.page.getByRole("button", { name, exact }).first().click();
  }

  /** One press held for as long as asked. */
  async hold(words, ms = 1_700) {
    this.taps += 1;
    const button = this.page.getByRole("button", { name: new RegExp(words, "i") }).first();
    await button.scrollIntoViewIfNeeded();
    const box = await button.boundingBox();
    await this.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await this.page.mouse.down();
    await this.page.waitForTimeout(ms);
    await this.page.mouse.up();
  }

  /** Opens an enrolment link and makes this phone's key; the answer is the phone's own origin. */
  async enrol(link) {
    await this.go(link);
    await this.tap("Make the key");
    await this.sees("This phone signs for you");
    return (this.host = new URL(link).origin);
  }

  /** Ids of the weapons on the board, by tag. */
  async tags(base) {
    await this.go(base);
    await this.page.locator("#board .word").first().waitFor();
    return this.page.evaluate(() => Object.fromEntries([...document.querySelectorAll("#board [data-weapon]")].map((card) => [/tag (\w+)/.exec(card.querySelector(".name").textContent)[1], card.dataset.weapon])));
  }

  /** Waits until the state word of a weapon is this. */
  async until(weapon, words, timeout = 8_000) {
    const found = ([weapon, words]) => document.querySelector(`[data-weapon="${weapon}"] .word`)?.textContent === words;
    await this.page.waitForFunction(found, [weapon, words], { timeout }).catch(async () => {
      throw new Error(`${words} never came: ${await this.word(weapon).textContent().catch(() => "no such weapon")}; ${await this.answer()}`);
    });
  }

  /** What the node last said on this page. */
  answer() {
    return this.page.evaluate(() => [...document.querySelectorAll("#answer, #check .card")].map((card) => card.innerText).join(" ").slice(0, 1_500));
  }

  /** Waits until the page shows these words. */
  sees(words, timeout = 8_000) {
    return this.page.getByText(words).first().waitFor({ state: "visible", timeout });
  }

  /** Opens a page of the enrolled. Where the visit is over the page proves its key anew, once in ten seconds at most, and loads again. */
  async visit(path) {
    for (let n = 0; n < 30; n++) {
      await this.go(this.host + path);
      await this.page.waitForTimeout(500);
      if ((await this.page.locator("body").getAttribute("data-viewer")) === "enrolled") return;
    }
    throw new Error("the phone was not let in again");
  }

  /** The state word of a weapon's card or banner. */
  word(id) {
    return this.page.locator(`[data-weapon="${id}"] .word`).first();
  }

  async shot(name) {
    await this.page.screenshot({ path: `${OUT}${name}.png` });
  }

  async whole(name) {
    await this.page.screenshot({ path: `${OUT}${name}.png`, fullPage: true });
  }

  /** Serious and critical findings of axe, as sentences. */
  async audit() {
    await this.page.evaluate(axeSource);
    const { violations } = await this.page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
    return violations
      .filter((one) => one.impact === "serious" || one.impact === "critical")
      .map((one) => `${one.id}: ${one.help} (${one.nodes.map((node) => node.target.join(" ") + " " + (node.any[0]?.message ?? "")).join("; ")})`);
  }

  /** Everything that can be tapped, with its box. */
  targets() {
    return this.page.evaluate(() =>
      [...document.querySelectorAll("a[href], button, summary, input:not([type=hidden]), textarea, select")]
        .filter((node) => node.checkVisibility() && !node.matches(".skip"))
        .map((node) => {
          const box = node.getBoundingClientRect();
          return { words: (node.textContent || node.getAttribute("aria-label") || node.tagName).trim().slice(0, 40), cls: node.className, tag: node.tagName, x: box.x, y: box.y, width: box.width, height: box.height };
        })
        .filter((box) => box.width > 0),
    );
  }

  close() {
    return this.context.close();
  }
}
