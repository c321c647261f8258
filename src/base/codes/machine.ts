/** AM8xxx: the command line and the machine. */
import type { CodeTable } from "./entry.js";

export const machineCodes: CodeTable = {};
