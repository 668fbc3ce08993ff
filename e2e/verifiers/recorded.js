// A recorded case, made by the real program: one body erased, two left out, one file lost. Every verifier says so, in the
// same words, of the folder and of the zip. `COLDPROOF_RECORDED` names the folder that the example `recorded` wrote.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { load } from "./copy.js";
import { Verifiers } from "./verifiers.js";

const folder = process.env.COLDPROOF_RECORDED;

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
      for (const count of ["bodies_withheld 2", "bodies_erased 1", "bodies_missing 0", "attachments 2", "attachments_missing 1"]) assert.ok(lines.includes(count), `${count} in\n${said[0]}`);
      const told = lines.filter((line) => /^(body|attachment) /.test(line)).map((line) => line.replace(/[0-9a-f]{64}|\d+/g, "#"));
      assert.deepEqual(told, [
        "body # erased, court_order: Order of the district court, civil #. (entry #, countersigned in entry #)",
        "body # withheld for the state inspector: Addresses were not asked for. (entry #)",
        "body # withheld for the state inspector: Addresses were not asked for. (entry #)",
        "attachment # of entry # missing: no entry says why",
      ]);
    }
  } finally {
    await verifiers.stop();
  }
});
