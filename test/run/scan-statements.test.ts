/** Statements in the bodies of scans: as loops, written out, on both engines, against the same without a scan. */
import { describe, expect, it } from "vitest";
import { enginesHere } from "../engine/graph/native.js";
import { at } from "../../src/ir/fault.js";
import { oracleRuns, outputOf, planText } from "../support/oracle-runs.js";
import { agreesWithOracle } from "../support/spec-runs.js";

/** A short scan is a loop where something might end it. */
const never = "until 1 > 2";

/** Bodies whose results `name_` are to be those of the equations `name`. */
const cases: Readonly<Record<string, readonly [string, string]>> = {
  "several results of a fn": [
    `fn both(v[key])([], [key]) = { m = mean(key) v[key]; return m, v[key] - m }
  scan t: time END { state s = 0.0; (a[t], b[t, key]) = both(k[t, :]); (c, d) = (a[t] * 2, t + 1); s <- s + c * d + b[t, 1] }`,
    `a_[time] = a[time]; b_[time, key] = b[time, key]; s_ = s
    a[time] = mean(key) k[time, key]; b[time, key] = k[time, key] - mean(key') k[time, key']
    s = sum(time) (2 * (mean(key) k[time, key]) * (time + 1) + k[time, 1] - mean(key) k[time, key])`,
  ],
  "a decomposition": [
    `scan t: time END { state s[key] = 0.0
    G[key, key'] = k[t, key] * k[t, key'] + (if key == key' then 1 + key else 0)
    (lam[t, e], vec[e, key]) = eigh(key, key') G[key, key']
    s[key] <- s[key] + sum(e) lam[t, e] * vec[e, key]^2 }`,
    `lam_[time, e] = lam[time, e]; s_[key] = s[key]
    lam[time, e] = values[time, e]
    s[key] = sum(time) H[time, key, key]`,
  ],
  "writes of a slice": [
    `scan t: time END { state K[slot, key] = 0.0; state Q[time', key] = 0.0
    where_ = mod(t, 2)
    K[where_, key] <- k[t, key]
    Q[t, key] <- k[t, key] where key != 1 }`,
    `K_[slot, key] = K[slot, key]; Q_[time, key] = Q[time, key]
    K[slot, key] = k[size(time) - 2 + slot, key]; Q[time, key] = if key == 1 then 0 else k[time, key]`,
  ],
  "writes of a part, parts of a join, a list": [
    `scan t: time END { state K[unit] = [1, 2, 3, 4, 5]; state L[unit] = 0.0
    J[unit] = head: t + head | extra: -1
    K[head] <- 2 * K[head]
    L[unit] <- L[unit] + J[unit] }`,
    `K_[unit] = K[unit]; L_[unit] = L[unit]
    K[unit] = if unit < 3 then 16 * (unit + 1) else unit + 1; L[unit] = if unit < 3 then 6 + 4 * unit else -4`,
  ],
  "stacks along two scans": [
    `scan t: time END { state a = 0.0
    scan u: key END { state b = 1.0; b <- b * k[t, u]; kept[u, t] = b + a }
    a <- a + b }`,
    `kept_[key, time] = kept[key, time]
    p[time] = prod(key) k[time, key]
    kept[key, time] = (cumprod(key) k[time, key]) + sum(time' where time' < time) p[time']`,
  ],
  "a beginning that becomes real": [
    `scan t: time END { state v[key] ~ choice(2..2); v[key] <- v[key] / 2 + t }`,
    `v_[key] = v[key]
    v[key] = 2 / 16 + 3 + 2 / 2 + 1 / 4 + 0 * key`,
  ],
};

const spec = (body: string, measured: string, end: string): string => {
  const [first = "", ...rest] = measured.split("\n");
  return `experiment e {
  axis time = 4
  axis key = 3
  axis e = 3
  axis slot = 2
  H[time, key, key'] = k[time, key] * k[time, key'] + (if key == key' then 1 + key else 0)
  (values[time, e], vectors[time, e, key]) = eigh(key, key') H[time, key, key']
  axis head = 3
  axis extra = 2
  axis unit = head ++ extra
  k[time, key] = sin(1 + 3 * time + 5 * key)
  ${body.replaceAll("END", end)}
  measure found { ${first} }
  measure wanted { ${rest.join("\n")} }
}`;
};

describe.each(Object.entries(cases))("%s", (_, [body, measured]) => {
  it.each([
    ["written out", ""],
    ["as a loop", never],
  ])("are as without the scan, %s", (_form, end) => {
    const plan = planText(spec(body, measured, end));
    const runs = oracleRuns(plan);
    const [found, wanted] = ["found", "wanted"].map((name) => at(runs.get(name) ?? [], 0));
    if (found === undefined || wanted === undefined) throw new Error("there is no point");
    const results = (plan.phases.find(({ name }) => name === "found")?.results ?? []).map(({ name }) => name);
    expect(results.length).toBeGreaterThan(0);
    for (const name of results) {
      const values = [...outputOf(plan, "wanted", name.slice(0, -1), wanted)];
      [...outputOf(plan, "found", name, found)].forEach((value, k) => {
        expect(Math.abs(value - at(values, k)), `${name} ${k}: ${value} and not ${at(values, k)}`).toBeLessThan(1e-6);
      });
      expect(values.some((value) => value !== 0)).toBe(true);
    }
  });

  it.each(Object.keys(enginesHere()))("are the oracle's on %s", async (engine) => {
    for (const end of ["", never])
      await agreesWithOracle(spec(body, measured, end), engine as "graph" | "portable", 1e-5);
  });
});
