/** Parts, joins and products in runs: values by hand, engines against the oracle, derivatives against central differences. */
import { describe, expect, test } from "vitest";
import { createPortableEngine } from "../../src/engine/portable/index.js";
import { at } from "../../src/ir/fault.js";
import { madeAxes, madeAxesValues, madeAxesX } from "../support/made-axes.js";
import { oracleRuns, outputOf, planText } from "../support/oracle-runs.js";
import { specFaults } from "../support/spec-faults.js";

const tolerance = { relative: 1e-12, absolute: 1e-12 };

describe("a spec with all kinds of made axes", () => {
  const plan = planText(madeAxes);
  const runs = oracleRuns(plan);
  const point = at(runs.get("m") ?? [], 0);

  test.each(Object.entries(madeAxesValues))("%s", (name, values) => {
    const found = [...outputOf(plan, "m", name, point)];
    expect(found).toHaveLength(values.length);
    found.forEach((value, k) => expect(value).toBeCloseTo(at(values, k), 12));
  });

  test("what was drawn as a position of a part reads the whole there", () => {
    const places = [...outputOf(plan, "m", "places", point)];
    expect(places.every((value) => madeAxesX.slice(2).includes(value))).toBe(true);
    const logits = madeAxesX.slice(2).map((value) => 0.1 * value);
    const sum = Math.log(logits.reduce((all, value) => all + Math.exp(value), 0));
    const crossed = [...outputOf(plan, "m", "crossed", point)];
    crossed.forEach((value, k) => expect(value).toBeCloseTo(sum - 0.1 * at(places, k), 12));
  });

  test("nothing is gathered where an index of a part, a join or a product stands", () => {
    const read = planText(
      madeAxes.replace(
        /measure m \{[^]*\}\n\}/u,
        `measure m {
      a[picked] = x[picked]; b[pixel] = u[pixel]; c[row, col] = g[(row, col)]; d[unit] = pixel: 1 | class: u[class] } }`,
      ),
    );
    const ops = read.phases.flatMap(({ programs }) =>
      programs.flatMap(({ program }) => program.nodes.map((node) => node.op)),
    );
    expect(ops.filter((op) => op === "gather" || op === "scatter_add")).toEqual([]);
  });

  test("the portable engine agrees with the oracle", () => {
    expect(specFaults(createPortableEngine(), plan, runs, tolerance)).toEqual([]);
  });
});

test("derivatives through parts, joins and products are central differences", () => {
  const plan = planText(`
experiment e {
  precision f64
  let step = 1e-5
  axis pixel = 2
  axis class = 3
  axis unit = pixel ++ class
  axis row = 2
  axis cell = row * class
  axis late = unit[1 .. 4]
  axis picked = unit[3, 0]
  param xi[unit] ~ normal(0, 1)
  param G[cell] ~ normal(0, 1)
  both[unit] = pixel: xi[pixel]^2 | class: exp(xi[class]) * xi[pixel: 0]
  made[(row, class)] = sin(G[(row, class)]) * xi[class]
  loss = sum(late) both[late]^3 + sum(picked) tanh(xi[picked]) + sum(cell) made[cell]^2 * G[cell] + sum(late, late') xi[late] * xi[late'] * both[late: 1]
  measure d {
    by_xi[unit] = grad(loss, xi)[unit]
    by_part[late] = grad(loss, xi)[late]
    by_class[class] = grad(loss, xi)[class]
    by_g[cell] = grad(loss, G)[cell]
    by_factor[row, class] = grad(loss, G)[(row, class)]
    up[unit'] = loss with xi[unit] = xi[unit] + (if unit == unit' then step else 0)
    down[unit'] = loss with xi[unit] = xi[unit] - (if unit == unit' then step else 0)
    up_g[cell'] = loss with G[(row, class)] = G[(row, class)] + (if position(row) * 3 + class == cell' then step else 0)
    down_g[cell'] = loss with G[cell] = G[cell] - (if cell == cell' then step else 0)
  }
}`);
  const runs = oracleRuns(plan);
  const of = (name: string): number[] => [...outputOf(plan, "d", name, at(runs.get("d") ?? [], 0))];
  const difference = (up: string, down: string): number[] => of(up).map((value, k) => (value - at(of(down), k)) / 2e-5);
  const close = (found: readonly number[], wanted: readonly number[]): void => {
    expect(found).toHaveLength(wanted.length);
    found.forEach((value, k) => expect(value).toBeCloseTo(at(wanted, k), 6));
  };
  const byXi = difference("up", "down");
  close(of("by_xi"), byXi);
  close(of("by_part"), byXi.slice(1));
  close(of("by_class"), byXi.slice(2));
  close(of("by_g"), difference("up_g", "down_g"));
  close(of("by_factor"), of("by_g"));
  expect(new Set(byXi).size).toBe(5);
  expect(specFaults(createPortableEngine(), plan, runs, { relative: 1e-9, absolute: 1e-9 })).toEqual([]);
});

describe("draws over a part are those of the whole there", () => {
  const drawn = (axes: string, distribution: string): number[] => {
    const text = `experiment e { axis pos = 7; axis dim = 3; axis rep = 2
      axis late = pos[2 .. 5]; axis picked = pos[5, 0, 3]; axis inner = late[1 .. 2]
      n[${axes}] ~ ${distribution}; measure m { y[${axes}] = 1 * n[${axes}] } }`;
    const plan = planText(text);
    return [...outputOf(plan, "m", "y", at(oracleRuns(plan).get("m") ?? [], 0))];
  };
  const rows = (values: readonly number[], size: number): number[][] =>
    Array.from({ length: values.length / size }, (_, k) => values.slice(k * size, (k + 1) * size));

  test.each(["normal(0, 1)", "uniform(0, 1)", "rademacher()"])("%s", (distribution) => {
    const whole = drawn("pos", distribution);
    expect(drawn("late", distribution)).toEqual(whole.slice(2, 6));
    expect(drawn("inner", distribution)).toEqual(whole.slice(3, 5));
    expect(drawn("picked", distribution)).toEqual([5, 0, 3].map((k) => whole[k]));
    const table = rows(drawn("pos, dim", distribution), 3);
    expect(rows(drawn("picked, dim", distribution), 3)).toEqual([5, 0, 3].map((k) => table[k]));
    expect(rows(drawn("dim, late", distribution), 4)).toEqual(
      rows(drawn("dim, pos", distribution), 7).map((row) => row.slice(2, 6)),
    );
    expect(rows(drawn("rep, late, dim", distribution), 12)).toEqual(
      rows(drawn("rep, pos, dim", distribution), 21).map((row) => row.slice(6, 18)),
    );
    expect(rows(drawn("late, rep, dim", distribution), 6)).toEqual(
      rows(drawn("pos, rep, dim", distribution), 6).slice(2, 6),
    );
  });

  test("a permutation of a part orders its own positions", () => {
    const order = drawn("late", "permutation(late)");
    expect([...order].sort((a, b) => a - b)).toEqual([2, 3, 4, 5]);
  });

  test("a sphere of a part is the whole's draw, normalised there", () => {
    const whole = drawn("pos", "normal(0, 1)").slice(2, 6);
    const norm = Math.hypot(...whole);
    drawn("late", "on_sphere(late)").forEach((value, k) => expect(value).toBeCloseTo(at(whole, k) / norm, 6));
  });
});

test("parts whose positions depend on a sweep are programs of their own, and read what they should", () => {
  const plan = planText(`
experiment e {
  precision f64
  sweep N in [4, 6]
  sweep K in [1, 3]
  axis pattern = N
  axis query = pattern[0 .. K - 1]
  axis rest = pattern[K .. N - 1]
  axis odd = pattern[K, 0]
  x[pattern] = 10 * pattern + N
  both[pattern] = rest: 2 * rest | query: -query
  measure m { a[query] = x[query]; b[rest] = x[rest] + rest; c = sum(pattern) both[pattern]; d[odd] = x[odd] }
}`);
  const runs = at([oracleRuns(plan).get("m") ?? []], 0);
  expect(runs).toHaveLength(4);
  for (const point of runs) {
    const { N = 0, K = 0 } = point.coordinates;
    const x = Array.from({ length: N }, (_, k) => 10 * k + N);
    expect([...outputOf(plan, "m", "a", point)]).toEqual(x.slice(0, K));
    expect([...outputOf(plan, "m", "b", point)]).toEqual(x.map((value, k) => value + k).slice(K));
    expect([...outputOf(plan, "m", "d", point)]).toEqual([x[K], x[0]]);
    const sum = x.reduce((all, _, k) => all + (k < K ? -k : 2 * k), 0);
    expect([...outputOf(plan, "m", "c", point)]).toEqual([sum]);
  }
});

test("relations travel with the axes that a template is given, and with generic axes of fns", () => {
  const plan = planText(`
memory net(pattern: axis, unit: axis) {
  xi[pattern, unit] = 10 * pattern + unit
  first[unit] = xi[0, unit]
  last[unit] = xi[size(pattern) - 1, unit]
  fn pick(v[unit])[pattern] = sum(unit) xi[pattern, unit] * v[unit]
}
data ends(t: axis, pos: axis, x[pos]) { seen[t] = x[t]; next[t] = x[t + 1] }
fn total(v[i]) = sum(i) v[i]
fn steps(v[i])[i] = v[i] - v[clamp(i - 1)]
experiment e {
  precision f64
  axis pixel = 2
  axis class = 2
  axis unit = pixel ++ class
  axis all = 5
  axis pattern = all[1 .. 3]
  axis query = pattern[0 .. 1]
  memory M = net(pattern, unit)
  z[all] = all^2
  data d = ends(query, all, x[all] = z[all])
  measure m {
    class_of[query, class] = M.xi[query, class]
    first[unit] = M.first[unit]
    last[unit] = M.last[unit]
    picked[query] = M.pick(M.xi[query, :])[query]
    seen[query] = d.seen[query]
    next[query] = d.next[query]
    all_of_it = total(z[:])
    of_part = total(d.seen[:])
    differences[query] = steps(d.next)[query]
  }
}`);
  const point = at(oracleRuns(plan).get("m") ?? [], 0);
  const of = (name: string): number[] => [...outputOf(plan, "m", name, point)];
  expect(of("class_of")).toEqual([12, 13, 22, 23]);
  expect(of("first")).toEqual([10, 11, 12, 13]);
  expect(of("last")).toEqual([30, 31, 32, 33]);
  expect(of("picked")).toEqual([10, 20].map((base) => [0, 1, 2, 3].reduce((sum, k) => sum + (base + k) ** 2, 0)));
  expect(of("seen")).toEqual([1, 4]);
  expect(of("next")).toEqual([4, 9]);
  expect(of("all_of_it")).toEqual([30]);
  expect(of("of_part")).toEqual([5]);
  expect(of("differences")).toEqual([0, 5]);
});

test("parameters, states and updates over made axes", () => {
  const plan = planText(`
use std.optimizers
experiment e {
  precision f64
  axis pixel = 2
  axis class = 2
  axis unit = pixel ++ class
  axis row = 2
  axis cell = row * class
  axis late = unit[1 .. 3]
  param w[unit] = pixel: 1 | class: 2
  state s[(row, class)] = 10 * row + class
  state place[class] = argmax(late) (0 * late)
  train fit {
    minimize 0.5 * (sum(pixel) w[pixel]^2) + sum(late) w[late] over w
    using gd(lr: 0.5)
    s[(row, class)] <- s[(row, class)] + row
    place[class] <- place[class] + 1
    for 2 steps
    record { w, s, place, pixels[pixel] = w[pixel], opened[row, class] = s[(row, class)] }
  }
}`);
  const { result } = at(oracleRuns(plan).get("fit") ?? [], 0);
  const slots = at(result.groups, 0).entries.map((entry) => entry.map((slot) => [...slot]));
  const w = [
    [1, 1, 2, 2],
    [0.5, 0, 1.5, 1.5],
    [0.25, -0.5, 1, 1],
  ];
  const s = [0, 1, 2].map((t) => [0, 1, 10 + t, 11 + t]);
  // It starts at the first position of the part, which is position 1 of the whole, and becomes an int.
  expect(slots).toEqual([w, s, [1, 2, 3].map((n) => [n, n]), w.map((row) => row.slice(0, 2)), s]);
});

test("updates along a part or a joined axis keep what stands elsewhere", () => {
  const plan = planText(`
use std.optimizers
experiment e {
  precision f64
  axis pos = 5
  axis late = pos[2 .. 3]
  axis picked = pos[4, 0]
  axis pixel = 2
  axis class = 2
  axis unit = pixel ++ class
  param w = 1
  state s[pos] = pos
  state u[unit, pos] = 0
  state n[pos] = true
  train fit {
    minimize w^2 over w
    using gd(lr: 0.1)
    s[late] <- 10 * s[late] + late
    s[picked] <- s[picked] + 0.5 where picked > 0
    u[class, picked] <- u[class, picked] + 10 * class + picked + 1
    u[pixel, 0] <- 7
    n[late] <- not n[late]
    for 2 steps
    record { s, u, n }
  }
}`);
  const runs = oracleRuns(plan);
  const { result } = at(runs.get("fit") ?? [], 0);
  const [s, u, n] = at(result.groups, 0).entries.map((entry) => entry.map((slot) => [...slot]));
  expect(s).toEqual([
    [0, 1, 2, 3, 4],
    [0, 1, 22, 33, 4.5],
    [0, 1, 222, 333, 5],
  ]);
  const row = (first: number, last: number): number[] => [first, 0, 0, 0, last];
  expect(u?.[1]).toEqual([...row(7, 0), ...row(7, 0), ...row(1, 5), ...row(11, 15)]);
  expect(u?.[2]).toEqual([...row(7, 0), ...row(7, 0), ...row(2, 10), ...row(22, 30)]);
  expect(n).toEqual([
    [1, 1, 1, 1, 1],
    [1, 1, 0, 0, 1],
    [1, 1, 1, 1, 1],
  ]);
  expect(specFaults(createPortableEngine(), plan, runs, tolerance)).toEqual([]);
});

test("draws of each step over a part are those of the whole there", () => {
  const slots = (axes: string): number[][] => {
    const plan = planText(`
use std.optimizers
experiment e {
  precision f64
  axis pos = 6
  axis rep = 2
  axis dim = 2
  axis late = pos[2 .. 4]
  axis picked = pos[5, 0]
  param w = 1
  x[pos] = 10 * pos
  train fit {
    draw n[${axes}] ~ normal(0, 1)
    draw c[rep] ~ choice(late)
    draw k[rep] ~ categorical(picked, picked + 1)
    minimize w^2 over w
    using gd(lr: 0.1)
    for 2 steps
    record { n, chosen[rep] = x[c[rep]], drawn[rep] = x[k[rep]] }
  }
}`);
    const runs = oracleRuns(plan);
    expect(specFaults(createPortableEngine(), plan, runs, { relative: 1e-6, absolute: 1e-6 })).toEqual([]);
    const entries = at(at(runs.get("fit") ?? [], 0).result.groups, 0).entries;
    expect([...at(at(entries, 1), 0)].every((value) => [20, 30, 40].includes(value))).toBe(true);
    expect([...at(at(entries, 2), 0)].every((value) => [50, 0].includes(value))).toBe(true);
    return at(entries, 0).map((slot) => [...slot]);
  };
  expect(slots("late")).toEqual(slots("pos").map((row) => row.slice(2, 5)));
  expect(slots("picked")).toEqual(slots("pos").map((row) => [row[5], row[0]]));
  expect(slots("late, rep, dim")).toEqual(slots("pos, rep, dim").map((row) => row.slice(8, 20)));
});

test("parts of joins and products, joins and products of parts, parts of parts", () => {
  const plan = planText(`
experiment e {
  precision f64
  axis pos = 6
  axis late = pos[2 .. 5]
  axis class = 2
  axis unit = late ++ class
  axis whole = pos ++ class
  axis some = whole[5 .. 7]
  axis again = some[0 .. 1]
  axis row = 2
  axis cell = row * late
  axis win = cell[3 .. 6]
  x[pos] = 10 * pos
  u[whole] = pos: x[pos] | class: -1 - class
  z[unit] = late: 5 * late | class: class
  g[(row, late)] = 10 * row + late
  measure m {
    a[some] = u[some]
    b[again] = u[again] + 1000 * again
    c[late] = u[late]
    d[late] = z[late] + u[late]
    e[win] = g[win] + 100 * win
    f[row, late] = g[(row, late)]
    h[row, late] = g[(row, cyclic(late + 1))]
    i[late] = g[(0, late)]
    j[row] = g[(row, 3)]
    n[class] = u[class - 1]
    k[late] = u[late + 1]
    l[again] = a[again]
    best = argmax(again) (-again)
    o = u[best] + a[best]
    p = size(win) + size(again)
  }
}`);
  const runs = oracleRuns(plan);
  const of = (name: string): number[] => [...outputOf(plan, "m", name, at(runs.get("m") ?? [], 0))];
  expect(of("a")).toEqual([50, -1, -2]);
  expect(of("b")).toEqual([5050, 5999]);
  expect(of("c")).toEqual([20, 30, 40, 50]);
  expect(of("d")).toEqual([30, 45, 60, 75]);
  expect(of("e")).toEqual([305, 412, 513, 614]);
  expect(of("f")).toEqual([2, 3, 4, 5, 12, 13, 14, 15]);
  expect(of("h")).toEqual([3, 4, 5, 2, 13, 14, 15, 12]);
  expect(of("i")).toEqual([2, 3, 4, 5]);
  expect(of("j")).toEqual([5, 15]);
  expect(of("n")).toEqual([50, -1]);
  expect(of("k")).toEqual([30, 40, 50, -1]);
  expect(of("l")).toEqual([50, -1]);
  expect(of("o")).toEqual([100]);
  expect(of("p")).toEqual([6]);
  expect(specFaults(createPortableEngine(), plan, runs, tolerance)).toEqual([]);
});
