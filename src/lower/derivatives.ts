/** Derivatives that do not exist here are told at the places where they are asked for and where they end. */
import { UserError } from "../base/diagnostic.js";
import type { Span } from "../base/span.js";
import { NoDerivative } from "../ir/fault.js";
import type { Context } from "./context.js";

/** Takes derivatives; a `UserError` where one of what they go through is refused. */
export function differentiated<T>(context: Context, span: Span, take: () => T): T {
  try {
    return take();
  } catch (error) {
    if (!(error instanceof NoDerivative)) throw error;
    const place = context.builder.origins.get(error.value);
    throw new UserError({
      code: "AM9001",
      severity: "error",
      message: "a derivative through singular vectors, `polar` or `projector` is not implemented yet",
      span,
      ...(place === undefined ? {} : { labels: [{ span: place, text: "the derivative ends here" }] }),
      help: "write `stop(…)` around it where it is meant to be constant",
    });
  }
}
