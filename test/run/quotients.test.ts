/** Quotients by constants are rounded once, in loops and outside of them: where all of n hold, their mean is 1 for every n. */
import { describe, expect, test } from "vitest";
import { runText } from "../support/spec-runs.js";

const DIVISORS = [3, 7, 10, 41, 49, 61, 0.1, 1e-3, 8];
const SIZE = 3000;

const text = `experiment quotients {
  axis i = ${SIZE}
  x[i] = real(i)
  param w = 0
  train steps {
    w <- w + 1
    for 1 steps
    record { ${DIVISORS.map((divisor, k) => `q${k}[i] = (x[i] + w) / ${divisor}`).join("; ")} }
  }
  ${DIVISORS.map((_, k) => `axis n${k} = ${[41, 47, 49, 55, 61, 82, 83, 97, 98][k] ?? 1}`).join("; ")}
  measure means { ${DIVISORS.map((_, k) => `m${k} = mean(n${k}) (n${k} + w > 0)`).join("; ")} }
  infinite = (1e30 * w)^2 / 3
  none = (w - 1) / (w - 1) / 3
  measure edges { kept = infinite > 1e38 and -infinite < -1e38 and none != none }
}
`;

describe.each(["graph", "portable"] as const)("%s", (engine) => {
  test("quotients and means", async () => {
    const single = Math.fround;
    await runText(text, engine, (results) => {
      DIVISORS.forEach((divisor, k) => {
        const found = [...(results.column("steps", `q${k}`)?.values ?? [])].slice(0, SIZE);
        const wanted = Array.from({ length: SIZE }, (_, i) => single(i / single(divisor)));
        expect(found).toEqual(wanted);
        expect([...(results.column("means", `m${k}`)?.values ?? [])]).toEqual([1]);
      });
      expect([...(results.column("edges", "kept")?.values ?? [])]).toEqual([1]);
    });
  }, 120_000);
});
