import { afterAll, describe, expect, it } from "vitest";
import { openDatasets } from "../../src/datasets/index.js";
import type { DataArray } from "../../src/datasets/index.js";
import { faultOf, npy, testFolder } from "./support.js";

const folder = testFolder();
afterAll(() => folder.remove());
const datasets = openDatasets(folder.path);
const whole = { kind: "array" } as const;

function read(content: Uint8Array, allowNaN = false): DataArray {
  folder.write("x.npy", content);
  return datasets.read("x.npy", "npy", whole, { allowNaN });
}
function fault(content: Uint8Array | string): string {
  folder.write("x.npy", content);
  return faultOf(() => datasets.read("x.npy", "npy", whole));
}
const header = (content: Uint8Array) => {
  folder.write("x.npy", content);
  return datasets.header("x.npy", "npy");
};

describe("numbers of all types", () => {
  for (const order of ["<", ">"]) {
    it(`reads them in the byte order ${order}`, () => {
      const types = { f4: [0.5, -2], f8: [0.1, -1e300], i2: [-32768, 32767], i4: [-2147483648, 7] };
      for (const [type, values] of Object.entries(types)) {
        const { data, shape, hasNaN } = read(npy(order + type, [2], values));
        expect([type, [...data], shape, hasNaN]).toEqual([type, values, [2], false]);
        expect(data instanceof Float64Array).toBe(type.startsWith("f"));
      }
      expect([...read(npy(`${order}i8`, [3], [-5, 2147483647, 0])).data]).toEqual([-5, 2147483647, 0]);
      expect([...read(npy(`${order}u2`, [2], [0, 65535])).data]).toEqual([0, 65535]);
      expect([...read(npy(`${order}u4`, [2], [0, 2147483647])).data]).toEqual([0, 2147483647]);
    });
  }

  it("reads bytes and booleans", () => {
    expect([...read(npy("|i1", [2], [-128, 127])).data]).toEqual([-128, 127]);
    expect([...read(npy("|u1", [2], [0, 255])).data]).toEqual([0, 255]);
    expect([...read(npy("|b1", [3], [0, 1, 1])).data]).toEqual([0, 1, 1]);
  });

  it("tells the type from the header", () => {
    expect(
      header(
        npy(
          "<f4",
          [5, 3],
          Array.from({ length: 15 }, () => 1),
        ),
      ),
    ).toMatchObject({
      format: "npy",
      shape: [5, 3],
      type: "real",
    });
    expect(header(npy("|u1", [1], [1]))).toMatchObject({ type: "int" });
    expect(header(npy("|b1", [1], [1]))).toMatchObject({ type: "bool" });
  });

  it("refuses ints of more than 32 bits", () => {
    expect(fault(npy("<i8", [2], [1, 3e9]))).toContain("AM5008 `x.npy` holds 3000000000 at position 1");
    expect(fault(npy("<u4", [1], [4e9]))).toContain("AM5008");
  });
});

describe("shapes", () => {
  it("turns Fortran order into C order", () => {
    const { data, shape } = read(npy("<f8", [2, 3], [11, 21, 12, 22, 13, 23], { fortran: true }));
    expect([shape, [...data]]).toEqual([
      [2, 3],
      [11, 12, 13, 21, 22, 23],
    ]);
    const index = (i: number, j: number, k: number): number => 100 * i + 10 * j + k;
    const lying: number[] = [];
    for (let k = 0; k < 2; k++) for (let j = 0; j < 3; j++) for (let i = 0; i < 4; i++) lying.push(index(i, j, k));
    const wanted: number[] = [];
    for (let i = 0; i < 4; i++) for (let j = 0; j < 3; j++) for (let k = 0; k < 2; k++) wanted.push(index(i, j, k));
    expect([...read(npy(">i4", [4, 3, 2], lying, { fortran: true })).data]).toEqual(wanted);
    expect([...read(npy("<f8", [3], [1, 2, 3], { fortran: true })).data]).toEqual([1, 2, 3]);
  });

  it("reads a scalar, an empty array and all versions", () => {
    expect(read(npy("<f8", [], [7]))).toMatchObject({ shape: [] });
    expect([...read(npy("<f8", [0, 3], [])).data]).toEqual([]);
    expect(read(npy("<f8", [2, 0], [], { fortran: true })).shape).toEqual([2, 0]);
    for (const version of [1, 2, 3] as const) expect([...read(npy("<f4", [1], [3], { version })).data]).toEqual([3]);
    const spaced = `{"shape" : (2L, ), "fortran_order":False,"descr":"<f8"}`;
    expect([...read(npy("<f8", [2], [1, 2], { header: spaced })).data]).toEqual([1, 2]);
  });
});

describe("what is wrong with a file", () => {
  it("names a NaN and its place, unless it is allowed", () => {
    const values = npy("<f4", [2, 3], [1, 2, 3, 4, NaN, NaN]);
    expect(fault(values)).toBe(
      "AM5011 there is a NaN in `x.npy` at [1, 1]; help: leave those rows out, or fill them in; 2 in all",
    );
    expect(read(values, true)).toMatchObject({ hasNaN: true, shape: [2, 3] });
    expect(read(npy("<f4", [1], [Infinity])).hasNaN).toBe(false);
  });

  it("sees files that are cut off or go on", () => {
    const good = npy("<f8", [3], [1, 2, 3]);
    expect(fault(good.subarray(0, good.length - 1))).toContain("AM5004 `x.npy` is cut off");
    expect(fault(good.subarray(0, 40))).toContain("AM5004 `x.npy` is cut off");
    expect(fault(good.subarray(0, 5))).toContain("AM5003");
    expect(fault(good.subarray(0, 9))).toContain("AM5004");
    expect(fault(Buffer.concat([good, Buffer.of(0)]))).toContain("AM5004 `x.npy` goes on behind its array");
    expect(fault(npy("<f8", [2 ** 40, 2 ** 12], [1]))).toContain("AM5004");
  });

  it("sees foreign files", () => {
    expect(fault("")).toContain("it is empty");
    expect(fault("PK\u0003\u0004rest")).toContain("an `.npz` perhaps");
    expect(fault("x,y\n1,2\n")).toContain("AM5003 `x.npy` is no `.npy` file: it does not begin with NumPy's mark");
    expect(fault(npy("<f8", [1], [1], { header: "{'descr': '<f8', 'shape': (1,)" }))).toContain(
      "not what NumPy writes",
    );
    expect(fault(npy("<f8", [1], [1], { header: "{'descr': '<f8', 'shape': (1,)}" }))).toContain("`fortran_order`");
    const bad = "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}";
    expect(fault(npy("<f8", [1], [1], { header: bad }))).toContain("AM5003");
    const code = "{'descr': __import__('os'), 'fortran_order': False, 'shape': (1,)}";
    expect(fault(npy("<f8", [1], [1], { header: code }))).toContain("not what NumPy writes");
    const deep = "[".repeat(5000);
    expect(fault(npy("<f8", [1], [1], { header: deep }))).toContain("AM5003");
    const version = npy("<f8", [1], [1]);
    version[6] = 9;
    expect(fault(version)).toContain("its version is 9");
  });

  it("names types that are not read", () => {
    for (const descr of ["<c8", "<f2", "|O", "<U5", "<M8[ns]", "|f8", "f8"])
      expect(fault(npy("<f8", [1], [1], { header: headerWith(`'${descr}'`) }))).toContain(
        `AM5005 \`x.npy\` holds \`${descr}\``,
      );
    expect(fault(npy("<f8", [1], [1], { header: headerWith("[('a', '<f4'), ('b', '<f4')]") }))).toContain(
      "records of several fields",
    );
  });
});

const headerWith = (descr: string): string => `{'descr': ${descr}, 'fortran_order': False, 'shape': (1,), }`;
