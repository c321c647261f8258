/** The end of a command: what others read of it is written. Loaded only where somebody reads along. */
import { appendFileSync, statSync } from "node:fs";
import type { Diagnostic } from "../../base/diagnostic.js";
import { EXIT } from "../exit-code.js";
import { answerFault } from "../faults.js";
import { showDiagnostics } from "../show.js";
import type { Terminal } from "../terminal.js";
import { annotations } from "./annotations.js";
import { sourceRoot } from "./places.js";
import { writeOutput } from "./output.js";
import { sarifLog } from "./sarif.js";
import { cutSummary, summaryLines } from "./summary.js";

export interface Request {
  readonly command: string;
  /** The spec, or the folder of results. */
  readonly subject: string;
  readonly json: boolean;
  /** The file for SARIF. */
  readonly sarif: string | null;
}

/** Commands that find something out about a spec. */
const SUMMARISED: ReadonlySet<string> = new Set(["check", "compile", "run", "compile-and-run", "report"]);

/** Writes the SARIF log, the summary and the annotations that are wanted; the exit code, wrong where the log cannot be written. */
export async function finish(terminal: Terminal, request: Request | null, exitCode: number): Promise<number> {
  const { env, journal, github } = terminal;
  const folder = process.cwd();
  const root = sourceRoot(env, folder);
  const isOver = exitCode === EXIT.bug || exitCode === EXIT.interrupted;
  let code = exitCode;
  if (request !== null && request.sarif !== null) {
    try {
      const log = sarifLog(journal.said, { spec: request.subject, root, folder, exitCode, successful: !isOver });
      writeOutput(request.sarif, `${JSON.stringify(log, null, 1)}\n`);
    } catch (error) {
      const fault = await answerFault(terminal, error);
      if (!isOver) code = fault;
    }
  }
  if (!github) return code;
  const summary = env.GITHUB_STEP_SUMMARY ?? "";
  if (summary !== "" && request !== null && SUMMARISED.has(request.command)) {
    try {
      const present = statSync(summary, { throwIfNoEntry: false })?.size ?? 0;
      appendFileSync(summary, cutSummary(summaryLines(journal, { ...request, exitCode: code }), present));
    } catch (error) {
      showDiagnostics(terminal, [unwritten(summary, error)], null);
    }
  }
  terminal.command(annotations(journal, { root, folder }), request?.json === true ? "err" : "out");
  return code;
}

function unwritten(file: string, error: unknown): Diagnostic {
  const reason = error instanceof Error ? error.message : String(error);
  return {
    code: "AM8024",
    severity: "warning",
    message: `the job's summary \`${file}\` cannot be written: ${reason}`,
    span: null,
  };
}
