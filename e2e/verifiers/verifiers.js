// The three that are asked: the program, by a process each; Python, in one process; the page, in one load of it.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const ROOT = new URL("../..", import.meta.url).pathname;
const AT_ONCE = 2;

export class Verifiers {
  static async start() {
    const verifiers = new Verifiers();
    verifiers.python = process.env.COLDPROOF_PYTHON ?? "python3";
    verifiers.names = (process.env.COLDPROOF_VERIFIERS ?? "program,python,page").split(",");
    if (verifiers.names.includes("program")) verifiers.program = process.env.COLDPROOF_BIN ?? join(ROOT, "target/debug/coldproof");
    if (verifiers.names.includes("page")) await verifiers.openPage();
    return verifiers;
  }

  async openPage() {
    const page = process.env.COLDPROOF_VERIFY_PAGE;
    if (!page) throw new Error("COLDPROOF_VERIFY_PAGE must name verify.html: `cargo run -p web --example verify_page`");
    this.browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run", "--disable-dev-shm-usage"],
    });
    this.page = await this.browser.newPage();
    this.page.on("request", (request) => {
      if (!request.url().startsWith("file:")) throw new Error(`verify.html asked for ${request.url()}`);
    });
    await this.page.goto(pathToFileURL(page).href);
  }

  /** For each case what each verifier said: `{name: {plain, status}}`. */
  async ask(cases) {
    const answers = cases.map(() => ({}));
    const put = (name, list) => list.forEach((answer, at) => (answers[at][name] = answer));
    await Promise.all([
      this.program && this.askProgram(cases).then((list) => put("program", list)),
      this.names.includes("python") && this.askPython(cases).then((list) => put("python", list)),
      this.page && this.askPage(cases).then((list) => put("html", list)),
    ]);
    return answers;
  }

  async askProgram(cases) {
    const answers = [];
    const next = cases.map((each, at) => [each, at]);
    const work = async () => {
      for (let item = next.shift(); item; item = next.shift()) {
        const [each, at] = item;
        answers[at] = await output(this.program, ["verify", "--plain", each.path]);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return answers;
  }

  async askPython(cases) {
    this.many ??= new Many(this.python);
    return this.many.ask(cases.map((each) => each.path));
  }

  async askPage(cases) {
    const answers = [];
    for (const { zip, files } of cases) {
      const given = zip ? zip.toString("base64") : Object.fromEntries([...files].map(([path, data]) => [path, data.toString("base64")]));
      const plain = await this.page.evaluate(async (given) => {
        const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        if (typeof given === "string") return window.verifyBytes("copy.zip", bytes(given));
        return window.verifyFolder(Object.fromEntries(Object.entries(given).map(([path, text]) => [path, bytes(text)])));
      }, given);
      answers.push({ plain });
    }
    return answers;
  }

  async stop() {
    this.many?.stop();
    await this.browser?.close();
  }
}

function output(command, args) {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    const said = { plain: "", note: "" };
    child.stdout.on("data", (chunk) => (said.plain += chunk));
    child.stderr.on("data", (chunk) => (said.note += chunk));
    child.on("error", failed);
    child.on("close", (status) => done({ ...said, status }));
  });
}

/** One process of verify.py that is given a path a line. */
class Many {
  constructor(python) {
    this.child = spawn(python, [join(ROOT, "verifiers/verify.py"), "--many"], { stdio: ["pipe", "pipe", "inherit"] });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  async ask(paths) {
    this.child.stdin.write(paths.map((path) => `${path}\n`).join(""));
    const answers = [];
    for (const path of paths) {
      const lines = [];
      for (;;) {
        const { done, value } = await this.lines.next();
        if (done) throw new Error(`verify.py ended at ${path}`);
        const end = /^-- (\d+) ?(.*)$/.exec(value);
        if (end) {
          answers.push({ plain: lines.length > 0 ? `${lines.join("\n")}\n` : "", status: Number(end[1]), note: end[2] });
          break;
        }
        if (value !== `== ${path}`) lines.push(value);
      }
    }
    return answers;
  }

  stop() {
    this.child.stdin.end();
  }
}

