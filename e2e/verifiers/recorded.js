// A recorded case, made by the real program: one body erased, two left out, one file left out alone, one lost. Every verifier says so, in the
// same words, of the folder and of the zip. `COLDPROOF_RECORDED` names the folder that the example `recorded` wrote.

import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { load } from "./copy.js";
import { Verifiers } from "./verifiers.js";

const folder = process.env.COLDPROOF_RECORDED;

test("an exhibit's custody form says who had its file from the node", () => {
  const forms = join(folder, "copy", "custody");
  const told = readdirSync(forms).map((name) => readFileSync(join(forms, name), "utf8"));
  assert.equal(told.filter((form) => /^  \S.* \(person [0-9a-f]{64}\): 1 time, first /m.test(form)).length, 1);
  assert.equal(told.filter((form) => form.includes("nobody was counted")).length, 1);
});

test("a receipt, which nothing in a whole copy would check, does not belong in one", async () => {
  const place = mkdtempSync(join(tmpdir(), "coldproof-receipt-"));
  cpSync(join(folder, "copy"), place, { recursive: true });
  mkdirSync(join(place, "receipts"));
  writeFileSync(join(place, "receipts/3.tlog-proof"), "anything");
  const verifiers = await Verifiers.start();
  try {
    for (const answers of await verifiers.ask([{ name: "receipt", path: place, files: load(place) }])) {
      for (const [who, answer] of Object.entries(answers)) assert.equal(answer.plain.trim(), "fault shape", who);
    }
  } finally {
    rmSync(place, { recursive: true });
    await verifiers.stop();
  }
});

test("a body left out, one erased and a file lost are named by every verifier in the same words", async () => {
  const cases = [
    { name: "folder", path: join(folder, "copy"), files: load(join(folder, "copy")) },
    { name: "zip", path: join(folder, "copy.zip"), zip: readFileSync(join(folder, "copy.zip")) },
  ];
  const verifiers = await Verifiers.start();
  try {
    for (const answers of await verifiers.ask(cases)) {
      const said = Object.values(answers).map((answer) => answer.plain);
      assert.equal(said.length, 3, Object.keys(answers).join());
      for (const plain of said) assert.equal(plain, said[0]);
      const lines = said[0].split("\n");
      assert.equal(lines[0], "holds");
      for (const count of ["bodies_withheld 2", "bodies_erased 1", "bodies_missing 0", "attachments 1", "attachments_withheld 1", "attachments_missing 1"]) assert.ok(lines.includes(count), `${count} in\n${said[0]}`);
      const told = lines.filter((line) => /^(body|attachment) /.test(line)).map((line) => line.replace(/[0-9a-f]{64}|\d+/g, "#"));
      assert.deepEqual(told, [
        "body # erased, court_order: Order of the district court, civil #. (entry #, countersigned in entry #)",
        "body # withheld for the state inspector: Addresses were not asked for. (entry #)",
        "body # withheld for the state inspector: Addresses were not asked for. (entry #)",
        "attachment # of entry # withheld for the state inspector: Telephone numbers stand on it. (entry #)",
        "attachment # of entry # missing: no entry says why",
      ]);
    }
  } finally {
    await verifiers.stop();
  }
});
