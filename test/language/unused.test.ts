import { expect, test } from "vitest";
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
