/** What the commands' options are, once for all of them. */
import { InvalidArgumentError, Option } from "commander";

export interface SpecOptions {
  readonly profile?: string;
  readonly set?: Readonly<Record<string, string>>;
}
/** Of commands that judge claims. */
export interface JudgingOptions {
  readonly json?: boolean;
  readonly junit?: string;
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
}
export interface PlanningOptions extends SpecOptions {
  readonly engine: "graph" | "portable" | "auto";
  readonly out: string;
  readonly yes?: boolean;
  /** In bytes; undefined: 80 % of the machine's. */
  readonly memory?: number;
}
export interface RunningOptions extends PlanningOptions, JudgingOptions {
  readonly jobs?: number;
  /** Points to compute alone, as the user named them. */
  readonly point?: readonly string[];
  readonly adopt?: boolean;
}

export const profileOption = (): Option => new Option("--profile <name>", "take the values of `profile NAME { … }`");

export const setOption = (): Option =>
  new Option("--set <name=value>", "fix a sweep or a constant, as often as needed").argParser(parseSetting);

export const engineOption = (): Option =>
  new Option(
    "--engine <name>",
    "graph: compiled by native TensorFlow; portable: needs nothing; auto: graph where it works",
  )
    .choices(["graph", "portable", "auto"])
    .default("auto");

export const outOption = (): Option => new Option("--out <folder>", "where results go").default("out");

export const jobsOption = (): Option =>
  new Option("--jobs <number>", "worker processes (as many as are worth their start)").argParser(parseCount);

export const memoryOption = (): Option =>
  new Option("--memory <size>", "refuse plans that need more: 4GB, 800MB (80 % of the machine's)").argParser(parseSize);

export const pointOption = (): Option =>
  new Option(
    "--point <point>",
    "compute this point alone, with what it reads: eta=1,seed=0, fit:eta=1, or its key",
  ).argParser(parsePoint);

export const adoptOption = (): Option =>
  new Option("--adopt", "take over a folder of results that another spec wrote: what means the same is kept");

export const yesOption = (): Option =>
  new Option("--yes", "large plans are meant; a run fetches built-in data sets that are missing");
export const sarifOption = (): Option => new Option("--sarif <file>", "write errors and warnings as SARIF 2.1.0 too");
export const junitOption = (): Option => new Option("--junit <file>", "write the claims as JUnit's XML to a file too");
export const baselineOption = (): Option =>
  new Option("--baseline <file>", "compare the claims' numbers with those recorded in a file");
export const updateBaselineOption = (): Option =>
  new Option("--update-baseline", "record the numbers in the file of --baseline instead");
export const checkOption = (): Option =>
  new Option("--check", "write nothing; name the files that would change, and end with 1 when there are any");
export const jsonOption = (): Option => new Option("--json", "print JSON to stdout");

function parseSetting(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const at = text.indexOf("=");
  if (at <= 0 || at === text.length - 1) throw new InvalidArgumentError("Write NAME=VALUE, for instance eta=1.");
  return { ...before, [text.slice(0, at).trim()]: text.slice(at + 1).trim() };
}

function parsePoint(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError("Write an integer of 1 or more.");
  return count;
}

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  k: 1e3,
  kb: 1e3,
  m: 1e6,
  mb: 1e6,
  g: 1e9,
  gb: 1e9,
  t: 1e12,
  tb: 1e12,
};

function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/iu.exec(text.trim());
  const unit = UNITS[match?.[2]?.toLowerCase() ?? "?"];
  if (match === null || unit === undefined) throw new InvalidArgumentError("Write a size like 4GB or 800MB.");
  return Number(match[1]) * unit;
}
