/** Which steps a record block takes. */
import type { Span } from "../base/span.js";
import { UserError } from "../base/diagnostic.js";
import { evaluateConstant, evaluateList, type ConstantPoint } from "../language/constants.js";
import type { RecordBlock } from "../language/typed.js";

/** More steps than this are not listed: a plan that names them would be larger than what it is good for. */
const MOST_RECORDS = 5_000_000;

function checkCount(count: number, span: Span): void {
  if (count <= MOST_RECORDS) return;
  throw new UserError({
    code: "AM4033",
    severity: "error",
    message: `records are taken at ${count.toLocaleString("en")} steps, and a plan holds ${MOST_RECORDS.toLocaleString("en")}`,
    span,
    help: "take fewer: `record every 1000 { … }`",
  });
}

/** The recorded steps among 0 … T, ascending, each once. */
export function recordedSteps(block: RecordBlock, steps: number, point: ConstantPoint): readonly number[] {
  switch (block.steps.kind) {
    case "each":
      checkCount(steps + 1, block.span);
      return Array.from({ length: steps + 1 }, (_, step) => step);
    case "every": {
      const gap = evaluateConstant(block.steps.count, point);
      if (!Number.isInteger(gap) || gap < 1) {
        throw new UserError({
          code: "AM4031",
          severity: "error",
          message: `records are taken every ${gap} steps`,
          span: block.steps.count.span,
          help: "write an integer of 1 or more",
        });
      }
      checkCount(Math.floor(steps / gap) + 1, block.steps.count.span);
      const taken = Array.from({ length: Math.floor(steps / gap) + 1 }, (_, k) => k * gap);
      return taken[taken.length - 1] === steps ? taken : [...taken, steps];
    }
    case "at": {
      const taken = [...new Set(evaluateList(block.steps.steps, point).map((step) => Math.round(step)))].sort(
        (a, b) => a - b,
      );
      const outside = taken.find((step) => step < 0 || step > steps);
      if (outside === undefined) return taken;
      throw new UserError({
        code: "AM4032",
        severity: "error",
        message: `a record at step ${outside} is outside of the phase, which has the steps 0 … ${steps}`,
        span: block.steps.steps.span,
        help: "take records at steps that the phase reaches, or let it run for longer",
      });
    }
    case "stepwise":
      // What a step makes is there when the step is done.
      checkCount(steps, block.span);
      return Array.from({ length: steps }, (_, step) => step + 1);
    case "last":
      return [steps];
  }
}
