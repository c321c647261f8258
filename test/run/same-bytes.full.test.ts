/** What `same-bytes.test.ts` leaves out because it takes long. */
import { describe } from "vitest";
import { readNative } from "../../src/base/native.js";
import { growthOf, ordersOf } from "./same-bytes.js";

describe("on the portable engine", () => {
  ordersOf("portable", ["tiny matrices"]);
});

describe.skipIf(readNative() === null)("on the graph engine", () => {
  ordersOf("graph", ["tiny matrices"]);
  growthOf("graph");
});
