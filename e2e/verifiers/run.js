// The corpus that the three verifiers must agree on: copies that hold, and seeded corruptions of them.
//
//   node verifiers/run.js            COLDPROOF_CORRUPTIONS corruptions (100), from COLDPROOF_CORRUPTION_SEED (1)
//
// Needs the program (COLDPROOF_BIN), the page (COLDPROOF_VERIFY_PAGE) and Python with `cryptography` (COLDPROOF_PYTHON).
// Fails on any difference in the plain output or the exit status, printing the seed; and when a corruption that must be
// refused is not. One seed can be repeated alone: COLDPROOF_CORRUPTION=17.

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { FOLDER, ZIP } from "./containers.js";
import { load, manifestOf, save } from "./copy.js";
import { ANY, COPY, EXPORT } from "./damage.js";
import { Dice } from "./dice.js";
import { FORGED } from "./forge.js";
import { Verifiers } from "./verifiers.js";
import { pack } from "./zip.js";

const ROOT = new URL("../..", import.meta.url).pathname;
const WANTED = Number(process.env.COLDPROOF_CORRUPTIONS ?? 100);
const SEED = process.env.COLDPROOF_CORRUPTION_SEED ?? "1";
const ALONE = process.env.COLDPROOF_CORRUPTION;
const BATCH = 50;
/** Kinds are taken in strides, so that a small sample has some of each family. */
const STRIDE = 101;

/** Two that must be refused, one after the other: which is found first must not depend on who looks. */
const BOTH = {
  name: "two things at once",
  must: "fault",
  make: (given) => {
    const isExport = manifestOf(given.files).format === "coldproof-export";
    const kinds = [...ANY, ...(isExport ? EXPORT : COPY)].filter((kind) => kind.must === "fault" && fits(kind, given) && given.other);
    const [one, two] = given.dice.two(kinds);
    const { files } = one.make(given);
    try {
      return two.make({ ...given, files: new Map(files) });
    } catch {
      // What the first left cannot be taken apart any more.
      return { files };
    }
  },
};

const FAMILIES = {
  "files, heads and manifests": [...ANY, ...Array.from({ length: 12 }, () => BOTH)],
  "entries, bodies, tiles, attachments, packs, policies": EXPORT,
  "a person's own copy": COPY,
  "folders and zips": [...FOLDER, ...ZIP],
  "forged with the log's key and a device's": FORGED,
};
const KINDS = Object.entries(FAMILIES).flatMap(([family, kinds]) => kinds.map((kind) => ({ ...kind, family })));

const folder = mkdtempSync(join(tmpdir(), "coldproof-verifiers-"));
const verifiers = await Verifiers.start();
let failures = 0;
try {
  const goods = [...made(), ...demonstrated()];
  await checkGood(goods);
  const counts = await corrupt(goods);
  for (const [name, { tried, refused }] of counts) console.log(`  ${name}: ${refused} of ${tried} refused`);
  for (const family of Object.keys(FAMILIES)) {
    const mine = [...counts.values()].filter((count) => count.family === family);
    console.log(`${family}: ${sum(mine, "tried")} tried, by ${mine.length} kinds; ${sum(mine, "refused")} refused, ${sum(mine, "tried") - sum(mine, "refused")} taken, as they must`);
  }
  const all = [...counts.values()];
  console.log(
    `together: ${sum(all, "tried")} tried, by ${all.length} kinds, of ${goods.length} copies (${goods.map(({ name }) => name).join(", ")}), from seed ${SEED}; ` +
      `${sum(all, "refused")} refused; ${failures} on which ${verifiers.names.join(", ")} differ or fail`,
  );
} finally {
  await verifiers.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failures > 0 ? 1 : 0;

// --- copies that hold -----------------------------------------------------------------------------------------------

/** By verifiers/make.py, with keys that are known. */
function made() {
  return ["small", "large", "bare", "copy"].map((name) => {
    const at = join(folder, name);
    mkdirSync(at);
    run(verifiers.python, [join(ROOT, "verifiers/make.py"), name, at]);
    return { name, files: load(join(at, "copy")), secrets: JSON.parse(readFileSync(join(at, "secrets.json"), "utf8")) };
  });
}

/** By the program itself: its demonstration, as a folder and as a zip. */
function demonstrated() {
  if (!verifiers.program || process.env.COLDPROOF_DEMO === "no") return [];
  const data = join(folder, "day");
  run(verifiers.program, ["demo", "--no-serve", "--data", data, "--plain"]);
  run(verifiers.program, ["export", "--data", data, "--out", join(folder, "demo")]);
  run(verifiers.program, ["export", "--data", data, "--out", join(folder, "demo.zip"), "--zip"]);
  const left = ["--leave-out", "weapon.look,lot.receive", "--for", "the state inspector", "--why", "Not asked for."];
  run(verifiers.program, ["export", "--data", data, "--out", join(folder, "part"), ...left, "--as", join(folder, "administrator.key")]);
  return [
    { name: "demo", files: load(join(folder, "demo")), zip: readFileSync(join(folder, "demo.zip")) },
    { name: "demo in part", files: load(join(folder, "part")) },
  ];
}

function run(command, args) {
  const done = spawnSync(command, args, { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${command} ${args.join(" ")}: ${done.stderr}${done.error ?? ""}`);
}

function sum(counts, what) {
  return counts.reduce((total, count) => total + count[what], 0);
}

async function checkGood(goods) {
  for (const good of goods) {
    const forms = [{ files: good.files }, { zip: pack(good.files) }, ...(good.zip ? [{ zip: good.zip }] : [])];
    for (const [at, form] of forms.entries()) {
      const path = put(form, `good-${good.name}-${at}`);
      const [said] = await verifiers.ask([{ path, ...form }]);
      const first = agreed(said, [], `${good.name}, form ${at}`);
      if (!first?.plain.startsWith("holds\n")) fail(`${good.name}, form ${at}, does not hold: ${first?.plain}`);
      good.plain ??= first?.plain;
      if (first && first.plain !== good.plain) fail(`${good.name}: its zip says something else than its folder`);
    }
  }
}

// --- corruptions ----------------------------------------------------------------------------------------------------

async function corrupt(goods) {
  const counts = new Map();
  const numbers = ALONE ? [Number(ALONE)] : Array.from({ length: WANTED }, (_, at) => at);
  for (let first = 0; first < numbers.length; first += BATCH) {
    const cases = numbers.slice(first, first + BATCH).map((number) => draw(number, goods));
    for (const each of cases) each.path = put(each, `case-${each.number}`);
    const answers = await verifiers.ask(cases);
    cases.forEach((each, at) => {
      const before = failures;
      judge(each, answers[at], counts);
      if (failures > before) keep(each);
    });
    for (const { path } of cases) rmSync(path, { recursive: true, force: true });
  }
  return counts;
}

/** Which copies a kind can be tried on. */
function fits(kind, good) {
  const isExport = manifestOf(good.files).format === "coldproof-export";
  if (kind.family === "a person's own copy" ? isExport : !isExport && /^(entries|forged)/.test(kind.family ?? "")) return false;
  if (kind.secrets && !good.secrets) return false;
  if (kind.needs === "notice" && manifestOf(good.files).notice === undefined) return false;
  if (["bodies", "attachments", "packs"].includes(kind.needs) && ![...good.files.keys()].some((path) => path.startsWith(kind.needs))) return false;
  if (kind.needs === "policy" && !good.files.has("policy")) return false;
  return !kind.only || kind.only(good.files);
}

/** Each kind in turn, on a copy that it fits; where the change changed nothing it is drawn again. */
function draw(number, goods) {
  const kind = KINDS[(number * STRIDE) % KINDS.length];
  for (let again = 0; ; again += 1) {
    const dice = new Dice(`${SEED} ${number} ${again}`);
    const good = dice.pick(goods.filter((each) => fits(kind, each)));
    if (!good) return { number, kind: { name: `${kind.name} (no copy fits)`, must: "holds" }, good: goods[0], files: goods[0].files };
    const other = dice.pick(goods.filter((each) => manifestOf(each.files).origin !== manifestOf(good.files).origin));
    const made = kind.make({ files: new Map(good.files), secrets: good.secrets, dice, other });
    if (made.files && isSame(made.files, good.files) && kind.must !== "holds" && !made.links && again < 50) continue;
    if (kind.unless?.(good.files, made.files) && again < 50) continue;
    const asZip = made.files && kind.form !== "folder" && dice.below(3) > 0;
    return { number, kind, good, ...(asZip ? { zip: pack(made.files) } : made) };
  }
}

function isSame(one, two) {
  return one.size === two.size && [...one].every(([path, data]) => two.get(path)?.equals(data));
}

/** On disk, as a zip or a folder. */
function put({ zip, files, links = [] }, name) {
  const path = join(folder, zip ? `${name}.zip` : name);
  if (zip) {
    writeFileSync(path, zip);
    return path;
  }
  mkdirSync(path);
  save(new Map([...files].filter(([inner]) => !links.includes(inner))), path);
  for (const link of links) {
    writeFileSync(join(folder, "linked"), files.get(link));
    mkdirSync(dirname(join(path, link)), { recursive: true });
    symlinkSync(join(folder, "linked"), join(path, link));
  }
  return path;
}

// --- judgement ------------------------------------------------------------------------------------------------------

function judge({ number, kind, good }, said, counts) {
  const where = `seed ${SEED}, corruption ${number} (${kind.name}) of ${good.name}`;
  const first = agreed(said, kind.skip ?? [], where);
  const isRefused = first?.plain.startsWith("fault ") ?? false;
  const count = counts.get(kind.name) ?? { family: kind.family, tried: 0, refused: 0 };
  counts.set(kind.name, { ...count, tried: count.tried + 1, refused: count.refused + Number(isRefused) });
  if (!first) return;
  const code = first.plain.split(/[ \n]/)[1];
  if (kind.must === "fault" && !isRefused) fail(`${where}: taken, though it must be refused\n${first.plain}`);
  else if (kind.must === "fault" && kind.code && !kind.code.split("|").includes(code)) fail(`${where}: refused as \`${code}\`, expected \`${kind.code}\``);
  else if (kind.must === "holds" && first.plain !== good.plain) fail(`${where}: must hold as before\n${first.plain}`);
  else if (kind.must === "says" && (isRefused || first.plain === good.plain)) fail(`${where}: must hold and say something else\n${first.plain}`);
}

/** What all said, or nothing where they differ. */
function agreed(said, skip, where) {
  const heard = Object.entries(said).filter(([name]) => !skip.includes(name));
  const [, first] = heard[0];
  const differs = heard.filter(([, each]) => each.plain !== first.plain || (each.status ?? first.status) !== (first.status ?? each.status));
  const wanted = first.plain.startsWith("holds") ? 0 : 70;
  if (differs.length === 0 && heard.every(([, each]) => each.status === undefined || each.status === wanted)) return first;
  fail(`${where}: they differ\n${heard.map(([name, each]) => `--- ${name} (${each.status ?? "page"}) ${each.note ?? ""}\n${each.plain}`).join("")}`);
  return undefined;
}

/** A case that failed stays, since a copy that the program made is not made a second time. */
function keep({ path, number }) {
  const kept = join(tmpdir(), `coldproof-differs-${SEED}-${number}${path.endsWith(".zip") ? ".zip" : ""}`);
  cpSync(path, kept, { recursive: true, verbatimSymlinks: true });
  console.log(`kept as ${kept}`);
}

function fail(words) {
  failures += 1;
  console.log(`FAILED: ${words}`);
}
