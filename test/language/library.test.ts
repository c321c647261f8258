import { describe, expect, test } from "vitest";
import { parse } from "../../grammar/index.js";
import { library } from "../../src/language/library.js";
import spike from "./spike.amem";
import { checkedText, checkText, definitionIn, oneLine, printed } from "./support.js";

const axes = "axis token = 5\naxis class = 3\naxis dim = 4\n";
const run = (body: string, uses = "use std.linear\nuse std.tokens\nuse std.embeddings\nuse std.optimizers\n"): string =>
  `${uses}experiment e {\n${axes}${body}\n}\n`;

describe("each file of the library works under another name beside the spec", () => {
  const users: Readonly<Record<string, string>> = {
    linear:
      "axis hidden = 6\nmemory M = linear(token, class, dim)\nmemory N = linear_normed(token, class, dim)\nmemory E = learnable(token, class, dim)\nmemory H = two_layer(token, class, dim, hidden)\nmeasure m { s[token, class] = M.score[token, class] + N.score[token, class] + E.score[token, class] + H.score[token, class] }",
    hopfield:
      "memory H = hopfield(token, dim)\nmemory I = hopfield(token, dim, rule[dim, dim'] = pseudo_inverse(I.xi)[dim, dim'])\nmemory D = dense(token, dim)\nmemory M = modern(token, dim)\nmeasure m { s[token, dim] = H.update(H.xi[token, :])[dim] + I.update(H.xi[token, :])[dim] + D.update(H.xi[token, :])[dim] + M.update(M.xi[token, :])[dim] }",
    retrieval:
      "x[token, dim] ~ rademacher()\nmemory own { fn update(s[dim])[dim] = sign(s[dim] - 0.5); fn energy(s[dim]) = sum(dim) s[dim]^2 }\nevolve a = asynchronous(token, dim, own, x)\nevolve b = synchronous(token, dim, own, x, limit: 3)\nevolve c = descent(token, dim, own, x, tol: 0)",
    schedules:
      "param w[dim] = 1\ntrain t {\n minimize sum(dim) w[dim]^2 over w\n using gd(lr: warm_up(step, 3) * linear_decay(step, 9) * cosine_decay(step, 9) * exponential_decay(step, 0.9) * stair_decay(step, 3, 0.5) * inverse_decay(step, 9) * root_decay(step, 3))\n for 3 steps\n}\noptimizer gd(lr) for w[..] { w[..] <- w[..] - lr * grad[..] }",
    tokens:
      "data a = zipf(token, class)\ndata b = uniform_tokens(token, class)\ndata c = weighted(token, class, weight[token] = [1, 2, 3, 4, 5])\nmeasure m { s[token] = a.p[token] + b.p[token] + c.p[token] + c.label[token] }",
    bigrams:
      "axis pos = 7\ndata a = dirichlet(token)\ndata b = sequences(dim, pos, token, a)\ndata c = counted(dim, pos, token, b.x, n)\nn[dim] = 7\nmeasure m { s[dim, pos, token] = b.x[dim, pos] + c.bigram[token, 0] }",
    patterns:
      "data a = biased(token, dim, bias: 0.1)\ndata b = sparse(token, dim)\ndata c = families(class, token, dim)\ndata d = chain(token, dim)\ndata f = flipped(token, dim, a.xi, 0.2)\ndata g = flipped_at_random(token, dim, a.xi, 0.2)\ndata h = masked(token, dim, a.xi, 0.2)\ndata k = noisy(token, dim, a.xi, 0.2)\nmeasure m { s[token, dim] = a.xi[token, dim] + b.xi[token, dim] + c.xi[0, token, dim] + d.xi[token, dim] + f.cue[token, dim] + g.cue[token, dim] + h.cue[token, dim] + k.cue[token, dim] }",
    embeddings:
      "data a = sphere(token, dim)\ndata b = gaussian(token, dim)\ndata c = orthonormal(token, dim)\ndata d = explicit(token, dim, vector[token, dim] = token * dim)\nmeasure m { s[token, dim] = a.e[token, dim] + b.e[token, dim] + c.e[token, dim] + d.e[token, dim] }",
    optimizers: [
      "gd(lr: 0.1)",
      "sgd(lr: 0.1, momentum: 0.9, decay: 0.1)",
      "adam(lr: 0.1)",
      "nesterov(lr: 0.1)",
      "adamw(lr: 0.1)",
      "rmsprop(lr: 0.1)",
      "sign_descent(lr: 0.1)",
      "clip_norm(1) | gd(lr: 0.1)",
      "normalised_gd(lr: 0.1)",
    ]
      .map(
        (optimizer, k) =>
          `param w${k}[token, dim] = 1\nparam v${k} = 1\ntrain t${k} {\n minimize v${k}^2 + sum(token, dim) w${k}[token, dim]^2 over (w${k}, v${k})\n using ${optimizer}\n for 3 steps\n}`,
      )
      .join("\n"),
  };
  test("none is forgotten", () => expect(Object.keys(users).sort()).toEqual([...library.keys()].sort()));
  test.each(Object.entries(users))("%s", (name, body) => {
    const copy = { files: { mine: library.get(name)?.text ?? "" } };
    const own = printed(run(body, "use mine\n"), copy);
    expect(own).toEqual(printed(run(body, `use std.${name}\n`)));
  });
  test("documented: every declaration says what it is", () => {
    for (const { text } of library.values()) {
      for (const match of text.matchAll(/^(?:memory|data|optimizer|evolve|fn) /gmu))
        expect(text.slice(0, match.index).trimEnd()).toMatch(/\/\/\/[^\n]*$/u);
    }
  });
});

test("adam counts its own updates and corrects the bias", () => {
  const text = run(
    "param w[dim] = 1\ntrain t {\n minimize sum(dim) w[dim]^2 over w\n using adam(lr: 0.1, beta1: 0.8)\n for 3 steps\n}",
  );
  expect(
    printed(text)
      .filter((line) => line.includes("<-"))
      .map((line) => line.trim()),
  ).toMatchInlineSnapshot(`
    [
      "t.adam.w.n <- add(t.adam.w.n, 1)",
      "t.adam.w.m[dim: dim] <- add(mul(0.8, t.adam.w.m[dim]), mul(sub(1.0, 0.8), t.grad w[dim]))",
      "t.adam.w.v[dim: dim] <- add(mul(0.999, t.adam.w.v[dim]), mul(sub(1.0, 0.999), power_int2(t.grad w[dim])))",
      "w[dim: dim] <- sub(w[dim], div(mul(0.1, div(t.adam.w.m[dim], sub(1.0, pow(0.8, real(t.adam.w.n))))), add(sqrt(div(t.adam.w.v[dim], sub(1.0, pow(0.999, real(t.adam.w.n))))), 1e-8)))",
    ]
  `);
});

test("the table of a memory's own page may be replaced by anything of the same axes", () => {
  const body =
    "data emb = gaussian(token, dim)\nmemory M = linear(token, class, dim, e[token, dim] = 2 * emb.e[token, dim], param u[class, dim] ~ normal(0, 1), w0[dim, dim'] = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])\nmeasure m { x = M.score[0, 0] }";
  expect(definitionIn(run(body), "M.e")).toBe("mul(2.0, emb.e[token, dim])");
  expect(definitionIn(run(body), "M.u")).toBe("~ normal(0.0, 1.0)");
  expect(definitionIn(run(body), "M.w0")).toContain("literal 1 0 0 0");
});

describe("no axis coincidence: with all sizes equal, every exchange of two different axes is refused", () => {
  const sized = (text: string): string => text.replace(/axis (\w+)\s*= \d+/gu, "axis $1 = 4");
  const body =
    "memory M = linear(token, class, dim, e[token, dim] = token + dim, u[class, dim] = class - dim)\ndata pair = zipf(token, class)\nloss = sum(token) pair.p[token] * cross_entropy(class) M.score[token, class] at pair.label[token]\nmeasure m { x = loss; s[token, class] = M.score[token, class] }";
  const text = sized(run(body));
  test("as written it is fine", () => expect(checkText(text).diagnostics).toEqual([]));
  // Every subscript of two different indices, turned round.
  const places = [...text.matchAll(/(?<!\bs)\[(\w+), (\w+)\]/gu)].filter((match) => match[1] !== match[2]);
  test.each(places.map((match) => [match.index, match[0]] as const))("at %i: %s", (at, subscript) => {
    const exchanged = subscript.replace(/\[(\w+), (\w+)\]/u, "[$2, $1]");
    const { diagnostics } = checkText(text.slice(0, at) + exchanged + text.slice(at + subscript.length));
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toContain("AM2103");
  });
  // The same inside a memory of the user.
  const memory =
    "memory own(token: axis, class: axis, dim: axis) {\n  e[token, dim] = token - dim\n  u[class, dim] = class - dim\n  param W[dim, dim'] = 0\n  score[token, class] = sum(dim, dim') e[token, dim] * W[dim, dim'] * u[class, dim']\n}\n";
  const use = (page: string): string =>
    `${page}experiment e {\n${sized(axes)}memory M = own(token, class, dim)\nmeasure m { s[token, class] = M.score[token, class] }\n}\n`;
  const inside = [...memory.matchAll(/\[(\w+'?), (\w+'?)\]/gu)].filter(
    (match) => (match[1] ?? "").replace("'", "") !== (match[2] ?? "").replace("'", ""),
  );
  test.each(inside.map((match) => [match.index, match[0]] as const))("in a template at %i: %s", (at, subscript) => {
    const exchanged = subscript.replace(/\[(\w+'?), (\w+'?)\]/u, "[$2, $1]");
    const { diagnostics } = checkText(use(memory.slice(0, at) + exchanged + memory.slice(at + subscript.length)));
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toContain("AM2103");
  });
});

test("two template axes may be one", () => {
  const text = run("memory M = linear(token, token, dim)\nmeasure m { s[token, token'] = M.score[token, token'] }");
  expect(definitionIn(text, "M.score")).toContain("M.e[token, dim]");
});

test("own names hide imported ones, and one file is used once", () => {
  expect(
    checkText(
      `use std.optimizers\noptimizer gd(step_size) for w[..] { w[..] <- w[..] - step_size * grad[..] }\nexperiment e {\nparam w = 1\ntrain t { minimize w^2 over w; using gd(step_size: 1); for 2 steps }\n}\n`,
    ).diagnostics,
  ).toEqual([]);
  expect(
    checkText(`use std.linear\nuse std.linear\n${spike.replace(/^use.*$/gmu, "")}`).diagnostics.map(oneLine)[0],
  ).toContain("AM2007");
  expect(checkedText(spike).experiment.name).toBe("loss_spike");
});

// Bundles hold the trees as JSON.
test.each([...library.values()])("the tree of $file goes through JSON", (source) => {
  const { tree, complete, diagnostics } = parse(source);
  expect(complete).toBe(true);
  expect(diagnostics).toEqual([]);
  expect(JSON.parse(JSON.stringify(tree))).toStrictEqual(tree);
});
