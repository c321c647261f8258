/** AM6xxx: results, claims and charts. */
import type { CodeTable } from "./entry.js";

/** A small experiment around a claim, a chart or an equation. */
const around = (text: string): string =>
  `experiment e {
  sweep eta in [1, 10]
  sweep method in {plain, doubled}
  axis token = 3
  axis class = 2
  measure m {
    y[token] = token * eta
    total = sum(token) token * eta
    large = eta > 5
    both = if method == doubled then 2 * eta else eta
  }
${text}
}
`;
const claim = (text: string): string => around(`  claim c { ${text} }`);

export const resultCodes: CodeTable = {
  AM6001: {
    title: "Nothing is called that",
    explanation:
      "Claims, charts, tables and prose see the phases of their experiment, sweeps and axes, constants (`let`), scalar functions, definitions that depend on " +
      "no parameter or state, and equations over results. Inside a claim also its own `let`s.",
    example: claim("expect m.total > limit"),
    mend: [["limit", "3"]],
  },
  AM6002: {
    title: "There is no such result or member",
    explanation:
      "A `train` phase has what it records, and a `measure` all of its equations; every phase has `finished` and `diverged`, a `train` also `steps` and `stopped`.",
    example: claim("expect m.totall > 0"),
    mend: [["totall", "total"]],
  },
  AM6003: {
    title: "Not recorded",
    explanation:
      "What depends on parameters or states changes while a run goes on, so it has no single value. Record it in a phase (`record { loss }`), or measure it " +
      "afterwards (`measure m { value = loss }`), and read the result: `fit.loss`, `m.value`.",
    example: "experiment e {\n  param w = 1\n  measure m { y = w }\n  claim c { expect w > 0 }\n}\n",
    mend: [["w > 0", "m.y > 0"]],
  },
  AM6004: {
    title: "No run is meant by `finished`",
    explanation:
      "`finished` says of runs that they neither failed nor diverged. In the `where` of a reduction it speaks of the runs whose results are reduced: " +
      "`mean(seed where finished) fit.loss`. Elsewhere write the phase with it: `fit.finished`.",
    example: claim("expect mean(eta where finished) eta > 0"),
    mend: [["mean(eta where finished) eta", "mean(eta where finished) m.total"]],
  },
  AM6005: {
    title: "Defined by itself, or twice",
    explanation:
      "A value over results needs, directly or through others, its own value; or one claim defines a name twice.",
    example: around("  a[eta] = b[eta] + m.total\n  b[eta] = a[eta] + m.total"),
    mend: [
      ["a[eta] = b[eta] + m.total", "a[eta, method] = b[eta, method] + m.total"],
      ["b[eta] = a[eta] + m.total", "b[eta, method] = m.total"],
    ],
  },
  AM6006: {
    title: "The left side does not name the axes that are left",
    explanation:
      "An equation over results has just the axes in its brackets. Axes of results that the right side neither selects nor reduces stay, so they stand on the left: " +
      "`rate[eta] = mean(seed) fit.error`.",
    example: around("  twice = 2 * m.total"),
    mend: [["twice = 2", "twice[eta, method] = 2"]],
  },
  AM6007: {
    title: "This is computed inside runs only",
    explanation:
      "Functions of tensors, scans, derivatives and `with` belong to runs. Give the value a name, record or measure it, and read the result in the claim.",
    example: claim("expect grad(m.total, eta) > 0"),
    mend: [["grad(m.total, eta)", "slope(eta, m.total over eta)"]],
  },
  AM6008: {
    title: "A claim that claims nothing, or something else",
    explanation: "A claim holds `let`s, equations and `expect`s, and at least one `expect`.",
    example: around("  claim c { let a = m.total }"),
    mend: [["let a = m.total", "expect m.total > 0"]],
  },
  AM6009: {
    title: "Two of one name",
    explanation:
      "Claims, charts and tables are found by their names in reports and files: within one experiment each needs its own.",
    example: around("  claim c { expect m.total > 0 }\n  claim c { expect m.total >= 0 }"),
    mend: [["claim c { expect m.total >= 0 }", "claim d { expect m.total >= 0 }"]],
  },
  AM6010: {
    title: "Nothing varies with that index",
    explanation:
      "A reduction binds axes that its operand or its `where` varies with. An axis that a result has without being written counts as mentioned. " +
      "Other index names need their axis: `sum(i: dim) x[i]`.",
    example: claim("expect mean(class) m.total > 0"),
    mend: [["mean(class)", "mean(eta)"]],
  },
  AM6011: {
    title: "One name for two axes",
    explanation:
      "Two results have axes that are called alike and are not the same axis, so their entries do not belong together. Let one of them run under another name: `x[dim: dim']`.",
    example: null,
  },
  AM6012: {
    title: "Bound already",
    explanation: "An enclosing reduction has bound this index. Primes make new names for the same axis: `dim'`.",
    example: claim("expect sum(token) (m.y - (mean(token) m.y)) < 1"),
    mend: [["sum(token) (m.y - (mean(token) m.y)) < 1", "sum(token) m.y - (mean(token) m.y) < 100"]],
  },
  AM6013: {
    title: "One coordinate of one axis",
    explanation:
      "`argmax`, `argmin`, `first` and `last` give a coordinate, so they take one axis; `cumsum`, `sort`, `rank`, `top` and their like go along one. Reduce over the others before.",
    example: claim("expect (argmax(token, eta) m.y) == 2"),
    mend: [["argmax(token, eta) m.y", "argmax(token) m.y"]],
  },
  AM6020: {
    title: "The axis has no such coordinate",
    explanation:
      "Results are selected by coordinates, which are compared to 1e-9 relative. The message lists the nearest; `near 0.667` takes the nearest, `first`, `last`, `#3` count. " +
      "Found only when the results are there, or under a profile that left the point out, it makes the claim undecided instead.",
    example: claim("expect m.total[eta: 7] > 0"),
    mend: [["eta: 7", "eta: 10"]],
  },
  AM6021: {
    title: "The result does not vary with that axis",
    explanation:
      "A phase varies only with the sweeps that it, or a phase before it, uses; a result also with `step` and its own axes. There is nothing to select along other axes.",
    example: claim("expect m.total[class: 0] > 0"),
    mend: [["class: 0", "eta: 1"]],
  },
  AM6022: {
    title: "This is no subscript of a result",
    explanation:
      "`x[eta: 10]` names the axis; `x[i]` stands for the result's own axes in order, by position. A value in a subscript is a number, a label, an index, `first`, `last - 2`, `#3`, " +
      "`near 0.5` or a list.",
    example: claim("expect m.total[0] > 0"),
    mend: [["m.total[0]", "m.total[eta: #0]"]],
  },
  AM6023: {
    title: "An index of another axis",
    explanation:
      "A bare index in a subscript belongs to the axis of its position. To read at the index's value, name the axis: `x[token: class]`.",
    example: claim("expect m.y[class] >= 0"),
    mend: [["m.y[class]", "m.y[token]"]],
  },
  AM6030: {
    title: "Another kind of value is wanted",
    explanation:
      "Numbers, truth values and labels do not convert into each other: `real(b)` makes 0 and 1 of a truth value, comparisons make truth values of numbers, and labels compare with " +
      "labels of the same set.",
    example: claim("expect m.large + 1 > 1"),
    mend: [["m.large + 1 > 1", "(fraction(eta) m.large) > 0"]],
  },
  AM6031: {
    title: "The list does not fit",
    explanation:
      "A table of numbers has one list for each axis on its left side, nested in that order, with an entry for each coordinate of the full plan.",
    example: claim("let paper[eta] = [1, 2, 3]\n    expect m.total == paper"),
    mend: [["[1, 2, 3]", "[1, 2]"]],
  },
  AM6032: {
    title: "The arguments do not fit",
    explanation:
      "The forms are `approx(a, b, rel: 0.05)` or `abs:`, `slope(x, y over step where c)`, `increasing(K, x)`, `crossing(K, x, level)`, `quantile(seed, 0.9) x`, `first(step where c)`, `size(axis)`.",
    example: claim("expect approx(m.total, 3)"),
    mend: [["m.total, 3", "m.total, 3, rel: 0.05"]],
  },
  AM6040: {
    title: "A free axis on no channel",
    explanation:
      "A mark draws a row for each combination of the axes of its channels. An axis that none of them shows would be drawn on top of itself; so it is shown, selected or reduced. " +
      "`seed` alone is averaged, and the band is printed.",
    example: around("  chart c = line(x: eta, y: m.both)"),
    mend: [["y: m.both", "y: m.both, color: method"]],
  },
  AM6041: {
    title: "The chart's form",
    explanation:
      "Marks are `line point bar heatmap contour histogram trajectory arrow image text rule` and `layer(…)` of them; channels `x y x2 y2 color size shape row column opacity order text tooltip detail`, " +
      "with `filter`, `band`, `label`, and `scale log` behind a value.",
    example: around("  chart c = line(x: eta)"),
    mend: [["x: eta", "x: eta, y: m.total, color: method"]],
  },
  AM6042: {
    title: "The band or average",
    explanation:
      "`band: ci(seed, 0.95)` draws the mean with Student's interval (Wilson's for truth values), `band: quantile(seed, 0.1, 0.9)` the median with quantiles, over an axis that no channel shows. Labels have no average.",
    example: around("  chart c = line(x: eta, y: m.total, band: 0.95)"),
    mend: [["x: eta, y: m.total, band: 0.95", "x: eta, y: m.total, band: ci(method, 0.95)"]],
  },
  AM6050: {
    title: "One number is wanted in prose",
    explanation:
      "A hole in prose holds a single value. Select along the axes that are left, or reduce over them; `seed` alone is averaged, with half of its interval beside it.",
    example: around('  text "The total is {m.total}."'),
    mend: [["{m.total}", "{m.total[eta: 10, method: plain]}"]],
  },
  AM6090: {
    title: "Too large to evaluate",
    explanation:
      "The expression has more entries than are evaluated at once. Reduce or select along some axes earlier, or measure the value in the run, where it costs no memory here.",
    example: null,
  },
};
