import { mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { filesBelow } from "../../src/results/store/files.js";
import type { Plan } from "../../src/plan/types.js";
import { openResults } from "../../src/results/source.js";
import { isComplete } from "../../src/run/run.js";
import type { RunOptions } from "../../src/run/run.js";
import type { Ran } from "./fixture.js";
import { newFolder, runIn, setEnvironment, twoPhases } from "./fixture.js";

const plan = twoPhases({ etas: 5, runs: 2, steps: 4 });

/** All block files of a folder with their bytes. */
function bytesOf(folder: string): Readonly<Record<string, string>> {
  const files = filesBelow(join(folder, "blocks"), (name) => /\.(json|bin)$/u.test(name));
  return Object.fromEntries(files.map((file) => [file.slice(folder.length), readFileSync(file).toString("hex")]));
}

const column = ({ store }: Ran, phase: string, name: string): readonly number[] =>
  Array.from(openResults(plan, store).column(phase, name)?.values ?? []);

describe("a run", () => {
  test("completes all points, later phases from what earlier ones left behind", async () => {
    const ran = await runIn(newFolder(), plan);
    expect(isComplete(plan, ran.store)).toBe(true);
    expect(column(ran, "fit", "loss")).toEqual(
      [0, 10, 20, 30, 40].flatMap((eta) => [0, 1, 2, 3, 4].map((t) => eta + t)),
    );
    expect(column(ran, "look", "y")).toEqual([8, 28, 48, 68, 88]);
    expect(Object.keys(ran.blocks)).toHaveLength(6);
    expect(Object.values(ran.blocks)[0]).toMatchObject({
      calls: 1,
      engine: { name: "graph", library: "tensorflow", version: "2.21.0", xla: true, compiled: true },
    });
    expect(ran.calls).toBe(6);
    expect(ran.updates.at(-1)?.[1]).toBe(10);
    expect(ran.diagnostics).toEqual([]);
  });

  test("computes nothing twice", async () => {
    const folder = newFolder();
    await runIn(folder, plan);
    const before = bytesOf(folder);
    expect((await runIn(folder, plan)).calls).toBe(0);
    expect(bytesOf(folder)).toEqual(before);
  });

  test("has the same bytes for any number of workers and after any loss", async () => {
    const [one, three, broken] = [newFolder(), newFolder(), newFolder()];
    await runIn(one, plan);
    await runIn(three, plan, { jobs: 3 });
    await runIn(broken, plan);
    const [lost] = filesBelow(join(broken, "blocks"), (name) => name.endsWith(".json"));
    rmSync(lost ?? "");
    expect((await runIn(broken, plan)).calls).toBe(1);
    expect(bytesOf(three)).toEqual(bytesOf(one));
    expect(bytesOf(broken)).toEqual(bytesOf(one));
  });

  test("writes missing points of a block only", async () => {
    const folder = newFolder();
    await runIn(folder, twoPhases({ etas: 1, runs: 2, steps: 4 }));
    const before = bytesOf(folder);
    const ran = await runIn(folder, plan);
    expect(bytesOf(folder)).toMatchObject(before);
    const first = plan.phases[0]?.programs[0]?.blocks[0]?.key ?? "";
    expect(ran.store.header(`blocks/${first.slice(0, 2)}/${first}`)?.points).toMatchObject([{ place: 1 }]);
    expect(column(ran, "look", "y")).toEqual([8, 28, 48, 68, 88]);
  });

  test("runs in steps of many calls and counts them", async () => {
    setEnvironment({ FAKE_STEPS: "1" });
    const ran = await runIn(newFolder(), plan);
    expect(Object.values(ran.blocks).map(({ calls }) => calls)).toEqual([4, 4, 4, 1, 1, 1]);
    expect(column(ran, "fit", "loss").slice(5, 10)).toEqual([10, 11, 12, 13, 14]);
  });

  test("makes a program ready once, also for its last block", async () => {
    const file = join(newFolder(), "prepared");
    setEnvironment({ FAKE_PREPARED: file });
    await runIn(newFolder(), plan);
    expect(readFileSync(file, "utf8").trim().split("\n")).toEqual(
      plan.phases.flatMap(({ programs }) => programs.map(({ key }) => key)),
    );
  });

  test.each([
    { records: 8, ahead: 3 },
    { records: 40 * 2 ** 20, ahead: 1 },
  ])("sends little blocks ahead to the only worker: $records bytes a run", async ({ records, ahead }) => {
    setEnvironment({ FAKE_CALL_MS: "50" });
    const folder = newFolder();
    const held: number[] = [];
    const update = (): void => void held.push(filesBelow(folder, (name) => name.endsWith(".lock")).length);
    const heavy = withRecordBytes(plan, records);
    await runIn(folder, heavy, { jobs: null, progress: { start: () => undefined, update, end: () => undefined } });
    expect(held[0]).toBe(ahead);
  });

  test("does not wait for its workers' ends, and says nothing more", async () => {
    setEnvironment({ FAKE_EXIT_MS: "1000" });
    const { updates } = await runIn(newFolder(), plan);
    const said = updates.length;
    await new Promise((done) => setTimeout(done, 1500));
    expect(updates).toHaveLength(said);
  });

  test("takes more workers when they are worth their start", async () => {
    setEnvironment({ FAKE_SECONDS: "20", FAKE_CALL_MS: "50" });
    expect((await runIn(newFolder(), twoPhases({ etas: 40, runs: 2, steps: 4 }), { jobs: null })).jobs).toBeGreaterThan(
      1,
    );
    setEnvironment({ FAKE_SECONDS: "0.01" });
    expect((await runIn(newFolder(), twoPhases({ etas: 40, runs: 2, steps: 4 }), { jobs: null })).jobs).toBe(1);
  });
});

describe("workers that die", () => {
  test("a block gets a second chance", async () => {
    const kill = join(newFolder(), "kill");
    writeFileSync(kill, "once\n");
    setEnvironment({ FAKE_KILL: kill });
    const ran = await runIn(newFolder(), plan);
    expect(isComplete(plan, ran.store)).toBe(true);
    expect(ran.failures).toEqual({});
    expect(ran.diagnostics).toEqual([]);
  });

  test("and no third one; the others go on, with the log kept", async () => {
    const kill = join(newFolder(), "kill");
    writeFileSync(kill, "once\ntwice\n");
    setEnvironment({ FAKE_KILL: kill });
    const folder = newFolder();
    const ran = await runIn(folder, plan);
    const [failure] = Object.values(ran.failures);
    expect(failure).toMatchObject({ phase: "fit", points: [0, 1], log: "out of luck" });
    expect(failure?.reason).toContain("SIGKILL");
    expect(ran.diagnostics.map(({ code, message }) => [code, message])).toEqual([
      ["AM7002", expect.stringContaining("`fit` failed at eta = 0 and 1 more point")],
    ]);
    expect(column(ran, "look", "y")).toEqual([NaN, NaN, 48, 68, 88]);
    expect(isComplete(plan, (await runIn(folder, plan)).store)).toBe(true);
  });

  test("one that never gets ready ends the run", async () => {
    setEnvironment({ FAKE_NOT_READY: "1" });
    await expect(runIn(newFolder(), plan)).rejects.toMatchObject({
      diagnostic: { code: "AM7202", notes: ["no such library"] },
    });
  });

  test("a program that cannot be made fails its points, once", async () => {
    setEnvironment({ FAKE_ERROR: "1" });
    const ran = await runIn(newFolder(), plan);
    expect(Object.values(ran.failures).flatMap(({ points }) => points)).toEqual([0, 1, 2, 3, 4]);
    expect(ran.diagnostics.map(({ code }) => code)).toEqual(["AM7002"]);
    expect(ran.diagnostics[0]?.message).toContain("XLA cannot do that");
  });
});

describe("runs that end badly", () => {
  test("divergences are told once a phase", async () => {
    setEnvironment({ FAKE_DIVERGE: "20" });
    const ran = await runIn(newFolder(), plan);
    expect(ran.diagnostics.map(({ code, message }) => [code, message])).toEqual([
      ["AM6501", "1 of 5 runs of `fit` became non-finite: eta = 20 at step 3"],
    ]);
    expect(openResults(plan, ran.store).phases.get("fit")?.[2]?.state).toBe("diverged");
  });

  test("failed checks are told at once, and what needs the point stays missing", async () => {
    setEnvironment({ FAKE_FAIL: "20" });
    const ran = await runIn(newFolder(), plan);
    const key = plan.phases[0]?.points[2]?.key.slice(0, 8) ?? "";
    expect(ran.diagnostics.map(({ message }) => message)).toEqual([
      `\`fit\` failed at eta = 20: \`label[token]\` lies outside of \`class\` at step 3; again alone: \`amemc run s.amem --point ${key}\``,
    ]);
    expect(
      openResults(plan, ran.store)
        .phases.get("look")
        ?.map(({ state }) => state),
    ).toEqual([...["done", "done", "missing", "done", "done"]]);
    const again = await runIn(newFolder(), plan);
    expect(again.failures).toEqual({});
  });
});

describe("several processes on one folder", () => {
  test("share the blocks", async () => {
    setEnvironment({ FAKE_CALL_MS: "100" });
    const [folder, alone] = [newFolder(), newFolder()];
    const both = await Promise.all([runIn(folder, plan), runIn(folder, plan)]);
    expect(both.map(({ calls }) => calls).reduce((sum, calls) => sum + calls)).toBe(6);
    expect(both.every(({ calls }) => calls > 0)).toBe(true);
    for (const { store } of both) expect(isComplete(plan, store)).toBe(true);
    await runIn(alone, plan);
    expect(bytesOf(folder)).toEqual(bytesOf(alone));
  });

  test("a lock outlives no crash, and one that is held is waited for", async () => {
    const folder = newFolder();
    const keys = plan.phases[0]?.programs[0]?.blocks.map(({ key }) => key) ?? [];
    const lock = (key: string, owner: string): string => {
      const file = join(folder, "blocks", key.slice(0, 2), `${key}.lock`);
      mkdirSync(join(file, ".."), { recursive: true });
      writeFileSync(file, owner);
      return file;
    };
    lock(keys[0] ?? "", `${hostname()} 99999999`);
    const held = lock(keys[1] ?? "", `${hostname()} ${process.ppid}`);
    const old = lock(keys[2] ?? "", "elsewhere 1");
    utimesSync(old, new Date(0), new Date(0));
    const looks = plan.phases[1]?.programs[0]?.blocks.map(({ key }) => key) ?? [];
    // Killed between making the file and writing into it; and before the clock was set back.
    lock(looks[0] ?? "", "");
    const tomorrow = new Date(Date.now() + 86_400_000);
    utimesSync(lock(looks[1] ?? "", "elsewhere 1"), tomorrow, tomorrow);
    const began = Date.now();
    setTimeout(() => rmSync(held), 1500);
    const ran = await runIn(folder, plan);
    expect(Date.now() - began).toBeGreaterThan(1400);
    expect(Date.now() - began).toBeLessThan(20_000);
    expect(ran.calls).toBe(6);
    expect(filesBelow(folder, (name) => name.endsWith(".lock"))).toEqual([]);
  });
});

function withRecordBytes(small: Plan, recordBytes: number): Plan {
  const phases = small.phases.map((phase) => ({
    ...phase,
    programs: phase.programs.map((program) => ({ ...program, cost: { ...program.cost, recordBytes } })),
  }));
  return { ...small, phases };
}

/** Ctrl-C after some words from the workers. */
function interruptAfter(updates: number): Pick<RunOptions, "interrupt" | "progress"> {
  let [count, interrupt] = [0, (_times: number): void => undefined];
  const update = (): void => {
    count += 1;
    if (count === updates) interrupt(1);
  };
  return {
    interrupt: { onInterrupt: (listener) => void (interrupt = listener) },
    progress: { start: () => undefined, update, end: () => undefined },
  };
}

describe("an interrupted run", () => {
  test("keeps what is done and goes on from its checkpoint", async () => {
    const folder = newFolder();
    const log = join(folder, "log");
    setEnvironment({ FAKE_STEPS: "1", FAKE_CALL_MS: "30", FAKE_LOG: log });
    const long = twoPhases({ etas: 2, runs: 2, steps: 40 });
    const first = await runIn(folder, long, {
      ...interruptAfter(5),
    });
    expect(first.interrupted).toBe(true);
    expect(isComplete(long, first.store)).toBe(false);
    const second = await runIn(folder, long);
    expect(second.interrupted).toBe(false);
    const starts = readFileSync(log, "utf8")
      .trim()
      .split("\n")
      .map((line) => line.split(" ")[1]);
    expect(starts[0]).toBe("start");
    expect(Number(starts[1])).toBeGreaterThan(0);
    expect(second.blocks[long.phases[0]?.programs[0]?.blocks[0]?.key ?? ""]?.calls).toBe(40);
    const undisturbed = newFolder();
    await runIn(undisturbed, long);
    expect(bytesOf(folder)).toEqual(bytesOf(undisturbed));
    expect(filesBelow(folder, (name) => name.endsWith(".checkpoint"))).toEqual([]);
  });

  test("ends at once the second time", async () => {
    setEnvironment({ FAKE_STEPS: "1", FAKE_CALL_MS: "60000" });
    const ran = await runIn(newFolder(), plan, {
      interrupt: {
        onInterrupt: (listener) => {
          setTimeout(() => listener(1), 200);
          setTimeout(() => listener(2), 400);
        },
      },
    });
    expect(ran.interrupted).toBe(true);
  });

  test("a worker that dies goes on from the last state that it sent", async () => {
    const folder = newFolder();
    const [log, kill] = [join(folder, "log"), join(folder, "kill")];
    writeFileSync(kill, "");
    setEnvironment({ FAKE_STEPS: "1", FAKE_CALL_MS: "30", FAKE_LOG: log, FAKE_STATES: "1", FAKE_KILL: kill });
    const long = twoPhases({ etas: 2, runs: 2, steps: 40 });
    const timer = setInterval(() => {
      if (filesBelow(folder, (name) => name.endsWith(".checkpoint")).length === 0) return;
      writeFileSync(kill, "now\n");
      clearInterval(timer);
    }, 20);
    const ran = await runIn(folder, long);
    expect(isComplete(long, ran.store)).toBe(true);
    const starts = readFileSync(log, "utf8")
      .trim()
      .split("\n")
      .map((line) => line.split(" ")[1]);
    expect(Number(starts[1])).toBeGreaterThan(0);
  });
});
