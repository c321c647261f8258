/** What is said when a command cannot be carried out: its user's mistake, or ours. Never a stack trace. */
import type { Command, CommanderError } from "commander";
import type { Diagnostic } from "../base/diagnostic.js";
import { UserError } from "../base/diagnostic.js";
import { packageVersion } from "../base/package.js";
import { renderDiagnostic } from "../base/render.js";
import { EXIT } from "./exit-code.js";
import { nearestWord } from "./nearest.js";
import type { Terminal } from "./terminal.js";

/** A command line that commander refused. */
export function commandFault(
  terminal: Terminal,
  program: Command,
  error: CommanderError,
  args: readonly string[],
): number {
  const diagnostic = describe(program, error, args);
  if (diagnostic !== null) show(terminal, diagnostic);
  return EXIT.wrong;
}

function describe(program: Command, error: CommanderError, args: readonly string[]): Diagnostic | null {
  const name = args.find((arg) => !arg.startsWith("-"));
  const command = program.commands.find((candidate) => candidate.name() === name);
  const quoted = /'([^']*)'/u.exec(error.message)?.[1] ?? "";
  const base = { severity: "error", span: null } as const;
  const usage = command === undefined ? "amemc --help" : `amemc ${command.name()} --help`;
  switch (error.code) {
    case "commander.help":
      // Without a command the help has been printed.
      return null;
    case "commander.unknownCommand": {
      const names = program.commands.map((candidate) => candidate.name());
      return {
        ...base,
        code: "AM8001",
        message: `there is no command \`${name ?? quoted}\``,
        help: hint(nearestWord(name ?? quoted, names), usage),
      };
    }
    case "commander.unknownOption": {
      const known = (command ?? program).options.flatMap((option) => [option.long ?? "", option.short ?? ""]);
      return {
        ...base,
        code: "AM8002",
        message: `there is no option \`${quoted}\``,
        help: hint(nearestWord(quoted, known), usage),
      };
    }
    case "commander.excessArguments":
      return {
        ...base,
        code: "AM8003",
        message: "there are more arguments than the command takes",
        help: `see \`${usage}\``,
      };
    case "commander.missingArgument":
      return {
        ...base,
        code: "AM8003",
        message: `\`${command?.name() ?? "amemc"}\` needs a ${quoted || "argument"}`,
        help: `see \`${usage}\``,
      };
    default:
      return { ...base, code: "AM8003", message: withoutPrefix(error.message), help: `see \`${usage}\`` };
  }
}

const hint = (near: string | null, usage: string): string =>
  near === null ? `see \`${usage}\`` : `did you mean \`${near}\`?`;
const withoutPrefix = (message: string): string =>
  message
    .replace(/^error: /u, "")
    .replaceAll("'", "`")
    .replace(/\.$/u, "");

/** Anything that was thrown while a command ran; its exit code. */
export async function answerFault(terminal: Terminal, error: unknown): Promise<number> {
  if (error instanceof UserError) {
    show(terminal, error.diagnostic);
    return EXIT.wrong;
  }
  const failure = systemFault(error) ?? stackFault(error);
  if (failure !== null) {
    show(terminal, failure);
    return EXIT.wrong;
  }
  const message = error instanceof Error ? error.message : String(error);
  show(terminal, {
    code: "AM9999",
    severity: "error",
    message: `a fault of amemc itself: ${message.split("\n")[0] ?? ""}`,
    span: null,
    help: `please report it with the spec and this line: amemc ${packageVersion()}, node ${process.version}, ${process.platform}-${process.arch}`,
  });
  const stack = error instanceof Error ? error.stack : undefined;
  if (isSet(terminal.env.AMEMC_DEBUG) && stack !== undefined) terminal.err(`${stack}\n`);
  return Promise.resolve(EXIT.bug);
}

const isSet = (value: string | undefined): boolean => value !== undefined && value !== "" && value !== "0";

const SYSTEM: Readonly<Record<string, string>> = {
  EACCES: "may not be read or written",
  EPERM: "may not be changed",
  EROFS: "lies on a disk that cannot be written",
  ENOSPC: "cannot be written: the disk is full",
  EDQUOT: "cannot be written: the quota is used up",
  EISDIR: "is a folder",
  ENOTDIR: "lies below something that is no folder",
  EMFILE: "cannot be opened: too many files are open",
};

/** Disks and permissions are no fault of amemc. */
function systemFault(error: unknown): Diagnostic | null {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return null;
  const what = SYSTEM[error.code];
  if (what === undefined) return null;
  const path = "path" in error && typeof error.path === "string" ? `\`${error.path}\`` : "a file";
  return { code: "AM8008", severity: "error", message: `${path} ${what}`, span: null };
}

/** Each level of names that rest on each other takes some of the stack. */
function stackFault(error: unknown): Diagnostic | null {
  if (!(error instanceof RangeError) || !error.message.startsWith("Maximum call stack")) return null;
  return {
    code: "AM4037",
    severity: "error",
    message: "the spec's definitions rest on each other more deeply than can be followed",
    span: null,
    help: "write a sum over an axis instead of a chain of definitions or operators",
  };
}

function show(terminal: Terminal, diagnostic: Diagnostic): void {
  const color = terminal.errColors.isColorSupported;
  terminal.journal.note([diagnostic], () => undefined);
  terminal.err(`${renderDiagnostic(diagnostic, () => undefined, { color })}\n`);
}
