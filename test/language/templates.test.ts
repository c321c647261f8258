import { describe, expect, test } from "vitest";
import { checkedText, checkText, definitionIn, faultsIn, oneLine, printed } from "./support.js";

const spec = (pages: string, body: string): string =>
  `${pages}\nexperiment e {\naxis token = 3\naxis class = 3\naxis dim = 2\nsweep eta in [1, 10]\nsweep kind in {soft, hard}\n${body}\n}\n`;
const fine = (text: string): void => {
  expect(checkText(text).diagnostics.map(oneLine)).toEqual([]);
};

describe("parameters", () => {
  const page =
    "memory store(token: axis, dim: axis, world: data, q[token] = 1, power = 2, rule = 0, fn F(z) = z) {\n  fn F(z) = z\n  e[token, dim] = token + dim\n  x[token] = q[token] * world.p[token]^power + F(rule)\n}\ndata flat(token: axis) { p[token] = 1 / size(token) }\n";
  const plain = page.replace(", fn F(z) = z)", ")");
  test("axes, data, tensors, scalars, with defaults", () => {
    const body =
      "data w = flat(token)\nmemory A = store(token, dim, w)\nmemory B = store(token, dim, w, q[token] = token * eta, power: eta, fn F(z) = z + 1)\ngiven[token] = 5 * token\nmemory C = store(token, dim, world: w, q: given, rule: 1)";
    fine(spec(plain, body));
    expect(definitionIn(spec(plain, body), "A.x")).toBe("add(mul(real(A.q[token]), power_int2(w.p[token])), 0.0)");
    expect(definitionIn(spec(plain, body), "A.q")).toBe("1");
    expect(definitionIn(spec(plain, body), "B.q")).toBe("mul(real(token), eta)");
    expect(definitionIn(spec(plain, body), "B.x")).toContain("add(0, 1)");
    expect(definitionIn(spec(plain, body), "C.q")).toBe("given[token]");
  });
  test("wrong kinds", () => {
    expect(faultsIn(spec(plain, "data w = flat(token)\nmemory A = store(w, dim, w)"))).toEqual(["AM2004 w"]);
    expect(faultsIn(spec(plain, "data w = flat(token)\nmemory A = store(token, dim, token)"))).toEqual([
      "AM3019 token",
    ]);
    expect(
      faultsIn(spec(plain, "data w = flat(token)\ngiven[dim] = 1\nmemory A = store(token, dim, w, q: given)")),
    ).toEqual(["AM2103 given"]);
    expect(faultsIn(spec(plain, "data w = flat(token)\nmemory A = store(token, dim, w, q[dim] = 1)"))).toEqual([
      "AM2103 dim",
    ]);
    expect(faultsIn(spec(plain, "data w = flat(token)\nmemory A = store(token, dim, w, 1, 2, 3, 4)"))).toEqual([
      "AM3010 4",
    ]);
  });
});

describe("scopes", () => {
  test("a template's free names mean what they mean where it is written; the sweeps of an experiment travel as arguments", () => {
    const page = "let scale = 3\nfn twice(z) = scale * z\ndata d(token: axis, rate) { p[token] = twice(rate) }\n";
    const text = spec(page, "let scale = 100\ndata a = d(token, eta)\nx = a.p[0]");
    expect(definitionIn(text, "a.p")).toBe("mul(scale, eta)");
    expect(printed(text).filter((line) => line.startsWith("let"))).toEqual(["let scale = 3", "let scale = 100"]);
    expect(faultsIn(spec("data d(token: axis) { p[token] = eta }\n", "data a = d(token)"))).toEqual(["AM2001 eta"]);
  });
  test("members are bare inside and qualified outside; axes and components may be members", () => {
    const page =
      "memory outer(dim: axis) {\n  axis head = 4\n  param K[head, dim] = 0\n  data inner { p[head] = head }\n  s[dim] = sum(head) K[head, dim] * inner.p[head]\n}\n";
    const body = "memory M = outer(dim)\naxis top = M.head\nx[top] = M.K[top, 0] + M.inner.p[top]\ny[dim] = M.s[dim]";
    fine(spec(page, body));
    expect(printed(spec(page, body)).filter((line) => line.startsWith("axis"))).toEqual([
      "axis token = 3",
      "axis class = 3",
      "axis dim = 2",
      "axis M.head = 4",
    ]);
    expect(faultsIn(spec(page, "memory M = outer(dim)\nx = K[0, 0]"))).toEqual(["AM2001 K"]);
  });
  test("subscripts by name take the page's name of an axis, or the name of the axis that it was given", () => {
    const page = `memory m(pos: axis, word: axis) {
      param W[pos, word] = 0
      square[pos, pos'] = pos
      fn f(x[pos])[pos, word] = x[pos] * W[pos, word]
    }\n`;
    const text = (x: string): string => spec(page, `memory M = m(token, dim)\ng[token] = token\n${x}`);
    const both = [
      ["x[token] = M.W[word: 1, pos: mod(token + 1, 3)]", "x[token] = M.W[dim: 1, token: mod(token + 1, 3)]"],
      ["x[dim] = M.f(g)[pos: 2, dim]", "x[dim] = M.f(g)[dim, token: 2]"],
    ] as const;
    for (const [page, place] of both) {
      fine(text(page));
      expect(definitionIn(text(place), "x")).toBe(definitionIn(text(page), "x"));
    }
    expect(definitionIn(text(both[0][1]), "x")).toBe("M.W[proven mod(add(position(token), 1), 3), proven 1]");
    expect(faultsIn(text("x = M.square[token: 1, pos: 2]"))).toEqual(["AM2119 token: 1"]);
    expect(faultsIn(text("x = M.W[class: 1, dim: 2]"))).toEqual(["AM2105 class: 1"]);
  });
  test("further members see the others and the place where they are written", () => {
    const page = "memory m(dim: axis) { param W[dim] = 0 }\n";
    const body =
      "let c = 2\nmemory M = m(dim) {\n  fn energy(v[dim]) = c * sum(dim) W[dim] * v[dim]\n  twice[dim] = 2 * W[dim]\n}\nx = M.energy(M.twice)";
    fine(spec(page, body));
    expect(definitionIn(spec(page, body), "M.twice")).toBe("mul(2.0, M.W[dim])");
    expect(faultsIn(spec(page, "memory M = m(dim) { W[dim] = 1 }"))).toEqual(["AM2002 W[dim] = 1"]);
  });
  test("an argument may name members of the instance that it makes, unless that is a circle", () => {
    const page = "memory m(dim: axis) {\n  e[dim] = dim\n  W[dim] = 0\n}\n";
    expect(definitionIn(spec(page, "memory M = m(dim, W[dim] = 2 * M.e[dim])"), "M.W")).toBe("mul(2, real(M.e[dim]))");
    expect(
      checkText(spec(page, "memory M = m(dim, W[dim] = 2 * M.W[dim])")).diagnostics.map(
        (diagnostic) => diagnostic.code,
      ),
    ).toEqual(["AM2006"]);
  });
});

test("a template without parameters makes a component of its own each time", () => {
  const page = "axis i = 2\nmemory net {\n  param A[i] ~ normal(0, 1)\n}\n";
  const text = spec(page, "memory M = net\nmemory N = net\nx[i] = M.A[i] + N.A[i] + net.A[i]");
  expect([...checkedText(text).experiment.definitions.values()].map(({ name }) => name).sort()).toEqual([
    "M.A",
    "N.A",
    "net.A",
    "x",
  ]);
});

test("labels as arguments", () => {
  const page = "data d(token: axis, how) { p[token] = case how { soft: 1, hard: 2, odd: 3 } }\n";
  fine(spec(page, "data a = d(token, kind)\ndata b = d(token, soft)\nx = a.p[0] + b.p[0]"));
  expect(definitionIn(spec(page, "data b = d(token, soft)"), "b.p")).toBe("1");
});

test("a fault in another file is shown where that is used, with a note at its own place", () => {
  const files = { page: "memory m(a: axis, b: axis) {\n  e[a, b] = 1\n  f[a, b] = e[b, a]\n}\n" };
  const [fault, ...others] = checkText(`use page\nexperiment e {\naxis a = 4\naxis b = 4\nmemory M = m(a, b)\n}\n`, {
    files,
  }).diagnostics;
  expect(others).toEqual([]);
  expect(fault).toMatchObject({ code: "AM2103", span: { file: "spec.amem" }, here: "in this use of `m`" });
  expect(fault?.labels?.map(({ span }) => span.file)).toContain("page.amem");
});
