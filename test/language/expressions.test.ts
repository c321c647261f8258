import { describe, expect, test } from "vitest";
import { definitionIn, faultsIn, printed } from "./support.js";

const head =
  "axis token = 3\naxis class = 3\naxis dim = 2\naxis mode in 1..4\naxis g in linspace(0, 1, 5)\naxis kind in {low, high}\nsweep eta in [1, 10]\nsweep n in [2, 3]\nsweep method in {gd, muon}\nlet c = 3\nlet r = 0.5\nlet values = [2, 3, 5]\na[dim] = dim + 0.5\nk[dim] = dim\ne[token, dim] = token * 1.5 + dim\nlabel[token] = token\nb[token] = token > 1\n";
const spec = (body: string): string => `experiment s {\n${head}${body}\n}\n`;
/** The right side of `x` as it is typed. */
const value = (right: string, left = "x"): string =>
  definitionIn(spec(`${left} = ${right}`), left.replace(/\[.*/u, ""));
const type = (right: string, left = "x"): string => {
  const line = printed(spec(`${left} = ${right}`)).find((candidate) => candidate.startsWith("x")) ?? "";
  return /^x(?:\[[^\]]*\])?: (\S+)/u.exec(line)?.[1] ?? line;
};

describe("ints stay ints and widen where a real is needed", () => {
  test.each([
    ["1 + 2 * 3", "int"],
    ["c - 1", "int"],
    ["c / 1", "real"],
    ["2 * r", "real"],
    ["c^2", "int"],
    ["c^-2", "real"],
    ["2^n", "int"],
    ["2.0^c", "real"],
    ["c^r", "real"],
    ["max(c, 2)", "int"],
    ["max(c, r)", "real"],
    ["abs(-c)", "int"],
    ["sqrt(c)", "real"],
    ["sign(r)", "int"],
    ["floor(r)", "int"],
    ["relu(c)", "int"],
    ["div(c, 2)", "int"],
    ["mod(r, 2)", "real"],
    ["c > 2", "bool"],
    ["sum(dim) k[dim]", "int"],
    ["mean(dim) k[dim]", "real"],
    ["mean(token) b[token]", "real"],
    ["count(token) b[token]", "int"],
    ["fraction(token) b[token]", "real"],
    ["max(dim) k[dim]", "int"],
    ["argmax(dim) a[dim]", "index(dim)"],
    ["size(dim)", "int"],
    ["if b[0] then 1 else 2", "int"],
    ["if b[0] then 1 else 2.5", "real"],
    ["case method { gd: 1, muon: 2.5 }", "real"],
    ["method", "label{gd,muon}"],
    ["eta", "int"],
    ["clip(r, 0, 1)", "real"],
    ["logsumexp(dim) k[dim]", "real"],
    ["values[1]", "int"],
    ["stop(c)", "int"],
    ["real(b[0])", "real"],
    ["position(label[0])", "int"],
    ["norm(dim) k[dim]", "real"],
    ["any(token) b[token]", "bool"],
    ["1 < c <= 3", "bool"],
    ["c in [2, 3]", "bool"],
    ["sum(mode) mode", "int"],
    ["sum(g) g", "real"],
    ["inf", "real"],
  ])("%s is %s", (right, expected) => expect(type(right)).toBe(expected));
});

describe("exact products", () => {
  test("powers", () => {
    expect(value("a[0]^3")).toBe("power_int3(a[proven 0])");
    expect(value("a[0]^-2")).toBe("div(1.0, power_int2(a[proven 0]))");
    expect(value("a[0]^c")).toBe("power_int3(a[proven 0])");
    expect(value("a[0]^n")).toBe("pow(a[proven 0], real(n))");
    expect(value("a[0]^0.5")).toBe("pow(a[proven 0], 0.5)");
  });
  test("sign at 0", () =>
    expect(value("sign(a[0], zero: 1)")).toBe("if eq(a[proven 0], 0.0) then 1 else sign(a[proven 0])"));
});

describe("indices: a coordinate as a value, a position in a subscript", () => {
  test("values", () => {
    expect(value("if token == 1 then 1 else 0", "x[token]")).toBe("if eq(real(token), 1) then 1 else 0");
    expect(value("g * 2", "x[g]")).toBe("mul(real(g), 2.0)");
    expect(value("case kind { low: 1, high: 2 }", "x[kind]")).toBe("case position(kind) {1 | 2}");
    expect(value("kind == high", "x[kind]")).toBe("eq(position(kind), 'high)");
    expect(value("label[token]", "x[token]")).toBe("label[token]");
  });
  test("positions", () => {
    expect(value("e[label[token], 0]", "x[token]")).toBe(
      "e[proven label[token], proven 0]".replace("label[token]", "position(label[token])"),
    );
    expect(value("e[mode - 1, 0]", "x[mode]")).toBe("e[checked sub(position(mode), 1), proven 0]");
    expect(value("e[mod(mode, 3), 0]", "x[mode]")).toBe("e[proven mod(position(mode), 3), proven 0]");
    expect(value("e[cyclic(token + 1), dim]", "x[token, dim]")).toBe("e[cyclic add(position(token), 1), dim]");
    expect(value("e[pad(token - 1), dim]", "x[token, dim]")).toBe("e[pad sub(position(token), 1), dim]");
    expect(value("e[dim: 0, token: token]", "x[token]")).toBe("e[token, proven 0]");
    expect(value("e[token, dim: 1]", "x[token]")).toBe("e[token, proven 1]");
    expect(value("e[argmax(token) (a[0] * token), dim]", "x[dim]")).toContain("e[proven position(argmax");
  });
  test("bounds over all points", () => {
    expect(definitionIn(spec("axis own = n\ny[own] = own\nx = y[1]"), "x")).toBe("y[proven 1]");
    expect(definitionIn(spec("axis own = n\ny[own] = own\nx = y[2]"), "x")).toBe("y[checked 2]");
    expect(faultsIn(spec("axis own = n\ny[own] = own\nx = y[3]"))).toEqual(["AM4011 3"]);
    expect(faultsIn(spec("axis own = n\ny[own] = own\nx = y[-1]"))).toEqual(["AM4011 -1"]);
    expect(definitionIn(spec("axis own = n\ny[own] = own\nx = y[n - 1]"), "x")).toBe("y[checked sub(n, 1)]");
  });
  test("the diagonal", () =>
    expect(value("e[label[token], dim] * 0 + (sum(token') e[token', 0])", "x[token, dim]")).toContain(
      "sum(token': token)",
    ));
});

test("entries of lists, also at places that are not known before the run", () => {
  expect(value("values[1]")).toBe("values[1]");
  expect(value("values[token]", "x[token]")).toBe("values[proven position(token)]");
  expect(value("values[mode]", "x[mode]")).toBe("values[checked position(mode)]");
  expect(faultsIn(spec("axis long = 9\nx[long] = values[long + 3]"))).toEqual(["AM4011 values[long + 3]"]);
});

test("targets of cross-entropy are positions of its axis", () => {
  expect(value("cross_entropy(class) (r * class) at (mode - 1)", "x[mode]")).toContain("at checked");
  expect(faultsIn(spec("x = cross_entropy(class) (r * class) at 3"))).toEqual(["AM4011 3"]);
});

describe("which axis an index ranges over", () => {
  test("primes and digits are taken off, the longest name wins", () => {
    const body =
      "axis x1 = 4\naxis x = 2\nq[x1] = 1\np[x] = 1\ny = sum(x1') q[x1']\nz = sum(x2') p[x2']\nw = sum(x12) q[x12]";
    expect(definitionIn(spec(body), "y")).toBe("sum(x1': x1) q[x1']");
    expect(definitionIn(spec(body), "z")).toBe("sum(x2': x) p[x2']");
    expect(definitionIn(spec(body), "w")).toBe("sum(x12: x1) q[x12]");
  });
  test("other letters take the axis of the positions where they stand", () => {
    expect(value("sum(i) a[i] * e[0, i]")).toBe("sum(i: dim) mul(a[i], e[proven 0, i])");
    expect(value("a[i] * e[j, 0]", "x[i, j]")).toBe("mul(a[i], e[j, proven 0])");
    expect(value("sum(i: dim) i")).toBe("sum(i: dim) real(i)");
    expect(value("sum(k: 1 .. n) k * 2")).toBe("sum(k: k) mul(real(k), 2)");
  });
  test("faults", () => {
    expect(faultsIn(spec("x = sum(i) i"))).toEqual(["AM2101 i"]);
    expect(faultsIn(spec("x = sum(i) a[i] * label[i]"))).toEqual(["AM2102 i"]);
    expect(faultsIn(spec("x[dim] = sum(dim) a[dim]"))).toEqual(["AM2107 dim"]);
    expect(faultsIn(spec("x = sum(token) a[token]"))).toEqual(["AM2103 token"]);
    expect(faultsIn(spec("x = sum(eta) eta"))).toEqual(["AM2110 eta"]);
  });
});

describe("reductions, normalisers, cross-entropy", () => {
  test("typed", () => {
    expect(value("normalize(token) (token + 1)^-c", "x[token]")).toBe(
      "normalize(token: token) div(1.0, power_int3(real(add(real(token), 1))))",
    );
    expect(value("softmax(dim where dim > 0) a[dim]", "x[dim]")).toBe(
      "softmax(dim: dim where gt(real(dim), 0)) a[dim]",
    );
    expect(value("sum(token where b[token]) e[token, 0]")).toBe("sum(token: token where b[token]) e[token, proven 0]");
    expect(value("cross_entropy(class) (class * r) at token", "x[token]")).toBe(
      "cross_entropy(class: class) mul(real(real(class)), r) at proven position(token)",
    );
    expect(value("cross_entropy(class) (r * class) at (if class == 0 then 1 else 0)")).toContain("at soft real(if");
  });
  test("strays", () => {
    expect(faultsIn(spec("x = sum(token, dim) a[dim]"))).toEqual(["AM2114 token"]);
    expect(faultsIn(spec("x = sum(dim) 1"))).toEqual(["AM2114 dim"]);
    expect(faultsIn(spec("x = sum(token) b[token]"))).toEqual(["AM3001 b[token]"]);
    expect(faultsIn(spec("x = softmax(dim) a[dim]"))).toEqual(["AM2108 dim"]);
  });
});

describe("labels", () => {
  test("a bare label is one where a label is expected, whatever else has its name", () => {
    expect(definitionIn(spec("fn gd(z) = z\nx = method == gd"), "x")).toBe("eq(method, 'gd)");
    expect(faultsIn(spec("x = method == sgd"))).toEqual(["AM2001 sgd"]);
    expect(faultsIn(spec("x = case method { gd: 1 }"))).toEqual(["AM3008 case method { gd: 1 }"]);
  });
});

describe("with, grad, literals", () => {
  test("with", () => {
    expect(value("sum(dim) a[dim] with a[dim] = g", "x[g]")).toBe("(sum(dim: dim) a[dim] with a[dim: dim] = real(g))");
    expect(faultsIn(spec("x = sum(dim) a[dim] with a[token] = 1"))).toEqual(["AM2103 token"]);
    expect(faultsIn(spec("x = (sum(dim) k[dim]) with k[dim] = 0.5"))).toEqual(["AM3013 0.5"]);
  });
  test("grad", () => {
    expect(value("grad(sum(dim') a[dim']^2, a)[dim]", "x[dim]")).toBe(
      "grad(sum(dim': dim) power_int2(a[dim']), a)[dim]",
    );
    expect(faultsIn(spec("x[token] = grad(sum(dim') a[dim']^2, a)[token]"))).toEqual(["AM2103 token"]);
  });
  test("literals", () => {
    expect(value("[[1, 2], [3, 4.5], [5, eta]]", "x[token, dim]")).toBe("literal 1.0 2.0 3.0 4.5 5.0 real(eta)");
    expect(faultsIn(spec("x[token] = [1, 2]"))).toEqual(["AM3020 [1, 2]"]);
    expect(faultsIn(spec("x[dim] = [a[0], 2]"))).toEqual(["AM4009 a[0]"]);
  });
});
