/** AM4xxx: constants, sweeps and plans; from AM4020 what is seen when a checked experiment is planned. */
import { constantCodes } from "./constants.js";
import type { CodeTable } from "./entry.js";

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
};

export const planCodes: CodeTable = { ...constantCodes, ...plannedCodes };
