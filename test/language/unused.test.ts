import { describe, expect, test } from "vitest";
import { library } from "../../src/language/library.js";
import { checkText, oneLine } from "./support.js";

const said = (text: string): readonly string[] =>
  checkText(text).diagnostics.map((diagnostic) => `${diagnostic.severity} ${oneLine(diagnostic)}`);

test("what no argument could mend is told of templates and fns that nothing uses", () => {
  expect(said("fn f(z) = zz + 1\n")).toEqual(["warning AM2001 spec.amem:10 there is no `zz` here"]);
  expect(said("memory m(a: axis, e[a], n) {\n  x[a] = e[a] * nn\n  y[a] = x[a] + sum(i) e[i]\n}\n")).toEqual([
    "warning AM2001 spec.amem:45 there is no `nn` here",
  ]);
  expect(
    said("optimizer o(lr) for w[i, ..] {\n  state m[i, ..] = 0\n  w[i, ..] <- w[i, ..] - rate * m[i, ..]\n}\n"),
  ).toEqual(["warning AM2001 spec.amem:77 there is no `rate` here"]);
});

test("what arguments could mend is not", () => {
  expect(
    said(
      "memory m(a: axis, b: axis, how, world: data, fn g(z) = z) {\n  x[a] = case how { soft: world.p[a], else: g(2) }\n  y = if how == soft then 1 else 0\n  z[a] = x[b]\n  w = size(a) / 2\n  axis c = size(b) + how\n  v[c] ~ on_sphere(c)\n}\n".replace(
        ", fn g(z) = z)",
        ", g: fn)",
      ),
    ),
  ).toEqual([]);
  for (const { text } of library.values()) expect(said(text)).toEqual([]);
});

test("once something is used, it is checked with its arguments only", () => {
  expect(said("fn f(z) = zz + 1\nexperiment e {\n  x = f(1)\n}\n")).toEqual([
    "error AM2001 spec.amem:10 there is no `zz` here",
  ]);
});

describe("parameters that the text of a template never mentions", () => {
  const warned = (text: string): readonly string[] =>
    checkText(text).diagnostics.map(
      ({ code, severity, span }) => `${severity} ${code} ${text.slice(span?.start, span?.end)}`,
    );
  const around = (templates: string, inside: string): string =>
    `use std.optimizers\n${templates}\nexperiment e {\n  axis token = 3\n  axis dim = 2\n${inside}\n}\n`;
  const used = "  memory M = pairs(token, dim, 2, x[token] = 1)\n  measure m { y[token] = M.e[token, 0] }";
  const pairs = (body: string): string => `memory pairs(token: axis, dim: axis, scale, x[token]) {\n  ${body}\n}`;

  test("are told, one by one", () => {
    expect(warned(around(pairs("e[token, dim] = token - dim"), used))).toEqual([
      "warning AM2038 scale",
      "warning AM2038 x",
    ]);
    expect(
      warned(
        around(
          "optimizer step(lr, beta) for w[..] {\n  w[..] <- w[..] - lr * grad[..]\n}",
          "  param w = 1\n  train once(start, rate) {\n    minimize (w - start)^2 over w\n    using step(lr: 0.1, beta: 0.9)\n    for 3 steps\n  }\n  train fit = once(2, 0.1)",
        ),
      ),
    ).toEqual(["warning AM2038 beta", "warning AM2038 rate"]);
  });

  test.each([
    ["in an equation", around(pairs("e[token, dim] = scale * x[token] * dim"), used)],
    ["as an index with a prime or a number", around(pairs("e[token', dim1] = scale * x[token'] + dim1"), used)],
    [
      "as the size of another parameter",
      around("memory pairs(token: axis, dim: axis, scale, x[token]) {\n  e[i, dim] = x[i] * scale + dim\n}", used),
    ],
    [
      "as a member from outside",
      around(pairs("e[token, dim] = token - dim"), used.replace("M.e[token, 0]", "M.scale * M.x[token]")),
    ],
    ["in a claim", around(pairs("e[token, dim] = x[token] - dim"), `${used}\n  claim c { expect m.y < M.scale }`)],
    ["not at all, by the files that use it", pairs("e[token, dim] = token - dim")],
    ["of fns, which stand for others", around("fn f(x, t) = x", "  z = f(1, 2)\n  measure m { y = z }")],
  ])("are not where they are used %s", (_, text) => {
    expect(warned(text)).toEqual([]);
  });
});
