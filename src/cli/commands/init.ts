/** `amemc init`: a first spec with comments. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../base/diagnostic.js";
import type { Terminal } from "../terminal.js";
import starter from "../starter.amem";

export function init(terminal: Terminal, folder: string): number {
  const file = join(folder, "experiment.amem");
  if (existsSync(file))
    throw new UserError({
      code: "AM8009",
      severity: "error",
      message: `\`${file}\` is there already`,
      span: null,
      help: "name another folder: `amemc init my-experiment`",
    });
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, starter, { flag: "wx" });
  terminal.out(`${file}\n`);
  terminal.err(`next: amemc compile-and-run ${file}\n`);
  return 0;
}
