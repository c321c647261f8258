import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  readPlanFile,
  readProgram,
  storedText,
  withoutPrograms,
  writePlan,
} from "../../../src/results/store/plan-file.js";
import { raggedPlan, temporaryFolder } from "./fixture.js";

const origin = (text: string): Parameters<typeof writePlan>[1] => ({
  amemc: "0.1.0",
  spec: { ...storedText("specs/small.amem", text), path: "../../specs/small.amem" },
  modules: [storedText("std/linear.amem", "// linear")],
  data: [{ question: "header of x.npy", answer: { shape: [3, 2] } }],
});

test("a plan comes back as it was, with its programs beside it", async () => {
  const folder = temporaryFolder();
  const plan = {
    ...raggedPlan(),
    sweeps: [{ name: "eta", coordinates: [1, Infinity, -0], labels: null, integer: true }],
  };
  const written = await writePlan(folder, origin("experiment small {}"), plan);
  const reading = await readPlanFile(folder);
  expect(reading).toEqual({ kind: "plan", file: written });
  expect(written.revision).toBe(1);
  expect(written.plan).toEqual(withoutPrograms(plan));
  const key = plan.phases[0]?.programs[0]?.key ?? "";
  expect(readProgram(folder, key)).toEqual(plan.phases[0]?.programs[0]?.program);
});

test("an edit writes the next revision, the same again does not", async () => {
  const folder = temporaryFolder();
  await writePlan(folder, origin("experiment small {}"), raggedPlan());
  const bytes = readFileSync(join(folder, "plan.json"));
  expect((await writePlan(folder, origin("experiment small {}"), raggedPlan())).revision).toBe(1);
  expect(readFileSync(join(folder, "plan.json"))).toEqual(bytes);
  expect((await writePlan(folder, origin("experiment small { }"), raggedPlan())).revision).toBe(2);
});

test("what is no plan is told from none", async () => {
  const folder = temporaryFolder();
  expect(await readPlanFile(folder)).toEqual({ kind: "none" });
  writeFileSync(join(folder, "plan.json"), "{");
  expect(await readPlanFile(folder)).toEqual({ kind: "bad", reason: "it is no JSON" });
  writeFileSync(join(folder, "plan.json"), '{"format": 2}');
  expect(await readPlanFile(folder)).toMatchObject({ kind: "bad" });
});
