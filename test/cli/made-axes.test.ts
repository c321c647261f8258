/** Axes made of axes in results: claims, tables and what is said of wrong subscripts. */
import { join } from "node:path";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { expect, test } from "vitest";
import { Diagnostics } from "../../src/base/diagnostic.js";
import { checkResults } from "../../src/language/results/index.js";
import { checkText } from "../language/support.js";
import { amemc, folderWith } from "./helpers.js";

const spec = `
experiment e "E" {
  sweep K in [2, 3]
  axis pos = 6
  axis head = pos[5, 0, 3]
  axis late = pos[2 .. 5]
  axis pre = pos[0 .. K - 1]
  axis place in [0.5, 1.5, 2.5, 4]
  axis far = place[2 .. 3]
  axis kind in {low, middle, high}
  axis ends = kind[high, low]
  axis pixel = 3
  axis class = 2
  axis unit = pixel ++ class
  axis row = 2
  axis col = 3
  axis cell = row * col
  p[pos] = 10 * pos + 1
  q[kind] = position(kind) + 0.5
  f[place] = place^2
  u[unit] = pixel: pixel + 0.5 | class: -class
  g[cell] = 100 * div(cell, 3) + mod(cell, 3)
  measure m {
    lead[head] = p[head]
    tail[late] = p[late]
    far_f[far] = f[far]
    of_ends[ends] = q[ends]
    best = argmax(late) p[late]
    first_kind = argmin(ends) q[ends]
    which[head] = head
    uu[class] = u[class]
    opened[row, col] = g[(row, col)]
    nearest = argmin(far) f[far]
  }
  measure n { ahead[pre] = p[pre]; deepest = argmax(pre) p[pre] }
  chart one "One" = line(x: head, y: m.lead - p[head])
  chart two "Two" = bar(x: ends, y: m.of_ends)
  chart three "Three" = heatmap(x: col, y: row, color: m.opened)
  claim coordinates "c" {
    expect m.lead[head: 5] == 51
    expect m.lead[head: 0] == 1
    expect m.tail[late: 2] == 21
    expect m.far_f[far: 4] == 16
    expect m.far_f[far: near 2.4] == 6.25
    expect m.of_ends[ends: high] == 2.5
    expect m.of_ends[ends: low] == 0.5
    expect m.lead[head: first] == 51
  }
  claim whole "w" {
    expect m.lead == p[head]
    expect m.lead - p[head] == 0
    expect m.tail == p[late]
    expect m.lead == 10 * head + 1
    expect sum(head) m.lead * p[head] == 51^2 + 1 + 31^2
    expect sum(head) p[head] == 83
    expect m.far_f == f[far]
    expect m.of_ends == q[ends]
    expect m.uu == u[class]
    expect m.opened == g[(row, col)]
    expect sum(row, col) g[(row, col)] * m.opened == sum(cell) g^2
    expect m.which == head
  }
  claim indices "i" {
    expect m.best == 5
    expect m.first_kind == low
    expect n.deepest == K - 1
    expect m.nearest == 2.5
    expect (argmax(head) m.lead) == 5
    expect size(head) == 3 and size(unit) == 5 and size(cell) == 6 and size(pre) == K
  }
  claim sweep "s" { expect n.ahead == p[pre]; expect n.ahead == 10 * pre + 1 }

  claim arithmetic "a" {
    expect p[head + 0] == m.lead
    expect (sum(late where late > 2) (p[late - 1] * m.tail[late])) == 21 * 31 + 31 * 41 + 41 * 51
    expect all(late where late > 2) (m.tail[late - 1] == 10 * late - 9)
    expect m.tail[0] == 21
    expect m.tail[late: 3] == 31
    expect p[m.best] == 51
  }
}
`;

const run = async (text: string): ReturnType<typeof amemc> =>
  amemc(folderWith({ "s.amem": text }), ["run", "s.amem", "--engine", "portable"]);

test("results over parts, joins and products are read with the whole's coordinates", async () => {
  const folder = folderWith({ "s.amem": spec });
  const { code, out } = await amemc(folder, ["run", "s.amem", "--engine", "portable"]);
  expect(out.match(/^holds/gmu)).toHaveLength(5);
  expect(code).toBe(0);
  const file = join(folder, "out/s/e/tables/m_head.parquet");
  const rows = await parquetReadObjects({ file: await asyncBufferFromFile(file) });
  expect(rows.map((row): readonly unknown[] => [Number(row.head), row.lead, Number(row.which)])).toEqual([
    [5, 51, 0],
    [0, 1, 1],
    [3, 31, 2],
  ]);
  const ends = await parquetReadObjects({
    file: await asyncBufferFromFile(join(folder, "out/s/e/tables/m_ends.parquet")),
  });
  expect(ends).toEqual([
    { ends: "high", of_ends: 2.5 },
    { ends: "low", of_ends: 0.5 },
  ]);
});

test.each([
  ["coordinates of the whole", "m.lead[head: 5] == 51", "m.lead[head: 5] == 31"],
  ["a part read of the whole", "sum(head) p[head] == 83", "sum(head) p[head] == 33"],
  ["an index of a part as a value", "m.best == 5", "m.best == 3"],
  ["the neighbour along the whole", "p[head + 0] == m.lead", "p[head + 0] == m.lead + 1"],
])("a claim about %s can fail", async (_, right, wrong) => {
  expect(spec).toContain(right);
  const { code, out } = await run(spec.replace(right, wrong));
  expect(out).toMatch(/^fails/mu);
  expect(code).toBe(1);
});

test.each([
  ["m.lead[head: 1] == 51", "AM6020 1"],
  ["m.tail[m.best] == 51", "AM6023 m.best"],
  ["m.opened[(row, col)] == 1", "AM6023 (row, col)"],
  ["g[(col, row)] == 1", "AM6023 (col, row)"],
  ["g[(row, col, 1)] == 1", "AM6023 (row, col, 1)"],
  ["m.lead[late] == 1", "AM6023 late"],
  ["m.lead[pos] == 1", "AM6023 pos"],
])("`%s` is answered with %s", (condition, expected) => {
  const text = spec.replace("expect m.best == 5", `expect ${condition}`);
  const { experiments, diagnostics } = checkText(text);
  expect(diagnostics).toEqual([]);
  const found = new Diagnostics();
  for (const checked of experiments) checkResults(checked, [{ file: "spec.amem", text }], found);
  const shown = found.list.map(({ code, span }) => `${code} ${span === null ? "" : text.slice(span.start, span.end)}`);
  expect(shown[0]).toBe(expected);
});

test("a join whose parts grow with a sweep is read in results at their indices", async () => {
  const { code, out } = await run(`
experiment e "E" {
  sweep K in [1, 3]
  axis place = 5
  axis pattern = place[0 .. K - 1]
  axis circle = 2
  axis begin = pattern ++ circle
  x[begin] = pattern: 10 * pattern | circle: 100 + circle
  measure m { all_of[begin] = x[begin]; own[circle] = x[circle]; other[pattern] = x[pattern] }
  claim c "c" {
    expect m.own == m.all_of[circle]
    expect m.own == m.all_of[begin: circle]
    expect m.other == m.all_of[pattern]
    expect x[circle] == 100 + circle
    expect m.all_of[begin: K] == 100
  }
  claim wrong "w" { expect m.own == m.all_of[circle] + 1 }
}`);
  expect(out).toMatch(/^holds +c /mu);
  expect(out).toMatch(/^fails +wrong/mu);
  expect(code).toBe(1);
});
