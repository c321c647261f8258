import { expect, test } from "vitest";
import { checkedText, checkText, oneLine } from "./support.js";

const text = `experiment e {
  sweep eta in [1, 2]
  axis m = 3
  axis i = 2
  let twice = 2 * eta
  v[m] = m
  total = sum(m) v[m]
  measure m2 { x[i] = i * eta; y = total }
  best = max(i) m2.x
  let half = best / 2
  let table[eta] = [1, 2]
  later[eta] = half + table
  plain[i] = i * twice
  chart c = line(x: eta, y: best)
  claim d { expect later > 0 }
}
`;

test("equations and lets that speak of results are kept for the results checker, the others are definitions", () => {
  const { experiment, statements, scope } = checkedText(text);
  expect(statements.map((statement) => statement.kind)).toEqual([
    "equation",
    "let",
    "let",
    "equation",
    "chart",
    "claim",
  ]);
  expect([...experiment.definitions.values()].map(({ name }) => name).sort()).toEqual([
    "m2.x",
    "m2.y",
    "plain",
    "total",
    "v",
  ]);
  expect([...experiment.constants.values()].map(({ name }) => name)).toEqual(["twice"]);
  const kinds = Object.fromEntries([...scope].map(([name, value]) => [name, value.kind]));
  expect(kinds).toEqual({
    eta: "axis",
    m: "axis",
    i: "axis",
    twice: "constant",
    v: "definition",
    total: "definition",
    m2: "phase",
    plain: "definition",
  });
});

test("an index that is called like a phase is no phase", () => {
  expect(
    checkText(
      "experiment e {\naxis fit = 3\nv[fit'] = fit'\nx = sum(fit) v[fit]\nmeasure m { y = x }\n}\n",
    ).diagnostics.map(oneLine),
  ).toEqual([]);
});

test("what claims may name: members, fns of scalars, labels, what changes during runs", () => {
  const page =
    "fn square(z) = z^2\nmemory net(i: axis) {\n  param W[i] = 0\n  e[i] = i\n  fn twice(z) = 2 * z\n  fn f(v[i]) = sum(i) v[i]\n  s = sum(i) W[i] * e[i]\n}\n";
  const { scope } = checkedText(
    `${page}experiment e {\nsweep how in {soft, hard}\naxis i = 2\naxis kind in {a, b}\nmemory M = net(i)\nmeasure m { y = M.s }\n}\n`,
  );
  const component = scope.get("M");
  const members =
    component?.kind === "component"
      ? Object.fromEntries([...component.members].map(([name, value]) => [name, value.kind]))
      : {};
  expect(members).toEqual({ i: "axis", W: "unrecorded", e: "definition", twice: "fn", s: "unrecorded" });
  expect(["square", "soft", "b", "how"].map((name) => scope.get(name)?.kind)).toEqual(["fn", "label", "label", "axis"]);
  expect(scope.has("net")).toBe(false);
});
