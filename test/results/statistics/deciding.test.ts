import { describe, expect, test } from "vitest";
import { decidingForMean, decidingForShare } from "../../../src/results/statistics/deciding.js";
import { wilsonInterval } from "../../../src/results/statistics/wilson.js";

describe("intervals", () => {
  test("Wilson's, beside published values (Newcombe 1998, table I)", () => {
    const [low, high] = wilsonInterval(81, 263, 0.95);
    expect([low.toFixed(4), high.toFixed(4)]).toEqual(["0.2553", "0.3662"]);
    expect(wilsonInterval(0, 20, 0.95).map((x) => x.toFixed(4))).toEqual(["0.0000", "0.1611"]);
  });

  test("the number that decides is the least one that does", () => {
    expect(decidingForShare(1, 0.9, 0.95)).toBe(35);
    expect(wilsonInterval(35, 35, 0.95)[0]).toBeGreaterThan(0.9);
    expect(wilsonInterval(34, 34, 0.95)[0]).toBeLessThan(0.9);
    expect(decidingForShare(0.9, 0.9, 0.95)).toBeNull();
    // t(0.975, 17) / sqrt(18) = 0.4973, t(0.975, 16) / sqrt(17) = 0.5142
    expect(decidingForMean(0.5, 1, 0.95)).toBe(18);
  });
});
