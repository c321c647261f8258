import { describe, expect, test } from "vitest";
import { parse } from "../../grammar/index.js";
import type { Statement } from "../../grammar/tree.js";
import { fixtures } from "./fixtures.js";
import { codes, show, showTarget, statement, statements } from "./show.js";

test.each(fixtures)("$file is read without a fault", ({ file, text }) => {
  const { diagnostics, complete } = parse({ file, text });
  expect(diagnostics).toEqual([]);
  expect(complete).toBe(true);
});

test("the fixtures hold every kind of statement", () => {
  const met = new Set<string>();
  const visit = (list: readonly Statement[]): void => {
    for (const one of list) {
      met.add(one.kind);
      if ("body" in one && Array.isArray(one.body)) visit(one.body as Statement[]);
      if (one.kind === "fn" && one.body?.kind === "block") visit(one.body.statements);
    }
  };
  for (const { file, text } of fixtures) visit(parse({ file, text }).tree.statements);
  const all: Statement["kind"][] = [
    "use",
    "axis",
    "sweep",
    "refine",
    "let",
    "equation",
    "draws",
    "param",
    "state",
    "fn",
    "component",
    "phase",
    "experiment",
    "profile",
    "chart",
    "table",
    "text",
    "claim",
    "expect",
    "precision",
    "source",
    "draw",
    "batch",
    "minimize",
    "using",
    "for",
    "stop",
    "until",
    "record",
    "assign",
    "every",
    "sequence",
    "scan",
    "return",
    "column",
  ];
  expect([...met].sort()).toEqual([...all].sort());
});

describe("where a statement ends", () => {
  test.each([
    ["x = a\ny = b", 2],
    ["x = a; y = b;", 2],
    ["x = a +\n  b", 1],
    ["x = a\n  + b\n  - c", 1],
    ["x = f(a,\n  b\n)\ny = 1", 2],
    ["x =\n  if a\n  then b\n  else c", 1],
    ["x = if a then b else\n  c\ny = 2", 2],
    ["x\n  = 3", 0],
    ["M.a[i] <- b\n  where c", 1],
    ["x[i]\n~ f()", 0],
    ["expect a\n  and b", 0],
    ["\n\nx = 1\n\n\n", 1],
    ["x = f(fn g(y) = {\n  z = 1\n  return z\n})", 1],
    ["x = a // why\n  + b /* and\n */ + c", 1],
    ["x = case a { b: 1,\n c: 2 }\ny = 2", 2],
    ["m = dense(\n  a\n) {\n", 0],
    ["x = a\r\ny = b\rz = c", 3],
    ["minimize a over W using gd(lr: 1)", 2],
    ["using gd(lr: 1) over W,\n  gd(lr: 2) over b", 1],
  ])("%j", (text, count) => {
    const { tree, diagnostics } = parse({ file: "t", text });
    if (count > 0) expect([tree.statements.length, diagnostics]).toEqual([count, []]);
    else expect(tree.statements.length + diagnostics.length).toBeGreaterThan(0);
  });
});

describe("keywords are names elsewhere", () => {
  test.each([
    "data = 3",
    "step[..] = 1",
    "record ~ normal(0, 1)",
    "until[q] = 3",
    "until <- 4",
    "scan.x[i] <- 4",
    "text[i] = for[i] + use",
    "source = experiment",
    "axis[k] = 1",
  ])("%s", (text) => expect(["equation", "draws", "assign"]).toContain(statements(text)[0]?.kind));
  test("until with axes is a condition", () => {
    const until = statement("until", "until[query, b] all(n) s[query, n] == 1");
    expect(until.axes.map((name) => name.text)).toEqual(["query", "b"]);
  });
});

describe("declarations", () => {
  test("axes", () => {
    expect(statement("axis", "axis a = b ++ c").value).toMatchObject({
      kind: "is",
      expr: { kind: "binary", operator: "++" },
    });
    expect(statement("axis", "axis g in linspace(0, 1, 5)").value.kind).toBe("in");
    const labels = statement("axis", "axis p in {o2,\n k2}").value;
    expect(labels.kind === "labels" && labels.labels.map((name) => name.text)).toEqual(["o2", "k2"]);
  });
  test("sweeps", () => {
    const sweep = statement(
      "sweep",
      "sweep (n, d) in [(1, 2)] where n < k refine from [2, 3*N] to 4% 5 times where a, b > 1",
    );
    expect(sweep.variables.map((name) => name.text)).toEqual(["n", "d"]);
    expect(sweep.where && show(sweep.where)).toBe("(n < k)");
    expect(sweep.adaptive).toMatchObject({
      mode: "refine",
      tolerance: { percent: true, value: { value: 0.04 } },
      times: { value: 5 },
    });
    expect(sweep.adaptive?.conditions.map(show)).toEqual(["a", "(b > 1)"]);
    const ladder = statement("sweep", "sweep r in 0..200 until test.perfect");
    expect(ladder.adaptive).toMatchObject({ mode: "until", start: null });
    const plane = statement("refine", "refine (load log, flip) 4 times where c");
    expect(plane.adaptive.variables.map(({ name, log }) => [name.text, log])).toEqual([
      ["load", true],
      ["flip", false],
    ]);
  });
  test("draws, parameters, states", () => {
    const draw = statement("draws", "x[i] ~ categorical(A, w[A]) by (seed, 2)");
    expect([show(draw.distribution), draw.by && show(draw.by)]).toEqual(["categorical(A, w[A])", "tuple(seed, 2)"]);
    expect(statement("param", "param b").init).toEqual({ kind: "none" });
    expect(statement("param", "param W[i, o] ~ normal(0, 1)").init.kind).toBe("draw");
    expect(statement("state", "state m[..] = 0").target.subscripts?.[0]?.value).toEqual({ kind: "rest" });
  });
  test("several results at once", () => {
    const equation = statement("equation", "(q[a], k[a]) = f(x[:])");
    expect(equation.targets.map(showTarget)).toEqual(["q[a]", "k[a]"]);
  });
  test("a definition by parts", () => {
    expect(show(statement("equation", "x[u] = p: v[p] | c: if a then 1 else 2").value)).toBe(
      "p: v[p] | c: (if a then 1 else 2)",
    );
  });
  test("functions", () => {
    const fn = statement("fn", "fn f(x[a, b], n = 3, g: fn)([b], [c]) = { return x, n }");
    expect(fn.results?.map((axes) => axes.map((name) => name.text))).toEqual([["b"], ["c"]]);
    expect(fn.parameters.map(({ name, sort, axes }) => [name.text, sort, axes?.length ?? 0])).toEqual([
      ["x", "value", 2],
      ["n", "value", 0],
      ["g", "fn", 0],
    ]);
    expect(statement("fn", "fn f(z) = z^2")).toMatchObject({ results: null, alias: false });
    expect(statement("fn", "fn update = M.update")).toMatchObject({ parameters: [], alias: true });
  });
  test("components", () => {
    expect(statement("component", "optimizer m(lr) for w[i, ..] { w[i, ..] <- 0 }").subject).toMatchObject({
      rest: true,
      axes: [{ text: "i" }],
    });
    const data = statement("component", 'data d = dataset.npz("x") { e[i] = "a", y[i] in class = "b" }');
    expect(data.body?.map(({ kind }) => kind)).toEqual(["column", "column"]);
    const memory = statement("component", "memory B[layer] = block(d) { fn g(z) = z }");
    expect([memory.axes.map((name) => name.text), memory.body?.length]).toEqual([["layer"], 1]);
  });
  test("descriptions belong to what follows", () => {
    const [first, second] = statements("/// one\n/// two\naxis a = 3 // no\n// no\n/// three\n\nfn f(x) = x");
    expect([first, second].map((one) => (one?.kind === "axis" || one?.kind === "fn" ? one.doc : null))).toEqual([
      "one\ntwo",
      "three",
    ]);
  });
});

describe("phases", () => {
  test("counts", () => {
    const count = (text: string): unknown => statement("for", text).count;
    expect(count("for 10 steps")).toMatchObject({ unit: "steps", count: { value: 10 } });
    expect(count("for max(a, b) epochs")).toMatchObject({ unit: "epochs", count: { kind: "call" } });
    expect(count("for 5")).toMatchObject({ unit: "steps" });
    expect(statement("every", "every epoch { x <- 1 }").count).toMatchObject({ unit: "epochs", count: null });
    expect(statement("record", "record every epoch { x }").schedule).toMatchObject({
      kind: "every",
      count: { count: null },
    });
  });
  test("records", () => {
    const record = statement("record", "record at [1, 2] { a, M.W\n b[i] = a[i], max(i) b[i] }");
    expect(record.schedule.kind).toBe("at");
    expect(record.entries.map(({ kind }) => kind)).toEqual(["expr", "expr", "equation", "expr"]);
    for (const when of ["", "last ", "stepwise ", "every 10 ", "every 3 steps "])
      expect(codes(`record ${when}{ a }`)).toEqual([]);
  });
  test("updates", () => {
    const update = statement("assign", "s[q, n] <- max(a, b) where c asynchronously over n in order per q, r");
    expect(update.asynchronously).toMatchObject({
      over: { text: "n" },
      order: "natural",
      per: [{ text: "q" }, { text: "r" }],
    });
    expect(show(update.value)).toBe("max(a, b)");
    expect(statement("assign", "s <- a asynchronously over n one").asynchronously?.order).toBe("one");
    expect(statement("assign", "(a, b) <- (b, a)").targets).toHaveLength(2);
  });
  test("optimizers", () => {
    const using = statement("using", "using fresh clip(1) | adam(lr: 1) over (M.W, b), fresh over c, gd");
    expect(using.optimizers.map(({ fresh, optimizer, over }) => [fresh, show(optimizer), over?.map(show)])).toEqual([
      [true, "(clip(1) | adam(lr: 1))", ["M.W", "b"]],
      [false, "fresh", ["c"]],
      [false, "gd", undefined],
    ]);
  });
  test("scans", () => {
    expect(statement("scan", "scan t: T - 1 in reverse until a in b { x <- 1 }")).toMatchObject({
      reverse: true,
      over: { kind: "binary" },
    });
    expect(statement("scan", "scan layer { x <- 1 }")).toMatchObject({ reverse: false, over: null, until: null });
  });
});

describe("reports", () => {
  test("charts", () => {
    const chart = statement(
      "chart",
      'chart c "T" = layer(line(x: max(a, b) scale log, y: z), point(y: w, label: "M"), row: q)',
    );
    expect(chart.title).toBe("T");
    if (chart.body.kind !== "mark") throw new Error("no mark");
    expect(chart.body.layers.map(({ name, channels }) => [name.text, channels.length])).toEqual([
      ["line", 2],
      ["point", 2],
    ]);
    expect(chart.body.layers[0]?.channels[0]).toMatchObject({ scale: { text: "log" }, value: { kind: "call" } });
    expect(statement("chart", 'chart c = vegalite """{"mark": "line"}"""').body).toMatchObject({
      kind: "vegalite",
      text: { prose: true },
    });
  });
  test("expectations", () => {
    const line = statement("expect", "expect a < max(b, c) where n >= 3 for 90% of seed");
    expect(line).toMatchObject({ share: { fraction: 0.9, of: { text: "seed" } }, where: { kind: "comparison" } });
  });
  test("claims", () => {
    expect(statement("claim", 'claim c expected fails "why" { expect a }')).toMatchObject({
      title: null,
      expectedFails: { reason: "why" },
    });
  });
  test("prose", () => {
    const text = statement(
      "text",
      'text """\n  A {x + 1} of $y_{3}$ and `{code}`,\n    {case k { a: 1, else: 2 }} \\{no\\}.\n"""',
    );
    expect(text.holes.map(({ expr }) => show(expr))).toEqual(["(x + 1)", "case k {a: 1, else: 2}"]);
    expect(text.pieces).toEqual(["A ", " of $y_{3}$ and `{code}`,\n  ", " \\{no\\}."]);
  });
  test("a price is no formula", () => {
    const text = statement("text", 'text "It costs $5, the loss is {loss}"');
    expect([text.pieces, text.holes.length]).toEqual([["It costs $5, the loss is ", ""], 1]);
  });
  test("prose loses its indentation", () => {
    expect(statement("text", 'text """\n    One\n      two\n\n    three\n  """').text.value).toBe(
      "One\n  two\n\nthree",
    );
  });
});
