import { describe, expect, it } from "vitest";
import { parseExpression } from "../../../grammar/index.js";
import type { Definition } from "../../../src/language/typed.js";
import { withImplicitMeasures } from "../../../src/language/results/index.js";
import { make, messages } from "./fixture.js";
import type { Spec } from "./fixture.js";

const span = { file: "test.amem", start: 0, end: 0 };
const spec: Spec = {
  sweeps: [
    { name: "seed", values: [0, 1] },
    { name: "eta", values: [1, 10] },
    { name: "method", labels: ["gd", "muon"] },
  ],
  axes: [
    { name: "token", size: 3 },
    { name: "g", values: [-1, 0, 1] },
    { name: "class", size: 2 },
  ],
  constants: { T: 4 },
  phases: {
    fit: {
      sweeps: ["seed", "eta"],
      results: {
        loss: { steps: [0, 1], value: () => 1 },
        margin: { steps: [0, 1], axes: [["token", "token"]], value: () => 1 },
        right: { type: "bool", value: () => 1 },
      },
    },
    map: {
      sort: "measure",
      results: {
        loss: {
          axes: [
            ["g", "g"],
            ["g'", "g"],
          ],
          value: () => 1,
        },
      },
    },
    pick: { sort: "measure", sweeps: ["method"], results: { best: { type: ["gd", "muon"], value: () => 0 } } },
  },
  definitions: (ids) => [
    {
      id: 100,
      name: "M.p",
      axes: [{ id: 1, name: "token", axis: ids.get("token") ?? -1, span }],
      type: { kind: "real" },
      body: { kind: "equation", value: { kind: "sweep", axis: ids.get("eta") ?? -1, type: { kind: "real" }, span } },
      span,
      doc: null,
    } satisfies Definition,
  ],
  scope: () => [
    [
      "M",
      {
        kind: "component",
        members: new Map([
          ["p", { kind: "definition", definition: 100 }],
          ["W", { kind: "unrecorded", definition: 101, span }],
        ]),
      },
    ],
    [
      "half",
      {
        kind: "fn",
        parameters: ["x"],
        body: parseExpression({ file: "test.amem", text: "x / 2" }).expr,
        scope: new Map(),
      },
    ],
  ],
};

const claim = (text: string): string => `claim c {\n${text}\n}`;

describe("what is understood", () => {
  it.each([
    "expect fit.loss > 0",
    "expect fit[eta: 10].loss[seed: 0] > 0",
    "let a = fit[eta: 10, step: last]\nexpect a.margin[token: 2] > 0 and a.right",
    "expect map.loss[g, g'] == map.loss[g', g]",
    "expect map.loss[g', g'] > 0",
    "expect map.loss[g: 0, g': -1] > 0 and map.loss[2, 0] > 0",
    "expect sum(token, token') fit.margin[token] * fit.margin[token'] > 0",
    "expect sum(k) fit.margin[k] * k >= 0",
    "expect sum(i: token) fit.margin[i] > 0",
    "expect sum(k: 1 .. T) k^2 == 30",
    "expect max(token where token > 0) fit.margin > 0",
    "expect half(fit.loss) > 0",
    "expect M.p[token] > 0 and M.p[1] > 0",
    "expect size(token) == 3 and size(eta) == 2",
    "expect pick.best == method",
    "expect pick.best == gd where method == gd",
    "expect (case method { gd: 1, else: 2 }) > 0 where pick.best in [gd, muon]",
    "expect (argmax(method) (if pick.best == gd then 1 else 2)) == muon",
    "expect quantile(seed, 0.9) fit.loss > median(seed) fit.loss",
    "expect ci_low(seed, 0.95) fit.right > 0.5",
    "expect r2(log(step + 1), fit.loss over step, seed where step > 0) > 0.9",
    "expect wilcoxon(fit.loss[eta: 1], fit.loss[eta: 10] over seed) < 0.05",
    "expect cumsum(step) fit.loss > 0",
    "expect softmax(seed, eta) fit.loss > 0 and normalize(eta, seed where eta > 1) fit.loss < 2",
    "expect interior_max(g, map.loss[g, 1]) == 0",
    "expect fit.loss[step: last - 1] > 0 and fit.loss[step: first + 1] > 0",
    "expect fit.loss[eta: [1, 10]] > 0 and fit.loss[step: 0 .. 1] > 0",
    "expect fit.steps > 0 and not fit.diverged and fit.finished",
    "expect if missing(fit.loss) then true else fit.loss > 0",
    "expect abs(fit.loss) < inf and sin(pi) < 1",
    "expect g < 2 and class >= 0",
  ])("%s", (text) => {
    expect(messages(make(spec, claim(text)))).toEqual([]);
  });

  it("equations over results stand in any order, and with their axes", () => {
    const text = `
      rate[eta] = slope(step, mean(seed, token) fit.margin over step)
      twice[eta, method] = 2 * rate
      claim c { expect twice[eta: 10, method: gd] > rate[eta: 1] and low > 0 }
      let low = min(eta) rate`;
    expect(messages(make(spec, text))).toEqual([]);
  });
});

describe("what is refused", () => {
  it.each([
    ["AM6001 nothing is called `fti` here", "expect fti.loss > 0"],
    ["AM6002 `fit` records no `los`", "expect fit.los > 0"],
    ["AM6003 `M.W` depends on parameters or states, and no phase records it", "expect M.W > 0"],
    [
      "AM6004 `finished` says of a run that it neither failed nor diverged, and no run is meant here",
      "expect mean(eta where finished) eta > 0",
    ],
    ["AM6010 what `mean` is taken of does not vary with `method`", "expect mean(method) fit.loss > 0"],
    ["AM6010 what `slope` is taken of does not vary with `method`", "expect slope(step, fit.loss over method) > 0"],
    ["AM6012 `seed` is bound already", "expect mean(seed) (fit.loss - (mean(seed) fit.loss)) > 0"],
    ["AM6013 `argmax` gives one coordinate, so it takes one axis", "expect (argmax(seed, eta) fit.loss) == 1"],
    ["AM6013 `cumsum` goes along one axis", "expect cumsum(seed, eta) fit.loss > 0"],
    ["AM6013 `top` goes along one axis", "expect any(seed) top(seed, eta, 2) fit.loss"],
    ["AM6020 `fit.loss` has no point at `eta: 5`", "expect fit.loss[eta: 5] > 0"],
    ["AM6020 `pick.best` has no point at `method: sgd`", "expect pick.best[method: sgd] == gd"],
    ["AM6020 `fit.margin` has no point at `token: 7`", "expect fit.margin[token: 7] > 0"],
    ["AM6021 `fit.loss` does not vary with `method`", "expect fit.loss[method: gd] > 0"],
    ["AM6022 `fit.loss` has no axes of its own: subscripts name the axis here", "expect fit.loss[0] > 0"],
    ["AM6023 `class` indexes an axis of `token`", "expect fit.margin[class] > 0"],
    ["AM6030 `+` wants a number", "expect fit.right + 1 > 0"],
    ["AM6030 `expect` wants a condition", "expect fit.loss"],
    ["AM6030 `sum` wants a number", "expect sum(seed) fit.right > 0"],
    ["AM6030 `fit` is a phase, not a value", "expect fit > 0"],
    ["AM6031 `eta` has 2 values, and 3 are listed here", "let x[eta] = [1, 2, 3]\nexpect x > 0"],
    ["AM6032 `approx` takes two numbers and how far apart they may be", "expect approx(fit.loss, 1)"],
    [
      "AM6032 `quantile` takes the axes and the share of values below it, between 0 and 1",
      "expect quantile(seed, 2) fit.loss > 0",
    ],
    ["AM6032 `top` takes an axis and how many entries of it", "expect top(seed) fit.loss"],
    ["AM6032 `top` takes an axis and how many entries of it", "expect top(seed, 1.5) fit.loss"],
    ["AM6032 `top` takes an axis and how many entries of it", "expect top(seed, fit.steps) fit.loss"],
    ["AM6010 what `top` is taken of does not vary with `method`", "expect top(method, 1) fit.loss"],
    ["AM9001 `trace` of results is not implemented yet", "expect trace(g, g') map.loss[g, g'] > 0"],
  ])("%s", (message, text) => {
    expect(messages(make(spec, claim(text)))).toEqual([message]);
  });

  it("equations name all axes that are left", () => {
    expect(messages(make(spec, "rate = mean(seed) fit.loss"))).toEqual([
      "AM6006 the right side also varies with `eta`, `step`",
    ]);
    expect(messages(make(spec, "a[eta] = b + 1\nb[eta] = a + eta"))).toEqual(["AM6005 `a` is defined by itself"]);
  });

  it("claims and charts are named once", () => {
    expect(messages(make(spec, "claim c { expect fit.loss > 0 }\nclaim c { expect fit.loss > 1 }"))).toEqual([
      "AM6009 a second claim is called `c`",
    ]);
  });

  it("says what could have been meant, and the nearest coordinates", () => {
    const made = make(spec, claim("expect fti.loss > 0\nexpect fit.loss[eta: 9] > 0"));
    expect(made.diagnostics.list.map(({ help, here }) => [here, help])).toEqual([
      [undefined, "did you mean `fit`?"],
      ["the nearest are 1, 10", "write `eta: near 9` for the nearest one"],
    ]);
  });

  it("under a profile a coordinate that is gone is no fault", () => {
    expect(messages(make({ ...spec, full: { eta: [1, 5, 10] } }, claim("expect fit.loss[eta: 5] > 0")))).toEqual([]);
  });

  it("one bad line does not hide the next", () => {
    const made = make(spec, claim("let a = fti.loss\nexpect a > 0\nexpect fit.los > 0"));
    expect(messages(made)).toEqual(["AM6001 nothing is called `fti` here", "AM6002 `fit` records no `los`"]);
  });
});

describe("definitions that no phase records", () => {
  it("are stored by a measure over the sweeps that they vary with", () => {
    const made = make(spec, claim("expect M.p[token] > 0"));
    const [needed] = made.results.needed;
    expect(needed).toMatchObject({ definition: 100, name: "M.p", phase: "__definitions1" });
    const experiment = withImplicitMeasures(made.checked.experiment, made.results.needed);
    expect(experiment.phases).toMatchObject([
      { name: "__definitions1", sort: "measure", axes: [2], results: [{ name: "M.p", definition: 100 }] },
    ]);
  });
});
