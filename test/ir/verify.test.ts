/** The verifier finds broken rules and shows where; the printer's text is stable. */
import { describe, expect, it } from "vitest";
import { Builder } from "../../src/ir/builder.js";
import { gradient } from "../../src/ir/derive.js";
import { at } from "../../src/ir/fault.js";
import { printProgram } from "../../src/ir/print.js";
import type { Node, Program } from "../../src/ir/types.js";
import { verifyProgram } from "../../src/ir/verify.js";
import { opCases } from "../support/op-cases.js";
import { randomProgram } from "../support/programs.js";

function small(): Program {
  const b = new Builder();
  const token = b.dim("token", 3);
  const type = { dtype: "f32", dims: [token] } as const;
  const rate = b.input({ name: "rate", type: { dtype: "f32", dims: [] }, source: { kind: "scalar", index: 0 } });
  const start = b.input({
    name: "start",
    type,
    source: { kind: "draw", stream: "M.w", distribution: { kind: "normal" }, by: null },
  });
  const w = b.carried(type);
  const loss = b.reduceSum(b.powerInt(w, 2), [token]);
  const next = b.sub(w, b.mul(rate, at(gradient(b, loss, [w]), 0)));
  return b.finish({
    name: "fit",
    loop: {
      carried: [{ name: "w", role: "parameter", type, init: start, next, watched: true }],
      stop: b.lt(loss, b.constant(0.5, "f32")),
      groups: [{ entries: [{ name: "loss", value: loss }] }],
    },
    outputs: [],
  });
}

function withNode(program: Program, id: number, change: Partial<Node>): Program {
  const nodes = program.nodes.map((node) => (node.id === id ? ({ ...node, ...change } as Node) : node));
  return { ...program, nodes };
}

describe("the verifier", () => {
  it("accepts what the builder makes", () => {
    for (const batch of opCases(5, { samples: 3 })) verifyProgram(batch.program);
    for (let seed = 1; seed < 12; seed++) verifyProgram(randomProgram(seed, { runs: 1, steps: 1 }).program);
  });

  it("shows the neighbourhood of a fault", () => {
    const program = small();
    const broken = withNode(program, 3, { type: { dtype: "f64", dims: [] } });
    expect(() => verifyProgram(broken)).toThrowErrorMatchingInlineSnapshot(`
      [IrFault: verify: the type should be f32[token#0], at value 3 of fit
        %0 = input() {0} : f32
        %1 = input() {1} : f32[token#0]
        %2 = carried() {0} : f32[token#0]
      > %3 = power_int(%2) {2} : f64
        %4 = reduce_sum(%3) {over token#0} : f32
        %5 = constant() {1} : f32
        %6 = constant() {1} : f32[token#0]
        %7 = constant() {2} : f32
        %8 = mul(%7, %2) : f32[token#0]
        %9 = mul(%0, %8) : f32[token#0]
        %10 = sub(%2, %9) : f32[token#0]
        %11 = constant() {0.5} : f32
        %12 = lt(%4, %11) : bool]
    `);
  });

  it("finds wrong ids, operands, labels and roots", () => {
    const program = small();
    const { loop } = program;
    if (loop === null) throw new Error("no loop");
    const w = at(loop.carried, 0);
    const broken: readonly (readonly [Program, string])[] = [
      [withNode(program, 3, { id: 9 }), "has the id 9"],
      [withNode(program, 4, { operands: [4] }), "does not come before its use"],
      [withNode(program, 2, { type: { dtype: "f32", dims: [0, 0] } }), "a label occurs twice"],
      [withNode(program, 2, { type: { dtype: "f32", dims: [7] } }), "a dim is not declared"],
      [{ ...program, loop: null }, "there is no such carried value"],
      [{ ...program, outputs: [{ name: "y", value: w.next }] }, "output y is needed before the loop but changes in it"],
      [{ ...program, loop: { ...loop, stop: w.next } }, "stop is no bool scalar"],
      [{ ...program, loop: { ...loop, carried: [{ ...w, init: 0 }] } }, "w is f32[token#0]"],
      [{ ...program, loop: { ...loop, carried: [{ ...w, init: w.next }] } }, "the initial value of w is needed before"],
    ];
    for (const [each, message] of broken) expect(() => verifyProgram(each)).toThrow(message);
  });
});

describe("the printer", () => {
  it("prints a program", () => {
    expect(printProgram(small())).toMatchInlineSnapshot(`
      "program fit
        dim #0 token = 3
        input 0 rate: f32 from scalar 0
        input 1 start: f32[token#0] from draw normal of M.w
        %0 = input() {0} : f32
        %1 = input() {1} : f32[token#0]
        %2 = carried() {0} : f32[token#0]
        %3 = power_int(%2) {2} : f32[token#0]
        %4 = reduce_sum(%3) {over token#0} : f32
        %5 = constant() {1} : f32
        %6 = constant() {1} : f32[token#0]
        %7 = constant() {2} : f32
        %8 = mul(%7, %2) : f32[token#0]
        %9 = mul(%0, %8) : f32[token#0]
        %10 = sub(%2, %9) : f32[token#0]
        %11 = constant() {0.5} : f32
        %12 = lt(%4, %11) : bool
        parameter 0 w: f32[token#0] = %1 <- %10 watched
        stop %12
        record 0 { loss = %4 }
      "
    `);
  });
});
