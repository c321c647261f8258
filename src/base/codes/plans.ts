/** AM4xxx: constants, sweeps and plans; from AM4020 what is seen when a checked experiment is planned. */
import { constantCodes } from "./constants.js";
import { inside, type CodeTable } from "./entry.js";

const plannedCodes: CodeTable = {
  AM4020: {
    title: "More points than a plan holds",
    explanation:
      "Every combination of the sweeps' values is a run. More than 100 000 are asked about first (`--yes`), more than five million are refused: let fewer variables vary, or move some of them together.",
    example: null,
  },
  AM4021: {
    title: "A sweep without values at some point",
    explanation: "A grid that depends on another sweep must have a value wherever it is used.",
    example: null,
  },
  AM4022: {
    title: "Very many programs",
    explanation:
      "A program is compiled for each value of the variables that shapes, step counts or a `case` depend on. More than 1000 are asked about first: `--yes` says that they are meant.",
    example: null,
  },
  AM4030: {
    title: "A number of steps that is none",
    explanation: "A phase runs for a whole number of steps, 0 or more.",
    example: null,
  },
  AM4031: {
    title: "Records at a gap that is none",
    explanation: "`record every k` takes a whole number of steps, 1 or more.",
    example: null,
  },
  AM4032: {
    title: "A record at a step that the phase does not reach",
    explanation: "`record at` takes steps from 0 to the phase's own number of steps.",
    example: null,
  },
  AM4033: {
    title: "Records at very many steps",
    explanation:
      "A plan lists the steps at which records are taken, at most five million for a `record`. Take every hundredth: `record every 100 { … }`.",
    example: null,
  },
  AM4034: {
    title: "A constant that takes too long",
    explanation:
      "Constants are worked out for each point of the sweeps, and may visit two million entries of axes and lists there. Compute larger sums in a `measure`.",
    example: "experiment e {\n  axis i = 10_000_000\n  axis dim = sum(i) 1\n}\n",
    mend: [
      ["sum(i) 1", "size(i)"],
      ["10_000_000", "10_000"],
    ],
  },
  AM4035: {
    title: "A text that means too much",
    explanation:
      "Calls of fns and instances of templates are written out where they stand, and what they are made of as well. One million parts of expressions are looked at. Calls inside of calls multiply: name a value that is used twice.",
    example: null,
  },
  AM4036: {
    title: "A program that is too large",
    explanation:
      "The equations of a phase, with their derivatives, are one program of at most 200 000 operations over tensors. `with` inside of `with`, and derivatives of derivatives, multiply: name what is used twice, and replace at one place.",
    example: null,
  },
  AM4040: {
    title: "A sweep that cannot be adaptive",
    explanation:
      "`sweep P in 2..400 refine from [2, 400] to 4% where …` begins with some values and goes on between neighbours whose conditions differ; `sweep n in 1..50 until …` takes one value after the other until its condition holds. Both are of one variable with numbers; between real numbers it has to be said how near is near enough. A sweep that is refined begins with two values or more, in ascending order.",
    example: inside("sweep x in [0.1, 0.9] refine where m.y > 0.5\nmeasure m { y = x^2 }\n"),
    mend: [["refine where", "refine to 1% where"]],
  },
  AM4041: {
    title: "A condition that an adaptive sweep cannot ask",
    explanation:
      "The condition of an adaptive sweep is about results: it varies with the sweep itself, and with other sweeps, at each of whose points it has an answer. Indices of results and `step` are reduced or selected.",
    example: inside("axis i = 3\nsweep n in 1..50 until m.y > 20\nmeasure m { y[i] = n + i }\n"),
    mend: [["until m.y > 20", "until max(i) m.y > 20"]],
  },
  AM4042: {
    title: "A plane that cannot be refined",
    explanation:
      "`refine (load log, flip) 4 times where …` halves the cells between the values that sweeps list, up to four times, where the condition differs. The sweeps have numbers, each for itself, and are not adaptive; under `log` they are above 0.",
    example: inside(
      "sweep a in [0, 1, 2]\nsweep b in [0, 1]\nrefine (a log, b) 3 times where m.y > 1\nmeasure m { y = a * a + b }\n",
    ),
    mend: [["(a log, b)", "(a, b)"]],
  },
  AM4043: {
    title: "Turns of a sequence that cannot be taken",
    explanation:
      "A `sequence` takes the same turns at every point, and each turn is a run of its phases with results of its own: its values follow no sweep, and there are no more than some thousands.",
    example: inside("sweep n in [2, 3]\nsequence task in 0..n {\n  measure m { y = task }\n}\n"),
    mend: [["in 0..n", "in 0..3"]],
  },
  AM4044: {
    title: "A sweep that changes nothing",
    explanation:
      "Nothing that a phase computes or records, no claim and no chart depends on this sweep, and no other sweep does. A phase varies only with the sweeps that it uses, so no run is made for it. Often a number stands where the sweep's variable was meant.",
    example: inside("sweep eta in [1, 10]\nmeasure m { y = 1 / 2 }\n"),
    mend: [["1 / 2", "1 / eta"]],
  },
  AM4045: {
    title: "Seeds without draws",
    explanation:
      "Draws (`x[i] ~ normal(0, 1)`) are made once for each value of the sweep `seed`; without any, all seeds give the same results. A draw with `by` has a key of its own, in which the seed stands only if it is named: `by (seed, 2)`.",
    example: inside("sweep seed in 0..9\nx ~ normal(0, 1) by 7\nmeasure m { y = x^2 }\n"),
    mend: [[" by 7", ""]],
  },
  AM4037: {
    title: "Definitions that rest on each other too deeply",
    explanation:
      "A value rests on another one, that on a third, and so on, for thousands of levels: more than can be followed. Write a sum or a product over an axis, or a state that a `train` phase updates.",
    example: null,
  },
};

export const planCodes: CodeTable = { ...constantCodes, ...plannedCodes };
