/** Tables and prose: values that are printed. Seeds are averaged, with half of the 95 % interval of the mean beside it. */
import type { Expr, Table, Text } from "../../../grammar/tree.js";
import type { CheckedPrint, CheckedTable, CheckedText } from "./checked.js";
import type { Checker } from "./checker.js";
import { envOf } from "./environment.js";
import type { AnalysisNode } from "./ir.js";
import { real } from "./nodes.js";

function checkPrint(checker: Checker, tree: Expr): CheckedPrint | null {
  const { context } = checker;
  const { nodes } = context;
  const node = context.complete(() => checker.expr(envOf(context.checked.scope), tree));
  if (node.type.kind === "unknown" || node.type.kind === "word") return null;
  const seed = node.axes.find((axis) => axis.label === "seed" && axis.kind === "sweep");
  if (seed === undefined || node.type.kind === "label") return { node, spread: null };
  const take = (what: "mean" | "ci_low" | "ci_high"): AnalysisNode =>
    nodes.reduce(
      what,
      ["seed"],
      { body: node, where: null, parameter: what === "mean" ? null : 0.95 },
      real,
      node.span,
    );
  return { node: take("mean"), spread: { low: take("ci_low"), high: take("ci_high") } };
}

export function checkTable(checker: Checker, table: Table): CheckedTable {
  const rows = table.rows.flatMap((row) => {
    const print = checkPrint(checker, row.value);
    return print === null ? [] : [{ title: row.title.value, print }];
  });
  checker.context.nodes.merge(
    rows.map((row) => row.print.node),
    table.span,
  );
  return { name: table.name.text, title: table.title, doc: table.doc, rows, span: table.span };
}

export function checkText(checker: Checker, text: Text): CheckedText {
  const holes = text.holes.map((hole): CheckedPrint | null => {
    const print = checkPrint(checker, hole.expr);
    const axes = print?.node.axes ?? [];
    if (axes.length === 0) return print;
    const names = axes.map((axis) => `\`${axis.label}\``).join(", ");
    const first = axes[0]?.label ?? "eta";
    checker.context.fault(
      "AM6050",
      hole.expr.span,
      `a number is wanted in prose, and this has one for each value of ${names}`,
      {
        help: `select one: \`x[${first}: …]\`, or reduce: \`mean(${first}) …\``,
      },
    );
    return null;
  });
  return { doc: text.doc, pieces: text.pieces, holes, span: text.span };
}
