import { expect, test } from "vitest";
import { PointKeys } from "../../src/run/point-keys.js";
import { twoPhases } from "./fixture.js";

test("a short key is eight digits long, or as long as it takes to be no other point's", () => {
  const plan = twoPhases({ etas: 3, runs: 1, steps: 1 });
  const [phase] = plan.phases;
  if (phase === undefined) throw new Error("no phase");
  const [a = "", b = "", c = ""] = ["0123456789abc0", "0123456789abd0", "0123450000"].map((key) => key.padEnd(64, "0"));
  const points = phase.points.map((point, k) => ({ ...point, key: [a, b, c][k] ?? "" }));
  const keys = new PointKeys({ phases: [{ ...phase, points }] });
  expect([a, b, c].map((key) => keys.short(key))).toEqual(["0123456789abc", "0123456789abd", "01234500"]);
});
