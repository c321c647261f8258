/** What is said of files beside the blocks that cannot be used: what they held is made again, or is gone. */
import type { Diagnostic } from "../../base/diagnostic.js";

export type Report = (diagnostic: Diagnostic) => void;

/** `instead` says what becomes of it, in one sentence. */
export function damagedFile(
  file: string,
  reason: string,
  instead: string,
  severity: Diagnostic["severity"] = "warning",
): Diagnostic {
  return { code: "AM7105", severity, message: `\`${file}\` cannot be used: ${reason}`, span: null, help: instead };
}
