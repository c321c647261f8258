/** The emitted bytes: what TensorFlow's own message definitions make of them, and what they depend on. No TensorFlow is loaded. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import protobuf from "protobufjs";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../../../src/base/package.js";
import { emitModel } from "../../../src/engine/graph/emit.js";
import { MessageWriter } from "../../../src/engine/graph/proto/writer.js";
import type { BlockProgram } from "../../../src/engine/types.js";
import { linearMemory } from "./linear-memory.js";

const definitions = join(packageRoot(), "test/engine/graph/tensorflow.proto");
const sizes = { tokens: 5, classes: 4, width: 3 };

function block(runs: number, slotsPerCall = 10): BlockProgram {
  return { ...linearMemory(sizes, { record: true, stop: 0.1 }), runs, slotsPerCall };
}

describe("emitted model, decoded by TensorFlow's definitions", () => {
  const root = () => protobuf.parse(readFileSync(definitions, "utf8"), { keepCase: true }).root;

  it("encodes to the same bytes again", () => {
    const type = root().lookupType("tensorflow.SavedModel");
    const { bytes } = emitModel(block(16), { xla: true });
    const again = type.encode(type.decode(bytes)).finish();
    expect(type.decode(again).toJSON()).toEqual(type.decode(bytes).toJSON());
  });

  it("is one call of one function, compiled as a whole only where XLA is there", () => {
    const type = root().lookupType("tensorflow.SavedModel");
    const callOf = (xla: boolean) => {
      const model: unknown = type.toObject(type.decode(emitModel(block(16), { xla }).bytes));
      return JSON.stringify(model);
    };
    expect(callOf(true)).toContain("_XlaMustCompile");
    expect(callOf(true)).toContain("XlaDynamicUpdateSlice");
    expect(callOf(false)).not.toContain("Xla");
  });
});

describe("emitted model", () => {
  it("has the same bytes each time", () => {
    expect(emitModel(block(16), { xla: true })).toEqual(emitModel(block(16), { xla: true }));
  });

  it("has nearly the same size for 10 and 10 000 slots: only shapes differ, and steps do not occur at all", () => {
    const small = emitModel(block(16, 10), { xla: true }).bytes.length;
    const large = emitModel(block(16, 10_000), { xla: true }).bytes.length;
    expect(Math.abs(large - small)).toBeLessThan(200);
  });

  it("names its inputs and outputs in order", () => {
    const { inputs, outputs } = emitModel(block(16), { xla: true });
    expect(inputs.map((port) => port.shape.join("x"))).toEqual([
      ...["5x3x16", "4x3x16", "16", "5"],
      ...["3x3x16", "16"],
      ...["5", "11x2"],
    ]);
    expect(outputs.map((port) => port.shape.join("x"))).toEqual(["3x3x16", "16", "", "", "11x16"]);
  });
});

describe("protobuf writer", () => {
  it("writes numbers as the wire format says", () => {
    const message = new MessageWriter().integer(1, 300).integer(2, -1).string(3, "é").packed(4, [1, 200]);
    expect([...message.finish()]).toEqual([
      ...[0x08, 0xac, 0x02],
      ...[0x10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
      ...[0x1a, 0x02, 0xc3, 0xa9],
      ...[0x22, 0x03, 0x01, 0xc8, 0x01],
    ]);
  });

  it("writes numbers beyond 32 bits", () => {
    expect([...new MessageWriter().integer(1, 2 ** 40).finish()]).toEqual([0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20]);
  });
});
