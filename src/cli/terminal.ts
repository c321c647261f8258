/** Where output goes and how it may look. Results go to stdout, progress and diagnostics to stderr. */
import { writeSync } from "node:fs";
import pc from "picocolors";
import { visible, visibleColored, visibleJson } from "../base/visible.js";
import { Journal } from "./ci/journal.js";
import { jsonWithoutCommands, withoutCommands } from "./ci/workflow.js";

export type Colors = ReturnType<typeof pc.createColors>;

export interface Terminal {
  /** Results and machine output. */
  out(text: string): void;
  /** Progress and diagnostics. */
  err(text: string): void;
  readonly outColors: Colors;
  readonly errColors: Colors;
  /** Whether stderr can redraw a line. */
  readonly live: boolean;
  readonly width: number;
  /** Whether a GitHub workflow reads along. */
  readonly github: boolean;
  /** Commands for that workflow; what else is written is kept from being one. */
  command(text: string, stream: "out" | "err"): void;
  readonly journal: Journal;
  readonly env: NodeJS.ProcessEnv;
}

/** `isTTY` is undefined where the stream is a file or a pipe, whatever the types say. */
interface Stream {
  readonly isTTY?: boolean;
}

export function processTerminal(env: NodeJS.ProcessEnv = process.env): Terminal {
  const github = env.GITHUB_ACTIONS === "true";
  const outColors = pc.createColors(wantsColor(process.stdout, env));
  const errColors = pc.createColors(wantsColor(process.stderr, env));
  // Words of specs, names of files and what the system says of them: none of it may give a terminal orders.
  const guarded = (text: string, { isColorSupported }: Colors): string => {
    if (text.startsWith("{\n")) return github ? jsonWithoutCommands(visibleJson(text)) : visibleJson(text);
    const shown = isColorSupported ? visibleColored(text) : visible(text);
    return github ? withoutCommands(shown) : shown;
  };
  return {
    out: (text) => writeAll(1, guarded(text, outColors)),
    err: (text) => writeAll(2, guarded(text, errColors)),
    command: (text, stream) => writeAll(stream === "out" ? 1 : 2, text),
    journal: new Journal(),
    outColors,
    errColors,
    live: isTerminal(process.stderr) && env.TERM !== "dumb" && !isSet(env.CI),
    width: isTerminal(process.stderr) ? process.stderr.columns : 80,
    github,
    env,
  };
}

const isSet = (value: string | undefined): boolean =>
  value !== undefined && value !== "" && value !== "false" && value !== "0";
const isTerminal = (stream: Stream): boolean => stream.isTTY === true;

function wantsColor(stream: Stream, env: NodeJS.ProcessEnv): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== "") return false;
  if (env.FORCE_COLOR !== undefined) return isSet(env.FORCE_COLOR);
  return isTerminal(stream) && env.TERM !== "dumb";
}

/** Synchronous, so that nothing is lost when the process exits; a reader that went away ends the output. */
function writeAll(handle: 1 | 2, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(handle, bytes, at);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "EAGAIN") continue;
      if (code === "EPIPE") return;
      throw error;
    }
  }
}
