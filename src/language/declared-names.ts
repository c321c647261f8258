import type { Statement } from "../../grammar/tree.js";

/** The names that a statement declares. */
export function namesOf(statement: Statement): readonly string[] {
  switch (statement.kind) {
    case "equation":
      return statement.targets.flatMap((target) => target.path.slice(0, 1).map((name) => name.text));
    case "draws":
    case "param":
    case "state":
    case "let":
      return statement.target.path.slice(0, 1).map((name) => name.text);
    case "axis":
    case "fn":
    case "component":
      return [statement.name.text];
    default:
      return [];
  }
}
