/** AM9xxx: what is not implemented yet, and faults of amemc itself. */
import type { CodeTable } from "./entry.js";
import { unsupportedCodes } from "./unsupported.js";

export const internalCodes: CodeTable = { ...unsupportedCodes };
