import { describe, expect, test } from "vitest";
import { definitionIn, faultsIn } from "./support.js";

const head =
  "axis token = 3\naxis query = 2\naxis dim = 2\ne[token, dim] = token * 1.5 + dim\ns[query, token, dim] = 0.5 * dim\nparam W[dim, dim'] = 0\nparam v[dim] = 1\n";
const spec = (body: string): string => `experiment e {\n${head}${body}\n}\n`;

describe("fns are inlined", () => {
  test("scalars: the body, for any types", () => {
    expect(definitionIn(spec("fn F(z) = relu(z)^2\nx[token] = F(e[token, 0]) + F(2)"), "x")).toBe(
      "add(power_int2(relu(e[token, proven 0])), real(power_int2(relu(2))))",
    );
    expect(definitionIn(spec("fn F(z, n = 2) = z * n\nx = F(3, n: 4) + F(5)"), "x")).toBe("add(mul(3, 4), mul(5, 2))");
  });
  test("tensors: arguments and results are definitions, with the place's indices before their own", () => {
    const body =
      "fn scaled(v[dim], c)[dim] = { h[dim] = c * v[dim]\n return h[dim] + 1 }\nx[token, dim] = scaled(e[token, :], token)[dim]";
    expect(definitionIn(spec(body), "x")).toBe("scaled.result[token, dim]");
    expect(definitionIn(spec(body), "scaled.v")).toBe("e[token, dim]");
    expect(definitionIn(spec(body), "scaled.h")).toBe("mul(real(real(token)), scaled.v[token, dim])");
    expect(definitionIn(spec(body), "scaled.result")).toBe("add(scaled.h[token, dim], 1.0)");
  });
  test("open axes take those of the argument, two of one axis stay two", () => {
    const body =
      "fn trace(A[i, i']) = sum(i) A[i, i]\nfn turn(A[i, j])[j, i] = A[i, j]\nx = trace(W)\ny[dim, dim'] = turn(W)[dim, dim']\nz[dim, token] = turn(e)[dim, token]";
    expect(definitionIn(spec(body), "x")).toBe("sum(i: dim) trace.A[i, i]");
    expect(definitionIn(spec(body), "y")).toBe("turn.result[dim, dim']");
    expect(definitionIn(spec(body), "z")).toBe("turn.result[dim, token]");
  });
  test("a tensor without subscripts is mapped over the axes that the fn does not have; they come first", () => {
    const body = "fn length(v[dim]) = sum(dim) v[dim]^2\nx[i, j] = length(s)[i, j]";
    expect(definitionIn(spec(body), "x")).toBe("length.result[i, j]");
    expect(definitionIn(spec(body), "length.result")).toBe("sum(dim: dim) power_int2(length.v[query, token, dim])");
    expect(faultsIn(spec("fn f(v[dim]) = sum(dim) v[dim]\nx[token] = f(e)[token]"))).toEqual(["AM2117 e"]);
  });
  test("arithmetic of whole tensors, fns of fns", () => {
    const body =
      "fn total_of(v[dim]) = sum(dim) v[dim]\nfn twice(v[dim])[dim] = 2 * v[dim]\nx[token] = total_of(twice(e[token, :] - v[:]))";
    expect(definitionIn(spec(body), "twice.v")).toBe("sub(e[token, dim], v[dim])");
    expect(definitionIn(spec(body), "total_of.v")).toBe("twice.result[token, dim]");
  });
  test("several results", () => {
    const body =
      "fn both(v[i])([i], []) = { return 2 * v[i], sum(i) v[i] }\n(p[token, dim], q[token]) = both(e[token, :])";
    expect(definitionIn(spec(body), "p")).toBe("both.result[token, dim]");
    expect(definitionIn(spec(body), "q")).toBe("sum(i: dim) both.v[token, i]");
  });
  test("derivatives by arguments, also by scalars, nested", () => {
    const body =
      "fn energy(x[i]) = sum(i) x[i]^4\nfn force(x[i])[i] = -grad(energy(x), x)[i]\nf[token, dim] = force(e[token, :])[dim]\nfn slope(R) = grad(R^3, R)\nfn bend(R) = grad(slope(R), R)\nb[token] = bend(e[token, 0])";
    expect(definitionIn(spec(body), "force.result")).toMatch(
      /^neg\(grad\(sum\(i: dim\) power_int4\(force\.energy\.x\[token, i\]\), force\.x\)\[token, i\] mapped 0\)$/u,
    );
    expect(definitionIn(spec(body), "bend.slope.R")).toBe("bend.R[token]");
    expect(definitionIn(spec(body), "b")).toBe(
      "grad(grad(power_int3(bend.slope.R[token]), bend.slope.R)[token] mapped 0, bend.R)[token] mapped 0",
    );
  });
  test("a fn given to a template, and by another name", () => {
    const page =
      "memory dense(pattern: axis, neuron: axis) {\n xi[pattern, neuron] ~ rademacher()\n fn F(z) = relu(z)^3\n fn energy(s[neuron]) = -sum(pattern) F(sum(neuron) xi[pattern, neuron] * s[neuron])\n}\nfn cube(z) = z^3\n";
    const body =
      "memory A = dense(token, dim, fn F(z) = z^2)\nmemory B = dense(token, dim, fn F = cube)\nx = A.energy(v)\ny = B.energy(v)";
    expect(definitionIn(`${page}${spec(body)}`, "x")).toContain("power_int2(");
    expect(definitionIn(`${page}${spec(body)}`, "y")).toContain("power_int3(");
  });
  test("faults stand at the call", () => {
    expect(faultsIn(spec("fn f(v[dim]) = sum(dim) v[dim]\nx = f(e[:, 0])"))).toEqual(["AM2118 :"]);
    expect(faultsIn(spec("fn f(v[dim]) = sum(dim) v[dim]\nx = f()"))).toEqual(["AM3010 f()"]);
    expect(faultsIn(spec("fn f(n) = f(n)\nx = f(1)"))).toEqual(["AM2016 f(n)"]);
    expect(faultsIn(spec("fn f(v[i])[i] = v[i]\nx = f(v)"))).toEqual(["AM2104 f(v)"]);
  });
});
