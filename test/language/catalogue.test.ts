import { describe, expect, test } from "vitest";
import { constantCodes } from "../../src/base/codes/constants.js";
import { nameCodes } from "../../src/base/codes/names.js";
import { typeCodes } from "../../src/base/codes/types.js";
import { unsupportedCodes } from "../../src/base/codes/unsupported.js";
import { checkText, oneLine } from "./support.js";

const rows = Object.entries({ ...nameCodes, ...typeCodes, ...constantCodes, ...unsupportedCodes });

describe("every code's example is answered with this code and no other", () => {
  for (const [code, { example }] of rows) {
    if (example === null) continue;
    test(code, () => {
      const { diagnostics } = checkText(example);
      expect(diagnostics.map(oneLine).filter((line) => !line.startsWith(code))).toEqual([]);
      expect(diagnostics.map((diagnostic) => diagnostic.code)).toContain(code);
    });
  }
});
