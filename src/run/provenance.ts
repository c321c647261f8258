/** What the manifest says about the surroundings: the machine and the repository of the spec. */
import { execFile } from "node:child_process";
import { availableParallelism, cpus, hostname, totalmem } from "node:os";
import type { GitState, Machine } from "../results/store/manifest.js";

const GIT_MILLISECONDS = 2_000;

export function machine(): Machine {
  return {
    host: hostname(),
    platform: `${process.platform}-${process.arch}`,
    cpu: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    node: process.version,
  };
}

/** The commit that a folder stands at, and whether tracked files differ from it; null outside of a repository. */
export async function gitState(folder: string): Promise<GitState | null> {
  const commit = await git(folder, ["rev-parse", "HEAD"]);
  if (commit === null) return null;
  const changes = await git(folder, ["status", "--porcelain", "--untracked-files=no"]);
  return { commit, changed: changes !== "" };
}

function git(folder: string, args: readonly string[]): Promise<string | null> {
  return new Promise((done) => {
    execFile("git", ["-C", folder, ...args], { timeout: GIT_MILLISECONDS }, (error, stdout) =>
      done(error === null ? stdout.trim() : null),
    );
  });
}
