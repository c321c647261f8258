/** Runs the built command line as a process. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pc from "picocolors";
import { onTestFinished } from "vitest";
import { distFile } from "../../src/base/package.js";
import { Journal } from "../../src/cli/ci/journal.js";
import type { Terminal } from "../../src/cli/terminal.js";

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A folder with specs by name. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), "amemc-cli-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** Variables that change what is printed are not inherited. */
export function plainEnvironment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const env = { ...process.env };
  const changing = ["NO_COLOR", "FORCE_COLOR", "CI", "GITHUB_ACTIONS", "GITHUB_WORKSPACE", "GITHUB_STEP_SUMMARY"];
  for (const name of [...changing, "AMEMC_DEBUG"]) Reflect.deleteProperty(env, name);
  return { ...env, ...more };
}

/** Ends with the test at the latest, unless there is none around it. */
export function start(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  isInTest = true,
): ChildProcess {
  const child = spawn(process.execPath, [distFile("cli.mjs"), ...args], {
    cwd: folder,
    env: plainEnvironment(env),
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (isInTest) onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

export function ended(child: ChildProcess): Promise<Ended> {
  let [out, err] = ["", ""];
  child.stdout?.on("data", (data: Buffer) => (out += data.toString()));
  child.stderr?.on("data", (data: Buffer) => (err += data.toString()));
  return new Promise((done) => child.on("close", (code) => done({ code, out, err })));
}

export const amemc = (
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> => ended(start(folder, args, env));

interface Shape {
  readonly steps?: number;
  readonly etas?: string;
  readonly claims?: string;
  readonly more?: string;
}

/** A terminal that keeps what is written. */
export function written(more: Partial<Terminal> = {}): {
  readonly terminal: Terminal;
  readonly out: string[];
  readonly err: string[];
} {
  const [out, err]: [string[], string[]] = [[], []];
  const colors = pc.createColors(false);
  const terminal: Terminal = {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    command: (text, stream) => void (stream === "out" ? out : err).push(text),
    journal: new Journal(),
    outColors: colors,
    errColors: colors,
    live: false,
    width: 80,
    github: false,
    env: {},
    ...more,
  };
  return { terminal, out, err };
}

/** A small experiment: w goes to 0 by gradient descent on w^2 / 2, and away from it for eta > 2. */
export const descent = ({ steps = 10, etas = "[0.1, 0.5]", claims = "", more = "" }: Shape = {}): string => `
experiment small "Gradient descent on a parabola" {
  sweep eta in ${etas}
  param w = 1
  loss = w^2 / 2
  train fit {
    minimize loss over w
    using step(lr: eta)
    for ${steps} steps
    record { loss, w }
  }
${claims}
}
optimizer step(lr) for w[..] {
  w[..] <- w[..] - lr * grad[..]
}
${more}`;

export const claim = (name: string, condition: string, marks = ""): string =>
  `  claim ${name} "${name}" ${marks} { expect ${condition} }`;
