/** Names that nothing binds: what the reductions around them, or just before them, have to do with it. */
import type { Expr as TreeExpr, Reduction } from "../../../grammar/tree.js";
import type { Label } from "../../base/diagnostic.js";
import type { Span } from "../../base/span.js";
import type { Env } from "../scopes.js";

/** A name that stands for an index and that nothing binds: where a reduction ended too early, or binds others only. */
export function whereUnbound(env: Env, name: string): { readonly labels?: readonly Label[]; readonly help: string } {
  const closed = env.closed.findLast(({ binders }) => binders.some((binder) => binder.name?.text === name));
  if (closed !== undefined) {
    const { text } = closed.name;
    const bound = closed.binders.map((binder) => binder.name?.text ?? "…").join(", ");
    return {
      labels: [{ span: closed.span, text: `this \`${text}\` binds \`${name}\`, and ends here` }],
      help: `put what belongs to it in parentheses: \`${text}(${bound}) (…)\``,
    };
  }
  const around = env.reductions.at(-1);
  if (around === undefined) return { help: `write it on the left side, or reduce over it: \`sum(${name}) …\`` };
  const names = around.binders.map((binder) => binder.name?.text ?? "…");
  const head: Span = { ...around.name.span, end: around.binders.at(-1)?.span.end ?? around.name.span.end };
  return {
    labels: [
      { span: head, text: `\`${around.name.text}\` is over ${names.map((own) => `\`${own}\``).join(", ")} only` },
    ],
    help: `reduce over it as well, \`${around.name.text}(${[...names, name].join(", ")}) …\`, or write it on the left side`,
  };
}

/** The reductions with which an operand ends, that is, which end with it. */
export function reductionsAtEnd(tree: TreeExpr): readonly Reduction[] {
  switch (tree.kind) {
    case "reduction":
      return tree.body === null ? [tree] : [tree, ...reductionsAtEnd(tree.body)];
    case "binary":
      return reductionsAtEnd(tree.right);
    case "unary":
      return reductionsAtEnd(tree.operand);
    default:
      return [];
  }
}
