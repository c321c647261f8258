import { describe, expect, it } from "vitest";
import { schemaErrors } from "../../src/base/validator.js";
import { validate } from "../../src/report/vega-lite.validate.js";

describe("generated validators", () => {
  it("accept and refuse as the schema says, with the reason", () => {
    const data = { values: [{ x: 1 }] };
    expect(validate({ data, mark: "bar", encoding: { x: { field: "x", type: "quantitative" } } })).toBe(true);
    expect(validate({ mark: "bar" })).toBe(false);
    expect(schemaErrors(validate)).toContain("must have required property 'data'");
  });
});
