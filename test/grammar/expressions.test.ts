import { describe, expect, test } from "vitest";
import { reductions } from "../../grammar/reductions.js";
import { codes, shown } from "./show.js";

describe("what binds how", () => {
  test.each([
    ["a + b * c ^ d ^ e", "(a + (b * (c ^ (d ^ e))))"],
    ["a - b - c", "((a - b) - c)"],
    ["a / b * c", "((a / b) * c)"],
    ["-a ^ 2", "(- (a ^ 2))"],
    ["-a * b", "((- a) * b)"],
    ["x ^ -a ^ b", "(x ^ (- (a ^ b)))"],
    ["a * -b", "(a * (- b))"],
    ["- - a", "(- (- a))"],
    ["a or b and not c == d", "(a or (b and (not (c == d))))"],
    ["not a and b", "((not a) and b)"],
    ["a < b <= c", "(a < b <= c)"],
    ["a == b == c", "(a == b == c)"],
    ["a + 1 > b and c", "(((a + 1) > b) and c)"],
    ["x in [80, 40]", "(x in [80, 40])"],
    ["x in 0 .. n - 1", "(x in (0 .. (n - 1)))"],
    ["-1..1", "((- 1) .. 1)"],
    ["pixel ++ class", "(pixel ++ class)"],
    ["if a then b else c + d", "(if a then b else (c + d))"],
    ["if a then b else if c then d else e", "(if a then b else (if c then d else e))"],
    ["a * if b then c else d", "(a * (if b then c else d))"],
    ["(a, b)", "tuple(a, b)"],
    ["(a,)", "tuple(a)"],
    ["(a + b) * c", "((a + b) * c)"],
    ["f(x)[i].W(y)", "f(x)[i].W(y)"],
    ["clip_norm(1) | adam(lr: 1)", "(clip_norm(1) | adam(lr: 1))"],
    ["1_000 + 2.5e-3", "(1000 + 0.0025)"],
    ["[[1, 2], []]", "[[1, 2], []]"],
    ["true and false", "(true and false)"],
    ['f("a\\n\\u{3b7}", -x)', 'f("a\\nη", (- x))'],
  ])("%s", (text, expected) => expect(shown(text)).toBe(expected));
});

describe("how far a reduction reaches", () => {
  test.each([
    ["sum(i) a[i] * b[i] + c", "({sum(i) (a[i] * b[i])} + c)"],
    ["0.5 * sum(i) a[i] * b[i] / c", "(0.5 * {sum(i) ((a[i] * b[i]) / c)})"],
    ["sum(i) -a[i] * b[i]", "{sum(i) ((- a[i]) * b[i])}"],
    ["a - sum(i) b[i] - c", "((a - {sum(i) b[i]}) - c)"],
    ["sum(t) p[t] * cross_entropy(c) s[t, c] at y[t]", "{sum(t) (p[t] * {cross_entropy(c) s[t, c] at y[t]})}"],
    ["cross_entropy(c) -s[c]^2 at y + 1", "({cross_entropy(c) (- (s[c] ^ 2)) at y} + 1)"],
    ["solve(i, j) A[i, j] at b[i]", "{solve(i, j) A[i, j] at b[i]}"],
    ["all(i) a[i] <= b[i] and c", "({all(i) (a[i] <= b[i])} and c)"],
    ["all(i) not a[i] or b", "({all(i) (not a[i])} or b)"],
    ["any(j where j <= i) x[j] == y", "{any(j where (j <= i)) (x[j] == y)}"],
    ["count(i) (a[i] > 0) == 3", "({count(i) (a[i] > 0)} == 3)"],
    ["normalize(i) (i + 1)^-a", "{normalize(i) ((i + 1) ^ (- a))}"],
    ["softmax(t' where t' <= t) s[t, t']", "{softmax(t' where (t' <= t)) s[t, t']}"],
    ["argmax(i) sum(j) a[i, j] * b[j]", "{argmax(i) {sum(j) (a[i, j] * b[j])}}"],
    ["sum(i) a[i] / norm(j) b[j]", "{sum(i) (a[i] / {norm(j) b[j]})}"],
    ["quantile(seed, 0.9) x", "{quantile(seed, 0.9) x}"],
    ["polar(i, j, tol: 1e-6) X[i, j] + 1", "({polar(i, j, tol: 0.000001) X[i, j]} + 1)"],
    ["prod(k: 1 .. n - 1) (2 * k - 1)", "{prod(k: (1 .. (n - 1))) ((2 * k) - 1)}"],
    ["sum(i: dim) x[i]", "{sum(i: dim) x[i]}"],
    ["max(a, b)", "max(a, b)"],
    ["max(a, b) - c", "(max(a, b) - c)"],
    ["max(i) a[i]", "{max(i) a[i]}"],
    ["norm(W) - 1", "(norm(W) - 1)"],
    ["min(theta) (loss with W[i, o] = theta)", "{min(theta) (loss with W[i, o] = theta)}"],
    ["first(step where loss < 1)", "{first(step where (loss < 1))}"],
    ["last(step where a) - first(step where b)", "({last(step where a)} - {first(step where b)})"],
    ["slope(log(x), y over step, seed where step > 3)", "{slope(log(x), y over step, seed where (step > 3))}"],
    ["spearman(x, y over k) > 0.5", "({spearman(x, y over k)} > 0.5)"],
    ["mean(seed where finished) one.error", "{mean(seed where finished) one.error}"],
    ["f(sum(i) x[i], max(a, b))", "f({sum(i) x[i]}, max(a, b))"],
    ["sum(i)\n  x[i]", "AM1001 an operator or a new line is missing before `x`"],
    ["(sum(i)\n  x[i])", "{sum(i) x[i]}"],
  ])("%s", (text, expected) => {
    const result = shown(text);
    // A reduction and its operand stand on one logical line.
    if (expected.startsWith("AM")) expect(result).toMatch(/^AM1001/u);
    else expect(result).toBe(expected);
  });

  test("a product after a single operand is refused, whatever the reduction", () => {
    for (const [name, extent] of reductions) {
      const text = extent === "at" ? `x = ${name}(i) a[i] at t * b` : `x = ${name}(i) a[i] * b`;
      const expected = extent === "operand" || extent === "at" ? ["AM1018"] : [];
      expect([name, codes(text)]).toEqual([name, expected]);
    }
  });
  test("in parentheses it is clear", () => {
    expect(codes("x = (softmax(j) a[j]) / t")).toEqual([]);
    expect(codes("x = softmax(j) (a[j] / t)")).toEqual([]);
  });
});

describe("subscripts and arguments", () => {
  test.each([
    ["x[i, j', 3, step: last - 2, :, ..]", "x[i, j', 3, step: (last - 2), :, ..]"],
    ["x[#3, near y, eta: near -0.5, load: near (a + b)]", "x[#3, near y, eta: near (- 0.5), load: near (a + b)]"],
    ["x[near[i]]", "x[near[i]]"],
    ["near(l, q)[i]", "near(l, q)[i]"],
    ["x[method: [gd, muon], eta: #0]", "x[method: [gd, muon], eta: #0]"],
    ["xi[memory, (row, col)]", "xi[memory, tuple(row, col)]"],
    ["pos[0 .. T - 1]", "pos[(0 .. (T - 1))]"],
    [
      "f(a, lr: 2, e[i, j] = 3, w ~ normal(0, 1), param V[i] ~ g(), fn h(x) = x,)",
      "f(a, lr: 2, <equation>, <draws>, <param>, <fn>)",
    ],
    ['columns("a" .. "z", except "y")', 'columns(("a" .. "z"), except: "y")'],
    ["grad(loss, W)[i, o]", "grad(loss, W)[i, o]"],
  ])("%s", (text, expected) => expect(shown(text)).toBe(expected));
});

describe("substitution and choice", () => {
  test.each([
    ["e with W[i, j] = x, b = y", "(e with W[i, j] = x, b = y)"],
    ["f(e with W[i] = x, b = y)", "f((e with W[i] = x), <equation>)"],
    ["(e with W[i] = x, b = y)", "(e with W[i] = x, b = y)"],
    ["M with ema", "(M with ema)"],
    ["e with a = b with c = d", "((e with a = b) with c = d)"],
    ["if a then b else c with d = e", "((if a then b else c) with d = e)"],
    ["case L { a: x + 1, b: (y, z), else: w }", "case L {a: (x + 1), b: tuple(y, z), else: w}"],
    ["case L {\n  a: 1\n  b: 2,\n}", "case L {a: 1, b: 2}"],
    ["iterate n + 1 from x[i] = m[i] { return x[i] }", "iterate (n + 1) from x[i] = m[i] {1}"],
    ["iterate(3)", "iterate(3)"],
    ["iterate + 1", "(iterate + 1)"],
  ])("%s", (text, expected) => expect(shown(text)).toBe(expected));
});

describe("names", () => {
  test.each(["η", "β'", "ε_0", "dim''", "𝛽1", "日本", "_", "x₁", "Ωmega"])("%s", (name) =>
    expect(shown(name)).toBe(name),
  );
  test("of one text whichever way accents are composed", () => {
    expect(shown("e\u0301")).toBe("\u00e9");
  });
  test("are all words that are not reserved", () => {
    for (const word of ["step", "data", "record", "axis", "for", "using", "last", "scale", "times", "text"])
      expect(shown(`${word} + f(${word}: ${word})[${word}: 3]`)).toBe(`(${word} + f(${word}: ${word})[${word}: 3])`);
  });
});
