/** AM4xxx: constants, sweeps and plans. */
import { constantCodes } from "./constants.js";
import type { CodeTable } from "./entry.js";

export const planCodes: CodeTable = { ...constantCodes };
