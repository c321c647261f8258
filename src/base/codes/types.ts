/** AM3xxx: types. */
import { inside, type CodeTable } from "./entry.js";

export const typeCodes: CodeTable = {
  AM3001: {
    title: "A number is wanted",
    explanation:
      "Ints widen to reals and indices read as their coordinates; nothing else becomes a number by itself. `real(b)` is 1 where b is true.",
    example: inside("axis i = 3\nx = sum(i) (i > 1)\n"),
    mend: [["sum(i) (i > 1)", "count(i) (i > 1)"]],
  },
  AM3002: {
    title: "A truth value is wanted",
    explanation: "Conditions are comparisons, or truth values combined with `and`, `or`, `not`.",
    example: inside("x = if 1 then 2 else 3\n"),
    mend: [["if 1", "if 1 > 0"]],
  },
  AM3003: {
    title: "An int is wanted",
    explanation: "Sizes, counts and ends of ranges are ints. `/` always gives a real number; `div(a, b)` divides ints.",
    example: inside("axis dim = 5 / 2\n"),
    mend: [["5 / 2", "div(5, 2)"]],
  },
  AM3004: {
    title: "Something that is no value",
    explanation:
      "Lists, ranges, tuples, texts and blocks have their own places: lists in `let`, sweeps and axes, or as the whole right side of a tensor.",
    example: inside("x = 2 * [1, 2]\n"),
    mend: [["x = 2 * [1, 2]", "axis i = 2\n  values[i] = [1, 2]\n  x[i] = 2 * values[i]"]],
  },
  AM3005: {
    title: "Two things that cannot be compared",
    explanation: "Numbers compare with numbers; labels of one set, and truth values, are equal or not.",
    example: inside("sweep method in {gd, muon}\nx = method == 3\n"),
    mend: [["method == 3", "method == muon"]],
  },
  AM3006: {
    title: "Branches of different types",
    explanation: "All branches of an `if` or `case` give the same type of value; ints widen to reals.",
    example: inside("x = if 1 > 2 then 3 else true\n"),
    mend: [["true", "4"]],
  },
  AM3007: {
    title: "`case` chooses by a label",
    explanation: "The subject of `case` is a label: of a sweep, of an axis, or an argument.",
    example: inside("let n = 2\nx = case n { a: 1, else: 2 }\n"),
    mend: [["x = case n { a: 1, else: 2 }", "x = if n == 1 then 1 else 2"]],
  },
  AM3008: {
    title: "A `case` that leaves something out",
    explanation: "There is an arm for each label, or `else`.",
    example: inside("sweep method in {gd, muon}\nx = case method { gd: 1 }\n"),
    mend: [["gd: 1", "gd: 1, else: 2"]],
  },
  AM3009: {
    title: "A list is wanted",
    explanation:
      "`[1, 2, 5]`, `0..9`, `linspace(0, 1, 11)`, `logspace(0.1, 10, 5)`, `powers(2, 1..10)`, `concat(…)`, all entries of one type.",
    example: inside("sweep eta in 3\n"),
    mend: [["in 3", "in [3]"]],
  },
  AM3010: {
    title: "Arguments that do not fit",
    explanation:
      "Arguments stand in the order of the parameters or are named: `adam(lr: 0.1, beta1: 0.9)`. Parameters without a default need one.",
    example: `use std.optimizers\n${inside("param w = 1\ntrain fit {\n  minimize w^2 over w\n  using gd(rate: 0.1)\n  for 3 steps\n}\n")}`,
    mend: [["rate", "lr"]],
  },
  AM3011: {
    title: "A subscript that is no int",
    explanation:
      "A subscript is an index or an int that is a position; `round`, `floor` and `ceil` make ints of reals.",
    example: inside("axis dim = 3\ne[dim] = 1\nx = e[1.5]\n"),
    mend: [["1.5", "1"]],
  },
  AM3012: {
    title: "A target of `cross_entropy` that is neither",
    explanation: "The target is a position of the axis, or a tensor that has the axis itself: soft labels.",
    example: inside("axis class = 2\ns[class] = 1\nx = cross_entropy(class) s[class] at 0.5\n"),
    mend: [["0.5", "1"]],
  },
  AM3013: {
    title: "A value of another type",
    explanation:
      "A state has the narrowest type that holds its start and its updates, a replaced tensor keeps its type. Ints widen to reals; nothing else converts by itself.",
    example: inside("axis i = 2\nstate s[i] = false\ntrain t {\n  s[i] <- 1\n  for 3 steps\n}\n"),
    mend: [
      ["<- 1", "<- true"],
      ["train", "evolve"],
    ],
  },
  AM3014: {
    title: "`div` of real numbers",
    explanation: "`div(a, b)` is the floored quotient of ints; of reals it is `floor(a / b)`.",
    example: inside("x = div(1.5, 2)\n"),
    mend: [["div(1.5, 2)", "1.5 / 2"]],
  },
  AM3015: {
    title: "`position` of something that has none",
    explanation: "Indices and labels have positions.",
    example: inside("x = position(1.5)\n"),
    mend: [["x = position(1.5)", "axis probe in [0.5, 1.5]\n  x[probe] = position(probe)"]],
  },
  AM3016: {
    title: "Something that cannot be called",
    explanation: "Parentheses call a fn; brackets read a tensor.",
    example: inside("axis dim = 3\ne[dim] = 1\nx = e(0)\n"),
    mend: [["e(0)", "e[0]"]],
  },
  AM3017: {
    title: "Something that is no distribution, or does not fit as one",
    explanation:
      "After `~` stands a distribution: `normal(0, 1)`, `uniform(0, 1)`, `rademacher()`, `bernoulli(0.5)`, `on_sphere(dim)`, `permutation(i)`, `choice(axis)`.",
    example: inside("axis dim = 3\ne[dim] ~ gaussian(0, 1)\n"),
    mend: [["gaussian", "normal"]],
  },
  AM3018: {
    title: "No derivative by this",
    explanation:
      "One differentiates by tensors of real numbers: parameters, states, arguments of a fn, derived tensors.",
    example: inside("axis i = 2\ns[i] ~ rademacher()\nmeasure m { g[i] = grad(sum(i') s[i']^2, s)[i] }\n"),
    mend: [["s[i] ~ rademacher()", "s[i] ~ normal(0, 1)"]],
  },
  AM3019: {
    title: "An argument of the wrong kind",
    explanation: "A parameter `x: axis`, `x: data`, `x: memory`, `x: optimizer`, `x: fn` takes just that.",
    example: `data d(token: axis) {\n  p[token] = 1\n}\n${inside("axis token = 2\nmemory M = d(token)\n")}`,
    mend: [["memory M", "data M"]],
  },
  AM3020: {
    title: "A tensor literal of another shape",
    explanation: "The lists are nested as deep as there are axes on the left, and as long as these.",
    example: inside("axis dim = 3\ne[dim] = [1, 2]\n"),
    mend: [["[1, 2]", "[1, 2, 3]"]],
  },
  AM3021: {
    title: "A replacement of another kind",
    explanation: "A tensor replaces a tensor of the same axes, a fn replaces a fn.",
    example: `data d(token: axis) {\n  fn f(x) = x\n  p[token] = f(1)\n}\n${inside("axis token = 2\ndata a = d(token, f = 2)\n")}`,
    mend: [["f = 2", "fn f(x) = 2"]],
  },
  AM3022: {
    title: "An optimizer for parameters of other axes",
    explanation: "`for w[..]` takes every parameter, `for w[i, ..]` one of one axis or more, `for w[i, o]` a matrix.",
    example: `optimizer rows(lr) for w[i, o] {\n  w[i, o] <- w[i, o] - lr * grad[i, o]\n}\n${inside("param w = 1\ntrain fit {\n  minimize w^2 over w\n  using rows(lr: 0.1)\n  for 3 steps\n}\n")}`,
    mend: [["[i, o]", "[..]"]],
  },
  AM3023: {
    title: "An unknown precision",
    explanation: "`precision f64` makes parameters, draws and records 64-bit numbers; without it they have 32 bits.",
    example: inside("precision f16\n"),
    mend: [["f16", "f64"]],
  },
  AM3030: {
    title: "An operator that makes no value",
    explanation: "`++` stands where an axis is declared, `|` between optimizers.",
    example: inside("axis i = 2\naxis j = 3\nx = i ++ j\n"),
    mend: [["x = i ++ j", "axis x = i ++ j"]],
  },
  AM3040: {
    title: "An argument outside of its range",
    explanation: "`quantile(i, q)` takes a share from 0 to 1, `top(i, k)` a number of entries, which is not negative.",
    example: inside("axis i = 2\nx[i] = i\ny = quantile(i, 90) x[i]\n"),
    mend: [["90", "0.9"]],
  },
  AM3041: {
    title: "A matrix that does not fit",
    explanation:
      "Linear algebra is over two indices of a matrix; `inverse`, `solve`, `cholesky`, `logdet`, `trace` and `eigh` take square ones. `projector` and the decompositions with vectors stand alone on a right side, and their left sides name the axes of what they give: `(lam[k], vec[k, i]) = eigh(i, i') C[i, i']`.",
    example: inside("axis i = 2\naxis j = 3\nX[i, j] = i + j\ny = trace(i, j) X[i, j]\n"),
    mend: [["axis j = 3", "axis j = 2"]],
  },
  AM3042: {
    title: "A direction of other axes",
    explanation: "In `hvp(e, v, d)` the direction d is a tensor over the axes of v, in their order.",
    example: inside(
      "axis i = 2\naxis j = 3\nparam w[i] = 1\nd[j] = 1\nmeasure m { y[i] = hvp(sum(i') w[i']^3, w, d)[i] }\n",
    ),
    mend: [["d[j]", "d[i]"]],
  },
  AM3090: {
    title: "An int beyond 32 bits",
    explanation:
      "Ints are exact. In runs they have 32 bits: what may leave them is an error where the bounds are known, and ends the point as failed where only the run tells. `real(…)` around a part computes with real numbers.",
    example: null,
  },
};
