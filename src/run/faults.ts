/** What a run tells its user: faults of workers, and points that did not come to their end. */
import type { Diagnostic } from "../base/diagnostic.js";
import { UserError } from "../base/diagnostic.js";

export function engineMissing(why: string): UserError {
  return new UserError({
    code: "AM7201",
    severity: "error",
    message: `the graph engine cannot be used here: ${why}`,
    span: null,
    help: "`amemc doctor` says what is missing, `amemc setup` sets it up; `--engine portable` needs nothing",
  });
}

export function folderSetAside(folder: string): Diagnostic {
  return {
    code: "AM7205",
    severity: "warning",
    message: `compiled programs could not be used and were set aside: \`${folder}\``,
    span: null,
    help: "they are compiled anew; the folder can be removed",
  };
}

export function workerDoesNotStart(how: string, log: string): UserError {
  return new UserError({
    code: "AM7202",
    severity: "error",
    message: `the worker process ends before it is ready (${how})`,
    span: null,
    notes: log === "" ? [] : [log],
    help: "`amemc doctor` looks for the reason",
  });
}
