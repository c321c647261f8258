/** AM2xxx: names and axes. */
import { inside, type CodeTable } from "./entry.js";

const axes = "axis token = 3\naxis dim = 2\n";

export const nameCodes: CodeTable = {
  AM2001: {
    title: "An unknown name",
    explanation:
      "Nothing of this name can be seen here. Names of a component are written with it (`M.W`), names of another file need `use`, and an experiment's sweeps cannot be seen outside of it: they travel as arguments.",
    example: inside("let eta = 0.1\nlet twice = 2 * etta\n"),
    mend: [["etta", "eta"]],
  },
  AM2002: {
    title: "Declared twice",
    explanation:
      "Each name has one declaration in its scope; the order of declarations is free, so a second one would be ambiguous.",
    example: inside("let n = 2\nlet n = 3\n"),
    mend: [["let n = 3", "let m = 3"]],
  },
  AM2003: {
    title: "An unknown member",
    explanation:
      "A component has the members that its block declares (and those added where it is made), a phase has what its body declares.",
    example: inside(`${axes}data pair {\n  p[token] = 1 / size(token)\n}\nq[token] = pair.weight[token]\n`),
    mend: [["pair.weight", "pair.p"]],
  },
  AM2004: {
    title: "An unknown axis",
    explanation:
      "Here the name of an axis is wanted: of one that is declared (`axis dim = 8`), or that an argument or a data file brings along.",
    example: inside("let n = size(dims)\naxis dim = 2\n"),
    mend: [["dims", "dim"]],
  },
  AM2005: {
    title: "An argument replaces nothing",
    explanation:
      "`name[i] = …` among the arguments replaces a declaration of the template. The template declares nothing of this name.",
    example: `data d(token: axis) {\n  p[token] = 1\n}\n${inside("axis token = 2\ndata a = d(token, q[token] = 2)\n")}`,
    mend: [["q[token] = 2", "p[token] = 2"]],
  },
  AM2006: {
    title: "Definitions that form a circle",
    explanation:
      "To know one value the other is needed, and the other way round. What changes from step to step is a `state`, updated by `<-`.",
    example: inside("a = b + 1\nb = 2 * a\n"),
    mend: [["b = 2 * a", "b = 2"]],
  },
  AM2007: {
    title: "`use` finds nothing, or a name twice",
    explanation:
      "`use std.linear` takes a file of the library, `use recall` the file `recall.amem` beside this one. All its declarations become visible, each name once.",
    example: `use std.optimizer\n${inside("let n = 1\n")}`,
    mend: [["std.optimizer", "std.optimizers"]],
  },
  AM2008: {
    title: "`step` outside of a phase",
    explanation:
      "`step` is the number of updates that a training has done. It means something in the body of a phase and in the arguments of its optimizers.",
    example: inside("let n = step + 1\n"),
    mend: [["let n = step + 1", "state s = 0\n  evolve run {\n    s <- s + step\n    for 3 steps\n  }"]],
  },
  AM2009: {
    title: "A template used as a component",
    explanation: "A template has parameters without values; a component is made of it by `memory M = template(…)`.",
    example: `data d(token: axis) {\n  p[token] = 1\n}\n${inside("axis token = 2\nq[token] = d.p[token]\n")}`,
    mend: [["q[token] = d.p", "data a = d(token)\n  q[token] = a.p"]],
  },
  AM2010: {
    title: "A name is wanted",
    explanation: "Only a name, or a member of a component, can stand here.",
    example: inside(
      `${axes}param W[dim] = 0\ntrain fit {\n  minimize sum(dim) W[dim]^2 over 2 * 3\n  using gd(lr: 1)\n  for 3 steps\n}\n`,
    ),
    mend: [
      ["over 2 * 3", "over W"],
      ["experiment", "use std.optimizers\nexperiment"],
    ],
  },
  AM2011: {
    title: "A phase that runs later",
    explanation: "Phases run in the order in which they are written, and see what earlier ones left behind.",
    example: inside("measure a { x = b.y }\nmeasure b { y = 1 }\n"),
    mend: [["  measure a { x = b.y }\n  measure b { y = 1 }", "  measure b { y = 1 }\n  measure a { x = b.y }"]],
  },
  AM2012: {
    title: "A result inside a run",
    explanation:
      "An equation outside of the phases that names a result is itself a result: it is computed when all runs are done, for claims, charts and prose.",
    example: inside("measure m { x = 1 }\ny = 2 * m.x\nmeasure n { z = y }\n"),
    mend: [["  y = 2 * m.x\n  measure n { z = y }", "  measure n { z = 2 * m.x }"]],
  },
  AM2013: {
    title: "An unknown label",
    explanation: "The labels are those of the axis or sweep that is compared or chosen by.",
    example: inside("sweep method in {gd, muon}\nlet n = case method { gd: 1, moon: 2, else: 3 }\n"),
    mend: [["moon", "muon"]],
  },
  AM2014: {
    title: "A statistic of results inside a run",
    explanation:
      "Statistics look at all runs, or along the records of one: they belong to claims, charts, and equations that name results.",
    example: inside("axis t = 4\nx[t] = t\nmeasure m { s = crossing(t, x[t], 2) }\n"),
    mend: [["measure m { s = crossing(t, x[t], 2) }", "measure m { y[t] = x[t] }\n  s = crossing(t, m.y, 2)"]],
  },
  AM2015: {
    title: "A declaration without a right side",
    explanation: "It has to be supplied by an argument where its template is used.",
    example: inside(`${axes}param W[dim]\n`),
    mend: [["W[dim]", "W[dim] = 0"]],
  },
  AM2016: {
    title: "A fn that calls itself",
    explanation: "Functions are unfolded when the spec is checked, so they cannot be recursive.",
    example: inside("fn f(n) = f(n - 1)\nx = f(3)\n"),
    mend: [["f(n - 1)", "n - 1"]],
  },
  AM2017: {
    title: "The number of results does not fit",
    explanation: "A fn returns as many values as its header promises; `(a, b) = f(x)` takes them all.",
    example: inside("fn f(x)([], []) = {\n  return x\n}\n(a, b) = f(1)\n"),
    mend: [
      ["(a, b) = f(1)", "(a, b) = f(1)"],
      ["return x", "return x, 2 * x"],
    ],
  },
  AM2018: {
    title: "A block without `return`",
    explanation: "A block that is a value ends with `return EXPR`.",
    example: inside("fn f(x) = {\n  y = 2 * x\n}\nz = f(1)\n"),
    mend: [["y = 2 * x", "y = 2 * x\n    return y"]],
  },
  AM2019: {
    title: "A parameter, state or draw inside a fn",
    explanation:
      "A fn computes from its arguments and from what it sees; it has nothing of its own that is kept or drawn.",
    example: inside("fn f(x) = {\n  state s = 0\n  return s + x\n}\nz = f(1)\n"),
    mend: [["state s = 0", "s = 0"]],
  },
  AM2020: {
    title: "A member defined from outside",
    explanation: "What belongs to a component is declared in it, or given as an argument where it is made.",
    example: inside(`${axes}data d { p[token] = 1 }\nd.q[token] = 2\n`),
    mend: [["data d { p[token] = 1 }\n  d.q[token] = 2", "data d {\n    p[token] = 1\n    q[token] = 2\n  }"]],
  },
  AM2021: {
    title: "A statement in the wrong place",
    explanation:
      "This statement belongs somewhere else: sweeps and phases into an experiment, clauses like `minimize` into a `train`, parameters into a `memory` or an experiment.",
    example: "sweep eta in [1, 2]\n",
    mend: [["sweep eta in [1, 2]", "experiment e {\n  sweep eta in [1, 2]\n  measure m { twice = 2 * eta }\n}"]],
  },
  AM2022: {
    title: "Something that cannot be changed",
    explanation:
      "`<-` changes a `state` or a `param`. An equation is a definition: it changes when what it depends on changes.",
    example: inside("axis i = 2\nx[i] = 1\ntrain t {\n  x[i] <- 2\n  for 3 steps\n}\n"),
    mend: [
      ["  x[i] = 1", "  state x[i] = 1"],
      ["train t", "evolve t"],
    ],
  },
  AM2023: {
    title: "A measure without an equation",
    explanation: "Every equation of a `measure` is a result; without one there is nothing to be measured.",
    example: inside("measure m { }\n"),
    mend: [["measure m { }", "measure m { x = 1 }"]],
  },
  AM2024: {
    title: "A training that lacks a part",
    explanation: "A `train` has one `minimize … over …`, one `using …` and one `for … steps`, in any order.",
    example: `use std.optimizers\n${inside("param w = 1\ntrain fit {\n  minimize w^2 over w\n  using gd(lr: 0.1)\n}\n")}`,
    mend: [["using gd(lr: 0.1)", "using gd(lr: 0.1)\n    for 10 steps"]],
  },
  AM2025: {
    title: "Parameters and optimizers do not fit",
    explanation:
      "`over` names parameters (`M.W`), components (all their parameters) or tuples; each parameter has exactly one optimizer.",
    example: `use std.optimizers\n${inside("w = 1\ntrain fit {\n  minimize w^2 over w\n  using gd(lr: 0.1)\n  for 3 steps\n}\n")}`,
    mend: [["  w = 1", "  param w = 1"]],
  },
  AM2026: {
    title: "A record twice",
    explanation: "Results are called by their names, so each name is recorded once in a phase.",
    example: `use std.optimizers\n${inside("param w = 1\ntrain fit {\n  minimize w^2 over w\n  using gd(lr: 0.1)\n  for 3 steps\n  record { w, w = 2 * w }\n}\n")}`,
    mend: [["w, w = 2", "w, twice = 2"]],
  },
  AM2027: {
    title: "A record without a name",
    explanation:
      "A name, a member or a subscripted one is recorded under its own name; anything else needs one: `gap = a - b`.",
    example: `use std.optimizers\n${inside("param w = 1\ntrain fit {\n  minimize w^2 over w\n  using gd(lr: 0.1)\n  for 3 steps\n  record { 2 * w }\n}\n")}`,
    mend: [["{ 2 * w }", "{ twice = 2 * w }"]],
  },
  AM2028: {
    title: "A snapshot read before it is taken",
    explanation:
      "An equation in the body of a phase is taken in its place, once a step. What stands before it cannot read it.",
    example: inside("state s = 0\ntrain t {\n  s <- s + z\n  z = 2 * s\n  for 3 steps\n}\n"),
    mend: [["    s <- s + z\n    z = 2 * s", "    z = 2 * s\n    s <- s + z"]],
  },
  AM2031: {
    title: "A slice that cannot rest on its own",
    explanation:
      "`until[query]` lets each `query` rest by itself: every state that the phase changes has this axis, and nothing is trained.",
    example: inside(
      "axis query = 3\nstate s[query] = 1\nstate total = 0\nevolve e {\n  s[query] <- s[query] / 2\n  total <- total + 1\n  for 9 steps\n  until[query] s[query] < 0.1\n}\n",
    ),
    mend: [
      ["state total = 0", "state total[query] = 0"],
      ["total <- total + 1", "total[query] <- total[query] + 1"],
    ],
  },
  AM2033: {
    title: "What a scan cannot hold",
    explanation:
      "A `scan` holds states with their beginnings, equations, draws, and updates of its states. An equation or a draw that is subscripted by the scanned index is stacked into a tensor.",
    example: inside("axis time = 3\nstate outer = 0\nscan t: time {\n  state S = 0\n  outer <- outer + t\n}\n"),
    mend: [
      ["  state outer = 0\n", ""],
      ["    state S = 0\n    outer <- outer + t", "    state S = 0\n    S <- S + t"],
    ],
  },
  AM2034: {
    title: "An order in which no entries can change",
    explanation:
      "`s[q, n] <- … asynchronously over n` changes the entries of one state, one `n` after the other: in a fresh random order each step, `in order`, or `one` of them alone. `per q` gives each `q` an order of its own.",
    example: inside(
      "axis n = 3\nevolve e {\n  state s[n] = 1\n  s[n] <- sum(n') s[n'] asynchronously over m\n  for 3 steps\n}\n",
    ),
    mend: [["asynchronously over m", "asynchronously over n"]],
  },
  AM2035: {
    title: "What no batch can be",
    explanation:
      "`batch b: sample = 32` in a phase makes `b` an index over the entries of a batch: each step takes the next 32 positions of the axis `sample`, in an order that is drawn anew for each epoch. A phase has one batch, of one entry or more.",
    example: `use std.optimizers\n${inside("axis sample = 6\nparam w = 1\nx[sample] ~ normal(0, 1)\ntrain fit {\n  batch b: sample = 0\n  minimize mean(b) (w - x[b])^2 over w\n  using gd(lr: 0.1)\n  for 2 steps\n}\n")}`,
    mend: [["sample = 0", "sample = 2"]],
  },
  AM2036: {
    title: "Epochs without a batch",
    explanation:
      "An epoch is over when a phase's `batch` has gone once through all positions of its axis. `for 20 epochs`, `record every epoch`, `every 2 epochs { … }` and the value `epoch` count those.",
    example: `use std.optimizers\n${inside("param w = 1\ntrain fit {\n  minimize w^2 over w\n  using gd(lr: 0.1)\n  for 3 epochs\n}\n")}`,
    mend: [["for 3 epochs", "for 3 steps"]],
  },
  AM2037: {
    title: "A name that a sequence cannot have",
    explanation:
      "Results of the phases in a `sequence` have its variable as an axis, so the name means nothing else in the experiment. `seed` is the sweep that draws are keyed by.",
    example: inside("axis task = 3\nsequence task in 0..4 {\n  measure m { y = task }\n}\n"),
    mend: [["axis task = 3\n", ""]],
  },
  AM2038: {
    title: "A parameter that nothing uses",
    explanation:
      "The text of the template never mentions this parameter, so arguments for it change nothing. Often another name stands where it was meant.",
    example:
      "memory pairs(token: axis, dim: axis, scale) {\n  e[token, dim] = token - dim\n}\nexperiment e {\n  axis token = 3\n  axis dim = 2\n  memory M = pairs(token, dim, scale: 2)\n  measure m { y[token] = M.e[token, 0] }\n}\n",
    mend: [["= token - dim", "= scale * (token - dim)"]],
  },
  AM2039: {
    title: "A phase that begins somewhere else",
    explanation:
      "`train NAME from start` and `evolve NAME from start` begin at the initial parameters again. Every other phase goes on from where those before it ended.",
    example: `use std.optimizers\n${inside("param w = 1\ntrain fit {\n  minimize w^2 over w\n  using gd(lr: 0.1)\n  for 3 steps\n}\ntrain other from fit {\n  minimize w^4 over w\n  using gd(lr: 0.1)\n  for 3 steps\n}\n")}`,
    mend: [["from fit", "from start"]],
  },
  AM2032: {
    title: "What has no previous value",
    explanation:
      "`previous(s[i])` takes a state or a parameter, in a phase that takes steps; `previous(s[i], 2)` goes two steps back.",
    example: inside("state s = 1\nz = 2 * s\nevolve e {\n  s <- s + previous(z)\n  for 3 steps\n}\n"),
    mend: [
      ["previous(z)", "2 * previous(s)"],
      ["  z = 2 * s\n", ""],
    ],
  },
  AM2029: {
    title: "An equation that has changed since the step began",
    explanation: "Equations outside of a body are always current: after an update they have their new values.",
    example: inside(
      "state s = 0\nz = 2 * s\nstate most = 0\ntrain t {\n  s <- s + 1\n  most <- max(most, z)\n  for 3 steps\n}\n",
    ),
    mend: [
      ["  z = 2 * s\n", ""],
      ["    s <- s + 1\n", "    z = 2 * s\n    s <- s + 1\n"],
    ],
  },
  AM2101: {
    title: "An index without an axis",
    explanation:
      "An index ranges over the axis of its name; primes, then digits at the end are taken off (`dim'`, `token2`). Any other name takes the axis of the positions where it stands alone, or is told: `sum(i: dim)`.",
    example: inside("axis dim = 2\nx = sum(i) i^2\n"),
    mend: [["sum(i) i^2", "sum(i: dim) i^2"]],
  },
  AM2102: {
    title: "One index, two axes",
    explanation:
      "An index stands for a position of one axis. Two axes need two indices, also when their sizes happen to agree.",
    example: inside(`${axes}a[token] = 1\nb[dim] = 2\nx = sum(k) a[k] * b[k]\n`),
    mend: [["b[dim] = 2", "b[token] = 2"]],
  },
  AM2103: {
    title: "An index of another axis",
    explanation:
      "Each position of a tensor belongs to an axis, and an index of another axis cannot stand there, whatever the sizes are. Where a position is to be computed, any int will do: `label[token]`, `x[i + 1]`.",
    example: inside(`${axes}e[token, dim] = 1\nx[token, dim] = e[dim, token]\n`),
    mend: [["e[dim, token]", "e[token, dim]"]],
  },
  AM2104: {
    title: "A tensor without its indices",
    explanation:
      "Inside an equation every index is written. A bare name stands for the whole tensor in arguments and records only.",
    example: inside("axis dim = 2\ne[dim] = 1\nx[dim] = 2 * e\n"),
    mend: [["2 * e", "2 * e[dim]"]],
  },
  AM2105: {
    title: "The number of subscripts does not fit",
    explanation: "A tensor takes one subscript for each of its axes, in their order, or by name: `x[dim: 0]`.",
    example: inside(`${axes}e[token, dim] = 1\nx[token] = e[token]\n`),
    mend: [["x[token] = e[token]", "x[token] = e[token, 0]"]],
  },
  AM2106: {
    title: "An index that nothing binds",
    explanation:
      "Indices are bound on the left side or by a reduction. The name of an axis is no number: its size is `size(dim)`.",
    example: inside(`${axes}e[token, dim] = 1\nx[token] = e[token, dim] + dim\n`),
    mend: [["x[token] =", "x[token, dim] ="]],
  },
  AM2107: {
    title: "An index bound twice",
    explanation: "The inner one would hide the outer one. Give it another name: `dim'` ranges over the same axis.",
    example: inside("axis dim = 2\ne[dim] = 1\nx[dim] = sum(dim) e[dim]\n"),
    mend: [["sum(dim) e[dim]", "sum(dim') e[dim']"]],
  },
  AM2108: {
    title: "A normaliser without its index",
    explanation:
      "`softmax` and its kin keep their index: the result varies over it, so it is bound on the left side or by a reduction around it.",
    example: inside("axis dim = 2\ne[dim] = 1\nx = softmax(dim) e[dim]\n"),
    mend: [["x = softmax", "x[dim] = softmax"]],
  },
  AM2109: {
    title: "Subscripts of something that has no axes",
    explanation: "Subscripts stand behind the name of a tensor or of a list.",
    example: inside("axis dim = 2\nlet n = 3\nx[dim] = n[dim]\n"),
    mend: [["n[dim]", "n"]],
  },
  AM2110: {
    title: "A sweep as an index of a run",
    explanation:
      "Runs must not depend on each other, so inside a run a sweep variable is a value. Over sweeps one reduces in results.",
    example: inside("sweep seed in 0..3\nx = 2\nmeasure m { y = mean(seed) x }\n"),
    mend: [["measure m { y = mean(seed) x }", "measure m { y = x + seed }\n  claim c { expect mean(seed) m.y < 4 }"]],
  },
  AM2111: {
    title: "A left side that is no list of indices",
    explanation: "`x[i, j] = …` defines all of x. What holds for some entries only is said on the right side.",
    example: inside("axis dim = 2\nx[0] = 1\n"),
    mend: [["x[0] = 1", "x[dim] = if dim == 0 then 1 else 0"]],
  },
  AM2112: {
    title: "A sign that means nothing in this subscript",
    explanation:
      "`:` passes an axis whole to a fn, `..` stands for the axes of an optimizer's parameter, `near` and `#` select among results; `cyclic`, `clamp` and `pad` stand in subscripts only.",
    example: inside("axis dim = 2\ne[dim] = 1\nx = 2 * e[:]\n"),
    mend: [["x = 2 * e[:]", "x[dim] = 2 * e[dim]"]],
  },
  AM2113: {
    title: "Indices that do not fit the reduction",
    explanation:
      "A reduction names the indices that it binds: `sum(i, j) …`. `argmax`, `argmin`, `cross_entropy`, `cumsum` and `cumprod` have one.",
    example: inside(`${axes}e[token, dim] = 1\nx = argmax(token, dim) e[token, dim]\n`),
    mend: [["x = argmax(token, dim) e[token, dim]", "x[token] = argmax(dim) e[token, dim]"]],
  },
  AM2114: {
    title: "An index that nothing uses",
    explanation:
      "What a reduction binds has to occur in what it reduces. Often a sum ends earlier than was meant: only the product that follows belongs to it.",
    example: inside(`${axes}e[token] = 1\nx = sum(token, dim) e[token]\n`),
    mend: [["sum(token, dim) e[token]", "sum(token) e[token]"]],
  },
  AM2117: {
    title: "An axis that is mapped over, and bound",
    explanation:
      "A tensor passed by its name alone is mapped over the axes that the fn does not have. An index of this name is bound here, so it is not clear which is meant.",
    example: inside(`${axes}s[token, dim] = 1\nfn f(x[dim]) = sum(dim) x[dim]\ny[token] = f(s)\n`),
    mend: [["f(s)", "f(s[token, :])"]],
  },
  AM2118: {
    title: "An argument with other axes",
    explanation:
      "A fn's header says over which axes its arguments range. `:` passes an axis whole, an index picks one of its positions.",
    example: inside(`${axes}s[token] = 1\nfn f(x[dim]) = sum(dim) x[dim]\ny = f(s[:])\n`),
    mend: [["s[token] = 1", "s[dim] = 1"]],
  },
  AM2124: {
    title: "One number where a tensor is wanted",
    explanation:
      "Inside of an equation `x[token]` is the number at one token. A fn whose parameter is over `token` sees that number at every token. `x[:]`, or the name alone, passes the tensor. A warning: it may be meant, for a tensor that is constant.",
    example: inside("axis token = 3\nx[token] = token\nfn f(v[token]) = sum(token) v[token]\ny[token] = f(x[token])\n"),
    mend: [["f(x[token])", "f(x[:])"]],
  },
  AM2130: {
    title: "A tuple after `with` that stands for no parameters here",
    explanation:
      "`M.loss with ema` is `M.loss` where M's parameters are those of the tuple. They are those of the memory that the tuple was made of, where the expression depends on it, else those of the only memory of such parameters that it depends on. Several tuples stand in parentheses.",
    example: `memory net(i: axis) {\n  param W[i] = 1\n}\n${inside("axis i = 2\nmemory M = net(i)\nmeasure m {\n  y = 2 with M\n}\n")}`,
    mend: [["y = 2 with M", "y = (sum(i) M.W[i]) with M.W[i] = 2"]],
  },
  AM2131: {
    title: "A component over an axis, without saying which",
    explanation:
      "`memory M[layer] = …` has its parameters, states, draws and equations once for each value of the axis: `M.W[layer, i]`. What it computes is asked of one of them: `M[layer].f(x)`. Memories and `data` blocks can be over axes; optimizers, files and templates cannot.",
    example: `memory net(i: axis) {\n  param W[i] = 1\n  fn f(z) = z * sum(i) W[i]\n}\n${inside("axis i = 2\naxis layer = 3\nmemory M[layer] = net(i)\nmeasure m {\n  y = M.f(1)\n}\n")}`,
    mend: [["y = M.f(1)", "y[layer] = M[layer].f(1)"]],
  },
  AM2132: {
    title: "A component that cannot be made a second time",
    explanation:
      "`memory N = M` is another memory like M, with the same arguments, and parameters and draws of its own; `memory N = M(n: 3)` changes some. What is chosen by a label, read from a file, or has the parameters of a tuple is there once.",
    example: `memory net(i: axis) {\n  param W[i] = 1\n}\n${inside("axis i = 2\nmemory M = net(i)\nmemory A = M with M\nmemory N = A\n")}`,
    mend: [["memory N = A", "memory N = M"]],
  },
  AM2119: {
    title: "One index, several positions",
    explanation:
      "An index of a part stands where its whole is wanted, and one of a joined axis where the join is. There has to be one position that it means.",
    example: inside("axis token = 3\naxis twice = token ++ token\n"),
    mend: [["axis twice = token ++ token", "axis other = 3\n  axis twice = token ++ other"]],
  },
  AM2120: {
    title: "An int that could count two things",
    explanation:
      "A tensor over a part of an axis is read at an index of the part, or of the whole. Any other int could count inside the part or along the whole; where these are not the same, `x[part: e]` counts inside.",
    example: inside(
      "axis pos = 5\naxis late = pos[2 .. 4]\nx[late] = late\nk[pos] = mod(7 * pos, 3)\ny[pos] = x[k[pos]]\n",
    ),
    mend: [["x[k[pos]]", "x[clamp(pos - 2)]"]],
  },
  AM2121: {
    title: "Factors that do not make up the axis",
    explanation:
      "`(row, col)` stands for a position of an axis that is declared as `row * col`: one index for each factor, in this order.",
    example: inside("axis row = 2\naxis col = 2\naxis pixel = row * col\nx[pixel] = 1\ny[row, col] = x[(col, row)]\n"),
    mend: [["x[(col, row)]", "x[(row, col)]"]],
  },
  AM2122: {
    title: "An axis that is made of something else than axes",
    explanation:
      "Parts (`pos[0 .. 9]`, `pos[0, 20]`), joins (`pixel ++ class`) and products (`row * col`) are made of axes that have names, parts by positions.",
    example: inside("axis row = 2\naxis pixel = row * 3\n"),
    mend: [
      ["row * 3", "row * col"],
      ["axis row = 2", "axis row = 2\n  axis col = 3"],
    ],
  },
  AM2123: {
    title: "A definition by parts that does not fit its left side",
    explanation:
      "`x[unit] = pixel: … | class: …` defines x on each of the axes that make up `unit`: all of them, once each. It is a whole right side.",
    example: inside("axis pixel = 4\naxis class = 2\naxis unit = pixel ++ class\nx[unit] = pixel: 1\n"),
    mend: [["pixel: 1", "pixel: 1 | class: -1"]],
  },
};
