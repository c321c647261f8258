/** Checks that a program keeps all rules of the IR; run after every pass. A fault is shown with the nodes around it. */
import { dimSizes, sameOrder, sameSet, union } from "./dims.js";
import { at, IrFault } from "./fault.js";
import type { NodeFor } from "./ops/definition.js";
import { ops } from "./ops/index.js";
import { loopOperands } from "./ops/loop.js";
import { printNode, printType } from "./print.js";
import type { DimSizes } from "./dims.js";
import { Regions } from "./regions.js";
import { changingValues, rootsOf } from "./uses.js";
import type { Node, NodeOf, OpName, Program, ValueId, ValueType } from "./types.js";

/** Throws an `IrFault` that shows ten nodes on either side where a rule is broken. */
export function verifyProgram(program: Program): void {
  verifyDims(program);
  const sizes = dimSizes(program.dims);
  for (const node of program.nodes) {
    const fault = nodeFault(program, node, sizes);
    if (fault !== null) fail(program, node.id, fault);
  }
  verifyRoots(program);
}

function fail(program: Program, id: ValueId, message: string): never {
  const from = Math.max(0, id - 10);
  const around = program.nodes.slice(from, id + 11).map((node, k) => {
    return `${from + k === id ? ">" : " "} ${printNode(node, program.dims)}`;
  });
  throw new IrFault("verify", `${message}, at value ${id} of ${program.name}\n${around.join("\n")}`);
}

function verifyDims({ dims }: Program): void {
  dims.forEach((dim, k) => {
    if (dim.id !== k) throw new IrFault("verify", `dim ${dim.name} has the id ${dim.id} at position ${k}`);
    if (!Number.isInteger(dim.size) || dim.size < 0) throw new IrFault("verify", `dim ${dim.name} of size ${dim.size}`);
  });
}

/** What is wrong with a node, or null. */
function nodeFault(program: Program, node: Node, sizes: DimSizes): string | null {
  const place = program.nodes[node.id] === node ? node.id : program.nodes.indexOf(node);
  if (node.id !== place) return `the node at position ${place} has the id ${node.id}`;
  const early = node.operands.find((operand) => !(operand >= 0 && operand < node.id));
  if (early !== undefined) return `operand %${early} does not come before its use`;
  const { dims } = node.type;
  if (union(dims).length !== dims.length) return "a label occurs twice in one value";
  if (dims.some((dim) => dim >= program.dims.length)) return "a dim is not declared";
  try {
    const inferred = inferNode<OpName>(program, node, sizes);
    if (!sameType(inferred, node.type)) return `the type should be ${printType(inferred, program.dims)}`;
  } catch (error) {
    if (error instanceof IrFault) return error.message;
    throw error;
  }
  return sourceFault(program, node);
}

function inferNode<K extends OpName>(program: Program, node: NodeFor<K>, sizes: DimSizes): ValueType {
  const types = node.operands.map((operand) => at(program.nodes, operand).type);
  return ops[node.op].infer(types, node.attributes, sizes, node.type);
}

function sourceFault(program: Program, node: Node): string | null {
  if (node.op === "input") {
    const input = program.inputs[node.attributes.index];
    if (input === undefined) return "there is no such input";
    return sameType(input.type, node.type) ? null : `the input is ${printType(input.type, program.dims)}`;
  }
  if (node.op === "carried") {
    const carried = program.loop?.carried[node.attributes.index];
    if (carried === undefined) return "there is no such carried value";
    return sameType(carried.type, node.type) ? null : `the carried value is ${printType(carried.type, program.dims)}`;
  }
  if (node.op === "loop") return loopFault(program, node);
  if (node.op === "loop_final" || node.op === "loop_stack") {
    const loop = at(program.nodes, at(node.operands, 0));
    if (loop.op !== "loop") return "it is no result of a loop";
    const { next, stacked } = loopOperands(loop);
    const value = (node.op === "loop_final" ? next : stacked)[node.attributes.index];
    if (value === undefined) return "the loop has no such result";
    const type = at(program.nodes, value).type;
    const added = node.op === "loop_stack" ? [node.attributes.to] : [];
    const fits = type.dtype === node.type.dtype && sameSet([...type.dims, ...added], node.type.dims);
    return fits ? null : `the loop's value is ${printType(type, program.dims)}`;
  }
  return node.op === "step" && program.loop === null ? "there is no loop" : null;
}

/** Sources of a loop's region are of the types of its states, and its count and beginnings are known before it. */
function loopFault(program: Program, node: NodeOf<"loop">): string | null {
  const regions = new Regions(program.nodes.slice(0, node.id + 1));
  const { loop, states } = node.attributes;
  const { count, initial } = loopOperands(node);
  if ([count, ...initial].some((id) => regions.scope(id).has(loop)))
    return "a loop begins with a value of its own region";
  const wrong = program.nodes.find((other) => {
    if (other.op !== "loop_state" || other.attributes.loop !== loop) return false;
    const { index } = other.attributes;
    const type = index < states ? at(program.nodes, at(initial, index)).type : null;
    return type?.dtype !== other.type.dtype || !sameSet(type.dims, other.type.dims);
  });
  return wrong === undefined ? null : `value ${wrong.id} is no state of the loop`;
}

function sameType(a: ValueType, b: ValueType): boolean {
  return a.dtype === b.dtype && sameOrder(a.dims, b.dims);
}

function verifyRoots(program: Program): void {
  const typeOf = (id: ValueId, what: string): ValueType => {
    const node = program.nodes[id];
    if (node === undefined) throw new IrFault("verify", `${what} of ${program.name} is the missing value ${id}`);
    return node.type;
  };
  const isCondition = (id: ValueId, what: string): void => {
    const type = typeOf(id, what);
    if (type.dtype !== "bool" || type.dims.length > 0) fail(program, id, `${what} is no bool scalar`);
  };
  const changing = changingValues(program);
  const once = (id: ValueId, what: string): void => {
    typeOf(id, what);
    if (changing.has(id)) fail(program, id, `${what} is needed before the loop but changes in it`);
  };
  const regions = new Regions(program.nodes);
  for (const root of rootsOf(program))
    if (regions.scope(root).size > 0) fail(program, root, "a value of a loop's region is used outside of it");
  for (const { name, value } of program.outputs) once(value, `output ${name}`);
  program.checks.forEach(({ condition }, k) => isCondition(condition, `check ${k}`));
  if (program.loop === null) return;
  const { carried, stop, groups } = program.loop;
  for (const { name, type, init, next } of carried) {
    once(init, `the initial value of ${name}`);
    for (const id of [init, next]) {
      if (!sameType(typeOf(id, name), type)) fail(program, id, `${name} is ${printType(type, program.dims)}`);
    }
  }
  if (stop !== null) isCondition(stop, "stop");
  for (const { name, value } of groups.flatMap((group) => group.entries)) typeOf(value, `record ${name}`);
}
