/** Programs as text, for people and for golden tests. The text of a program is always the same. */
import { at } from "./fault.js";
import type { Dim, DimId, InputSource, Node, Program, ValueId, ValueType } from "./types.js";

export function printProgram(program: Program): string {
  const { dims } = program;
  const value = (id: ValueId): string => `%${id}`;
  const lines = [`program ${program.name}`];
  for (const dim of dims) lines.push(`  dim #${dim.id} ${dim.name} = ${dim.size}`);
  program.inputs.forEach((input, k) =>
    lines.push(`  input ${k} ${input.name}: ${printType(input.type, dims)} from ${printSource(input.source)}`),
  );
  for (const node of program.nodes) lines.push(`  ${printNode(node, dims)}`);
  const loop = program.loop;
  if (loop !== null) {
    loop.carried.forEach((c, k) =>
      lines.push(
        `  ${c.role} ${k} ${c.name}: ${printType(c.type, dims)} = ${value(c.init)} <- ${value(c.next)}${c.watched ? " watched" : ""}`,
      ),
    );
    if (loop.stop !== null) lines.push(`  stop ${value(loop.stop)}`);
    loop.groups.forEach((group, k) =>
      lines.push(`  record ${k} { ${group.entries.map((e) => `${e.name} = ${value(e.value)}`).join(", ")} }`),
    );
  }
  for (const output of program.outputs) lines.push(`  output ${output.name} = ${value(output.value)}`);
  for (const check of program.checks) lines.push(`  check ${value(check.condition)}: ${check.message}`);
  return `${lines.join("\n")}\n`;
}

/** One node on one line, dims with their names. */
export function printNode(node: Node, dims: readonly Dim[]): string {
  const operands = node.operands.map((id) => `%${id}`).join(", ");
  const attributes = printAttributes(node, dims);
  return `%${node.id} = ${node.op}(${operands})${attributes === "" ? "" : ` {${attributes}}`} : ${printType(node.type, dims)}`;
}

export function printType(type: ValueType, dims: readonly Dim[]): string {
  return type.dims.length === 0 ? type.dtype : `${type.dtype}[${printDims(type.dims, dims)}]`;
}

function printDims(list: readonly DimId[], dims: readonly Dim[]): string {
  return list.map((id) => `${dims[id]?.name ?? "?"}#${id}`).join(", ");
}

/** The most numbers of a constant that are written out. */
const shown = 8;

function printAttributes(node: Node, dims: readonly Dim[]): string {
  const named = (...list: readonly DimId[]): string => printDims(list, dims);
  switch (node.op) {
    case "constant": {
      const { data } = node.attributes;
      const numbers = data.slice(0, shown).map((x) => (Object.is(x, -0) ? "-0" : String(x)));
      return data.length > shown ? `${numbers.join(", ")}, … ${data.length} numbers` : numbers.join(", ");
    }
    case "input":
    case "carried":
      return String(node.attributes.index);
    case "power_int":
      return String(node.attributes.exponent);
    case "contract":
    case "reduce_sum":
    case "reduce_prod":
    case "reduce_max":
    case "reduce_min":
    case "reduce_any":
    case "reduce_all":
      return `over ${named(...node.attributes.over)}`;
    case "arg_max":
    case "arg_min":
      return `over ${named(node.attributes.over)}`;
    case "cumulative_sum":
    case "cumulative_prod":
      return `along ${named(node.attributes.along)}`;
    case "relabel": {
      const { from, to } = node.attributes;
      return from.map((dim, k) => `${named(dim)} -> ${named(at(to, k))}`).join(", ");
    }
    case "diagonal":
      return named(node.attributes.first, node.attributes.second);
    case "slice":
    case "pad":
      return `${named(node.attributes.dim)} -> ${named(node.attributes.to)} from ${node.attributes.start}`;
    case "concat":
    case "merge":
      return `${named(...node.attributes.from)} -> ${named(node.attributes.to)}`;
    case "split":
      return `${named(node.attributes.dim)} -> ${named(...node.attributes.to)}`;
    case "gather":
      return named(node.attributes.dim);
    case "scatter_add":
      return `${named(node.attributes.dim)} over ${named(...node.attributes.over)}`;
    case "loop_position":
      return `of ${node.attributes.loop}`;
    case "loop_state":
      return `${node.attributes.index} of ${node.attributes.loop}`;
    case "loop": {
      const { loop, states, stacks, most, until } = node.attributes;
      return `${loop}: ${states} states, ${stacks} stacks, at most ${most} times${until ? ", until" : ""}`;
    }
    case "loop_final":
      return String(node.attributes.index);
    case "loop_stack":
      return `${node.attributes.index} along ${named(node.attributes.to)}`;
    default:
      return "";
  }
}

function printSource(source: InputSource): string {
  switch (source.kind) {
    case "scalar":
      return `scalar ${source.index}`;
    case "draw": {
      const { kind, ...rest } = source.distribution;
      const details = Object.values(rest).map(String);
      const by = source.by === null ? "" : ` by ${source.by.join(", ")}`;
      const at = source.positions === undefined ? "" : ` at ${JSON.stringify(source.positions)}`;
      return `draw ${[kind, ...details].join(" ")} of ${source.stream}${by}${at}`;
    }
    case "key":
      return `key word ${source.word} of ${source.stream}${source.by === null ? "" : ` by ${source.by.join(", ")}`}`;
    case "data":
      return `data set ${source.dataset}, column ${source.column}`;
    case "result":
      return `${source.phase}.${source.value}`;
  }
}
