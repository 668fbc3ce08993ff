// One copy, from whatever holds it, to what is said of it.

import { checkExport, type Checked, type Progress } from "./export.ts";
import { Fault, orFault } from "./fault.ts";
import type { Files } from "./files.ts";
import { checkShape } from "./manifest.ts";
import { checkOwn } from "./own.ts";
import type { Policy } from "./policy.ts";

export type Verdict = { holds: true; checked: Checked; plain: string } | { holds: false; fault: Fault; plain: string };

/** Everything in docs/formats/export.md, "Verifying". Throws only what is no fault of the copy. */
export async function verify(open: () => Promise<Files>, policy: Policy | undefined, progress: Progress): Promise<Verdict> {
  try {
    const files = await orFault("shape", undefined, open);
    const manifest = await orFault("shape", undefined, () => checkShape(files));
    const checked = await (manifest.isExport ? checkExport : checkOwn)(files, manifest, policy, progress);
    return { holds: true, checked, plain: `${checked.lines.join("\n")}\n` };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { holds: false, fault: error, plain: `${error.line}\n` };
  }
}
