/** Files that a user asked for by an option. */
import { statSync, writeFileSync } from "node:fs";
import { writeDurablySync } from "../../results/store/files.js";

/** Whole or not at all; a pipe or a device (`/dev/stdout`) is written to, not replaced. Throws what the system says. */
export function writeOutput(file: string, text: string): void {
  const status = statSync(file, { throwIfNoEntry: false });
  if (status !== undefined && !status.isFile()) {
    writeFileSync(file, text);
    return;
  }
  writeDurablySync(file, text);
}
