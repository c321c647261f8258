/** What the language has and this compiler has not yet: said at its place, never computed wrongly. */
import type { Span } from "../base/span.js";
import type { Scope } from "./scopes.js";
import type { World } from "./world.js";

/** `what` with its article: "an axis that is a part of another". */
export function notYet(world: World, scope: Scope, span: Span, what: string, help?: string): void {
  world.report(scope, {
    code: "AM9001",
    span,
    message: `${what} is not implemented yet`,
    ...(help === undefined ? {} : { help }),
  });
}
