/**
 * Random signals to random processes of a run, again and again: whatever was killed, the results are the bytes of a run
 * that nobody disturbed. By environment: SOAK_ROUNDS (50), SOAK_SEED (printed), SOAK_ENGINE (`portable`, `graph`; both).
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readNative } from "../../src/base/native.js";
import { filesBelow } from "../../src/results/store/files.js";
import { amemc, ended, start } from "../cli/helpers.js";
import type { Ended } from "../cli/helpers.js";
import { folderOf, tableBytes } from "../run/whole.js";

const rounds = Number(process.env.SOAK_ROUNDS ?? 50);
const seed = Number(process.env.SOAK_SEED ?? Date.now() % 1_000_000);
const engines = (process.env.SOAK_ENGINE ?? (readNative() === null ? "portable" : "portable graph")).split(" ");

/** Two trainings one after the other and a measure; the size of the matrix makes programs of their own. */
const spec = (steps: number): string => `
experiment map "Two maps, one after the other" {
  sweep columns in [16, 32]
  sweep eta in [0.001, 0.002, 0.003]
  sweep seed in 0..11
  axis i = 100
  axis j = columns
  x[j] ~ normal(0, 1)
  y[i] ~ normal(0, 1)
  param W[i, j] = 0
  param v[i] = 0
  loss = mean(i) (y[i] - sum(j) W[i, j] * x[j])^2
  rest = mean(i) (y[i] - v[i] - sum(j) W[i, j] * x[j])^2
  train first {
    minimize loss over W
    using slide(lr: eta)
    for ${steps} steps
    record every ${Math.floor(steps / 10)} { loss }
    record last { W }
  }
  train second {
    minimize rest over v
    using slide(lr: eta)
    for ${Math.floor(steps / 2)} steps
    record every ${Math.floor(steps / 10)} { rest }
  }
  measure size {
    norm = sqrt(sum(i) v[i]^2)
  }
  claim falls "It learns" { expect first.loss[step: last] < first.loss[step: first] }
}
optimizer slide(lr) for w[..] {
  w[..] <- w[..] - lr * grad[..]
}
`;

/** Numbers from 0 to 1 that are the same for the same seed. */
function randomNumbers(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const wait = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

function workersOf(parent: number): readonly number[] {
  try {
    const text = readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8").trim();
    return text === "" ? [] : text.split(" ").map(Number);
  } catch {
    return [];
  }
}

const SIGNALS = ["SIGKILL", "SIGTERM", "SIGINT"] as const;

test.each(engines)("%s", async (engine) => {
  const random = randomNumbers(seed);
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const text = spec(engine === "graph" ? 20_000 : 2_000);
  const args = ["run", "s.amem", "--engine", engine];
  const quiet = folderOf(text);
  const undisturbed = await amemc(quiet, args);
  expect(undisturbed.code).toBe(0);
  const bytes = tableBytes(quiet);
  const counts = new Map<string, number>();
  const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
  let folder = folderOf(text);

  const check = (end: Ended, where: string): void => {
    expect([where, end.err]).toEqual([where, expect.not.stringMatching(/AM9999|AM710\d|\n {4}at /u)]);
    // 3: workers were killed twice with the same block, which the next run tries again. 2: before they were ready.
    const allowed = [null, 0, 3, 130, ...(end.err.includes("AM7202") ? [2] : [])];
    expect(allowed, `${where}: ${end.err}`).toContain(end.code);
    count(`ended with ${end.code ?? "a signal"}`);
  };
  for (let round = 1; round <= rounds; round++) {
    const where = `seed ${seed}, round ${round}`;
    const child = start(folder, [...args, "--jobs", String(1 + Math.floor(3 * random()))]);
    const ending = ended(child);
    const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
    const stop = random() < 0.8 ? 100 + 4000 * random() : Infinity;
    const began = performance.now();
    while (!isOver()) {
      await wait(Math.min(200 + 1500 * random(), Math.max(1, stop - (performance.now() - began))));
      const isLast = performance.now() - began >= stop;
      const victim = isLast ? child.pid : pick(workersOf(child.pid ?? 0));
      const signal = pick(SIGNALS);
      if (isOver() || victim === undefined || signal === undefined || (!isLast && random() < 0.5)) continue;
      try {
        process.kill(victim, signal);
        count(`${signal} to ${isLast ? "the command" : "a worker"}`);
      } catch {
        // It was faster.
      }
      if (isLast) break;
    }
    const end = await ending;
    check(end, where);
    if (end.code !== 0) continue;
    expect(tableBytes(folder), where).toEqual(bytes);
    count("folders completed and compared");
    folder = folderOf(text);
  }
  const last = await amemc(folder, args);
  console.log(
    `soak: ${engine}, seed ${seed}, ${rounds} rounds: ${[...counts].map(([what, n]) => `${n} ${what}`).join(", ")}`,
  );
  expect([last.code, last.out], `seed ${seed}`).toEqual([0, undisturbed.out]);
  expect(tableBytes(folder), `seed ${seed}`).toEqual(bytes);
  expect(filesBelow(join(folder, "out"), (name) => /\.(?:lock|checkpoint|damaged)$/u.test(name))).toEqual([]);
});
