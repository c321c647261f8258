// `amemc doctor`: what this machine offers, which TensorFlow is in use, whether XLA works, and what to do.
// TensorFlow is loaded in a process of its own, never in this one.
import { execFile } from "node:child_process";
import type { ExecFileException } from "node:child_process";
import { accessSync, constants, existsSync, readdirSync, statfsSync, statSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
import { dirname, join } from "node:path";
import type { NativeInfo } from "../base/native.js";
import { readNativeRecord } from "../base/native.js";
import { cacheFolder, distFile, ownCommand, packageRoot, packageVersion } from "../base/package.js";

export interface DoctorReport {
  readonly amemc: string;
  readonly node: string;
  readonly platform: string;
  readonly cpu: {
    readonly model: string;
    readonly cores: number;
    readonly threadVariables: Readonly<Record<string, string>>;
  };
  readonly memory: { readonly bytes: number };
  readonly tensorflow: TensorFlowReport;
  /** What `--engine auto` takes. */
  readonly engine: "graph" | "portable";
  readonly bundles: readonly { readonly name: string; readonly present: boolean }[];
  readonly caches: readonly CacheReport[];
  readonly problems: readonly Problem[];
}

export interface TensorFlowReport {
  readonly info: NativeInfo | null;
  readonly loads: boolean;
  readonly xla: boolean;
  /** Why something of it does not work. */
  readonly why: string | null;
  readonly seconds: number;
}

export interface CacheReport {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly writable: boolean;
  readonly freeBytes: number;
}

export interface Problem {
  readonly what: string;
  readonly todo: string;
}

const CHECK_TIMEOUT = 120_000;
const BUNDLES = ["cli.mjs", "program.cjs", "worker.mjs", "report.cjs", "charts.cjs", "page.js"];
const CACHES = ["tensorflow", "binding", "xla", "code"];
const THREADS = ["TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS"];
const TIGHT = 1e9;

/** What scripts/native/check.mjs prints: null when the binding does not load. */
function runCheck(
  binding: string,
): Promise<{ readonly xla: boolean; readonly why: string | null } | { readonly error: string }> {
  const script = join(packageRoot(), "scripts/native/check.mjs");
  return new Promise((done) => {
    execFile(process.execPath, [script, binding], { timeout: CHECK_TIMEOUT }, (error, stdout, stderr) => {
      const line = stdout.split("\n").find((text) => text.startsWith("{"));
      if (error !== null || line === undefined) {
        const told = stderr.split("\n").find((text) => text.includes("Error"));
        done({ error: told?.trim() ?? howItEnded(error) });
        return;
      }
      const data: unknown = JSON.parse(line);
      const { xla, why } = data as { readonly xla?: unknown; readonly why?: unknown };
      done({ xla: xla === true, why: typeof why === "string" ? why : null });
    });
  });
}

/** The check ran in a process of its own: a damaged library ends it by a signal. */
function howItEnded(error: ExecFileException | null): string {
  if (error?.killed === true) return `it took longer than ${CHECK_TIMEOUT / 1000} s`;
  return `the process that loaded it ended ${error?.signal ? `by ${error.signal}` : "without a word"}`;
}

async function checkTensorFlow(): Promise<TensorFlowReport> {
  const { info, why } = readNativeRecord();
  if (info === null) return { info, loads: false, xla: false, why, seconds: 0 };
  const start = performance.now();
  const outcome = await runCheck(info.bindingPath);
  const seconds = (performance.now() - start) / 1000;
  return "error" in outcome
    ? { info, loads: false, xla: false, why: outcome.error, seconds }
    : { info, loads: true, xla: outcome.xla, why: outcome.why, seconds };
}

function folderSize(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sum + folderSize(path);
    return sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0);
  }, 0);
}

/** The folder itself or the nearest one above it that is there. */
function nearest(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearest(dirname(folder));
}

function cacheReport(name: string): CacheReport {
  const path = join(cacheFolder(), name);
  const there = nearest(path);
  const { bavail, bsize } = statfsSync(there);
  let writable = true;
  try {
    accessSync(there, constants.W_OK);
  } catch {
    writable = false;
  }
  return { name, path, bytes: folderSize(path), writable, freeBytes: bavail * bsize };
}

function memoryLimit(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}

function problemsOf(
  { info, loads, xla, why }: TensorFlowReport,
  bundles: DoctorReport["bundles"],
  caches: readonly CacheReport[],
) {
  const problems: Problem[] = [];
  const reason = why === null ? "" : `: ${why}`;
  if (info === null)
    problems.push({
      what: `there is no native TensorFlow, so the portable engine is used${reason}`,
      todo: `${ownCommand("setup")}, or name a folder with libtensorflow in AMEMC_LIBTENSORFLOW and run it again`,
    });
  else if (!loads)
    problems.push({
      what: `TensorFlow does not load${reason}`,
      todo: ownCommand("doctor --fix"),
    });
  else if (!xla)
    problems.push({
      what: `XLA does not work, so programs run uncompiled${reason}`,
      todo: `name a libtensorflow with XLA in AMEMC_LIBTENSORFLOW and run ${ownCommand("setup")}`,
    });
  const absent = bundles.filter((bundle) => !bundle.present).map((bundle) => bundle.name);
  if (absent.length > 0)
    problems.push({
      what: `dist/ lacks ${absent.join(", ")}`,
      todo: "npm run build in a clone; a package has to be installed again",
    });
  const locked = caches.find((cache) => !cache.writable);
  if (locked !== undefined)
    problems.push({ what: `${locked.path} cannot be written to`, todo: "name another cache folder in AMEMC_CACHE" });
  const full = caches.find((cache) => cache.freeBytes < TIGHT);
  if (full !== undefined)
    problems.push({
      what: `less than 1 GB is free where ${full.path} lies`,
      todo: "make room, or name another cache folder in AMEMC_CACHE",
    });
  return problems;
}

/** Looks at the machine; takes a second, because TensorFlow is loaded and XLA compiles a small program. */
export async function doctor(): Promise<DoctorReport> {
  const tensorflow = await checkTensorFlow();
  const bundles = BUNDLES.map((name) => ({ name, present: existsSync(distFile(name)) }));
  const caches = CACHES.map(cacheReport);
  const set = THREADS.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    amemc: packageVersion(),
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    cpu: {
      model: cpus()[0]?.model ?? "unknown",
      cores: availableParallelism(),
      threadVariables: Object.fromEntries(set),
    },
    memory: { bytes: memoryLimit() },
    tensorflow,
    engine: tensorflow.loads ? "graph" : "portable",
    bundles,
    caches,
    problems: problemsOf(tensorflow, bundles, caches),
  };
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
export const SOURCE_NAMES = {
  folder: "from AMEMC_LIBTENSORFLOW",
  wheel: "from the tensorflow-cpu wheel",
  tfjs: "from tfjs-node",
};

function tensorflowLines({ info, loads, xla, seconds }: TensorFlowReport): readonly (readonly [string, string])[] {
  if (info === null) return [["TensorFlow", "none"]];
  const state = loads ? `loads (${seconds.toFixed(1)} s with the check of XLA)` : "does not load";
  return [
    ["TensorFlow", `${info.version} ${SOURCE_NAMES[info.source]}, ${state}`],
    ["binding", info.bindingPath],
    ["XLA", xla ? "compiles and runs a small program" : "does not work"],
  ];
}

/** The report as text for a terminal; the same facts as `--json`. */
export function renderDoctor(report: DoctorReport): string {
  const variables = Object.entries(report.cpu.threadVariables).map(([name, value]) => `, ${name}=${value}`);
  const lines: (readonly [string, string])[] = [
    ["amemc", report.amemc],
    ["node", `${report.node} on ${report.platform}`],
    ["processor", `${report.cpu.model}, ${report.cpu.cores} threads${variables.join("")}`],
    ["memory", gigabytes(report.memory.bytes)],
    ...tensorflowLines(report.tensorflow),
    ["engine", `auto takes ${report.engine}`],
    ...report.caches.map((cache) => [`cache`, `${cache.path} (${gigabytes(cache.bytes)})`] as const),
  ];
  const facts = lines.map(([name, text]) => `${name.padEnd(11)} ${text}`);
  const problems = report.problems.flatMap(({ what, todo }) => [`problem     ${what}`, `  to do     ${todo}`]);
  return `${[...facts, ...(problems.length === 0 ? ["all is well"] : problems)].join("\n")}\n`;
}
