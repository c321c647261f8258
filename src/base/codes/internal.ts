/** AM9xxx: what is not implemented yet, and faults of amemc itself. */
import type { CodeTable } from "./entry.js";
import { unsupportedCodes } from "./unsupported.js";

export const internalCodes: CodeTable = {
  ...unsupportedCodes,
  AM9999: {
    title: "a fault of amemc itself",
    explanation:
      "Something happened that amemc does not expect of itself; your spec may well be right. Please report it with the spec and the line that names the versions. `AMEMC_DEBUG=1` shows where it happened.",
    example: null,
  },
};
