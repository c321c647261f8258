/** Runs of the real command, in folders of their own. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";

const packageRoot = new URL("../../", import.meta.url).pathname;

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "amemc-specs-"));
}

export function amemc(args: readonly string[], cwd = packageRoot): Ended {
  const { status, stdout, stderr } = spawnSync("sh", [join(packageRoot, "scripts/amemc"), ...args], {
    cwd,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

export interface Manifest {
  readonly runs: readonly { readonly calls: number; readonly blocks: number; readonly end: string }[];
  readonly programs: readonly {
    readonly phase: string;
    readonly points: number;
    readonly blocks: number;
    readonly steps: number;
  }[];
  readonly blocks: Readonly<
    Record<
      string,
      {
        readonly engine: {
          readonly name: string;
          readonly version: string;
          readonly xla: boolean;
          readonly compiled: boolean;
        };
        readonly calls: number;
      }
    >
  >;
  readonly engineCalls: number;
}

export function manifestOf(folder: string, spec: string, experiment: string): Manifest {
  return JSON.parse(readFileSync(join(folder, spec, experiment, "manifest.json"), "utf8")) as Manifest;
}

export type Row = Readonly<Record<string, number | string | boolean | null>>;

export async function tableOf(
  folder: string,
  spec: string,
  experiment: string,
  table: string,
): Promise<readonly Row[]> {
  const file = await asyncBufferFromFile(join(folder, spec, experiment, "tables", `${table}.parquet`));
  return (await parquetReadObjects({ file })).map((row) =>
    Object.fromEntries(Object.entries(row).map(([key, value]) => [key, plain(value)])),
  );
}

function plain(value: unknown): number | string | boolean | null {
  if (typeof value === "bigint") return Number(value);
  return typeof value === "number" || typeof value === "string" || typeof value === "boolean" ? value : null;
}
