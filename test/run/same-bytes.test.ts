/** Results are the same bytes for any number of workers, order of blocks, and after any interruption. */
import { describe } from "vitest";
import { readNative } from "../../src/base/native.js";
import { growthOf, killsOf, ordersOf } from "./same-bytes.js";

describe("on the portable engine", () => {
  ordersOf("portable", ["matrices of 100 x 32"]);
  killsOf("portable");
  growthOf("portable");
});

describe.skipIf(readNative() === null)("on the graph engine", () => {
  ordersOf("graph", ["matrices of 100 x 32"]);
  killsOf("graph");
});
