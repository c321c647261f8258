/** AM4001 to AM4019: constants, sizes of axes, sweeps, settings, data files. */
import { inside, type CodeTable } from "./entry.js";

export const constantCodes: CodeTable = {
  AM4001: {
    title: "An int that is too large",
    explanation: "Ints are exact. Beyond 2^53 they cannot be; `real(…)` around a part computes with real numbers.",
    example: inside("let n = 10^30\n"),
    mend: [["10^30", "real(10)^30"]],
  },
  AM4002: {
    title: "An entry that the list does not have",
    explanation: "Entries of a list are counted from 0.",
    example: inside("let values = [1, 2]\nlet third = values[2]\n"),
    mend: [["values[2]", "values[1]"]],
  },
  AM4003: {
    title: "A division by 0",
    explanation: "`div` and `mod` of ints have no value when the divisor is 0.",
    example: inside("let n = div(3, 0)\n"),
    mend: [["3, 0", "3, 2"]],
  },
  AM4004: {
    title: "A logarithmic list with an end that is not positive",
    explanation: "`logspace(a, b, n)` has n values from a to b at equal ratios; both ends are values, not exponents.",
    example: inside("sweep eta in logspace(0, 10, 5)\n"),
    mend: [["logspace(0, 10, 5)", "logspace(0.1, 10, 5)"]],
  },
  AM4005: {
    title: "A number that is not whole",
    explanation: "Counts and ends of ranges are whole numbers.",
    example: null,
  },
  AM4006: {
    title: "A list with fewer than no entries",
    explanation: "The number of entries is 0 or more.",
    example: inside("sweep eta in linspace(0, 1, -2)\n"),
    mend: [["-2", "2"]],
  },
  AM4007: {
    title: "A list that is too long",
    explanation: "Lists have at most 1 000 000 entries.",
    example: inside("sweep eta in 0..10_000_000_000\n"),
    mend: [["0..10_000_000_000", "powers(10, 0..10)"]],
  },
  AM4008: {
    title: "A size that is none",
    explanation:
      "The size of an axis is a whole number, 0 or more, below 2^31, at every point of the sweeps. Axes of results have at most 1 000 000 positions, since each of them is listed.",
    example: inside("let n = 3\naxis dim = n - 5\n"),
    mend: [["n - 5", "n + 5"]],
  },
  AM4009: {
    title: "Something that is not known before the run",
    explanation:
      "Constants, sizes, sweeps and step counts are made of numbers, `let`s, sweep variables and sizes of axes.",
    example: inside("axis dim = 3\ne[dim] = dim\naxis more = e[0]\n"),
    mend: [["  e[dim] = dim\n  axis more = e[0]", "  let n = 4\n  axis more = n"]],
  },
  AM4011: {
    title: "A subscript outside of its axis",
    explanation:
      "It is sure that this position does not exist, at every point. `cyclic(e)` goes round, `clamp(e)` stays at the end, `pad(e)` reads 0 outside.",
    example: inside("axis dim = 2\ne[dim] = 1\nx = e[2]\n"),
    mend: [["e[2]", "e[1]"]],
  },
  AM4012: {
    title: "An empty sweep",
    explanation: "A sweep without values leaves nothing to run.",
    example: inside("sweep eta in []\n"),
    mend: [["[]", "[0.1]"]],
  },
  AM4013: {
    title: "A value twice in a sweep",
    explanation:
      "Values of a sweep are coordinates of results, so each stands once. Repetitions are a sweep of their own: `sweep seed in 0..4`.",
    example: inside("sweep eta in [1, 2, 1]\n"),
    mend: [["1, 2, 1", "1, 2"]],
  },
  AM4014: {
    title: "A profile or a setting that does not fit",
    explanation:
      "A profile replaces the values of sweeps and `let`s of its experiment, or, outside of experiments, of all of them; `--set name=value` fixes a sweep to one value or gives a `let` another one.",
    example: null,
  },
  AM4015: {
    title: "A setting for a name that does not exist",
    explanation:
      "`--set name=value` names a sweep variable or a `let` of the spec, inside or outside of its experiments; not one of a file that it uses.",
    example: null,
  },
  AM4016: {
    title: "An unknown profile",
    explanation: "`--profile NAME` takes a `profile NAME { … }` of the spec.",
    example: null,
  },
  AM4017: {
    title: "A data file that cannot be opened here",
    explanation: "The spec is checked without access to files, so that the shapes of its data are not known.",
    example: inside('data d = dataset.npy("x.npy") { x[i, j] = "" }\n'),
  },
  AM4018: {
    title: "A column that does not fit its file",
    explanation:
      "A column of a `.csv` file and an array of an `.npz` or `.json` file is named, `.npy` and `.idx` files hold one array; axes that are declared have to have the size that the file has.",
    example: null,
  },
  AM4019: {
    title: "A part that goes beyond its axis",
    explanation: "The positions of a part are positions of its whole, each once, at every point of the sweeps.",
    example: inside("axis pos = 4\naxis late = pos[2 .. 4]\n"),
    mend: [["2 .. 4", "2 .. 3"]],
  },
  AM4020: {
    title: "Parts that leave positions out, or share some",
    explanation: "Where parts of an axis define a tensor over all of it, each position belongs to one of them.",
    example: inside("axis pos = 4\naxis early = pos[0 .. 1]\naxis late = pos[1 .. 3]\nx[pos] = early: 0 | late: 1\n"),
  },
};
