// The tarball that `npm pack` makes, installed in an empty folder as a user would, with a home that holds nothing.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../../src/base/package.js";

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Installed {
  readonly folder: string;
  /** The installed package itself. */
  readonly home: string;
  /** Paths in the tarball. */
  readonly files: readonly string[];
  run(command: readonly string[], env?: Readonly<Record<string, string>>): Ended;
  remove(): void;
}

/** Without what npm and amemc take from the environment. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(([name]) => !/^(npm_|AMEMC_|XDG_|GITHUB_|CI$)/u.test(name));
  return Object.fromEntries(entries);
}

function call(command: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Ended {
  const [program = "", ...args] = command;
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, env, encoding: "utf8" });
  return { code: status, out: stdout, err: error === undefined ? stderr : error.message };
}

function mustWork(command: readonly string[], cwd: string, env: NodeJS.ProcessEnv): string {
  const { code, out, err } = call(command, cwd, env);
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code ?? "a signal"}: ${err}`);
  return out;
}

export function installPackage(): Installed {
  const folder = mkdtempSync(join(tmpdir(), "amemc-package-"));
  const [packed, project, home] = ["packed", "project", "home"].map((name) => join(folder, name));
  if (packed === undefined || project === undefined || home === undefined) throw new Error("unreachable");
  for (const path of [packed, project, home]) mkdirSync(path);
  const out = mustWork(["npm", "pack", "--json", "--pack-destination", packed], packageRoot(), process.env);
  const [{ files }] = JSON.parse(out) as [{ readonly files: readonly { readonly path: string }[] }];
  const tarball = join(packed, readdirSync(packed)[0] ?? "");
  const env = { ...plainEnvironment(), HOME: home, NO_COLOR: "1", npm_config_update_notifier: "false" };
  // Offline, and with an npm cache that holds nothing: the tarball is all there is.
  mustWork(["npm", "install", tarball, "--ignore-scripts", "--offline", "--no-audit", "--no-fund"], project, env);
  return {
    folder: project,
    home: join(project, "node_modules/amemc"),
    files: files.map(({ path }) => path),
    run: (command, more = {}) => call(command, project, { ...env, ...more }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
