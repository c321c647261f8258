/** What a check says; the place is added when all of them are put together. */
import type { Warning } from "../chart-types.js";

export type Finding = Omit<Warning, "at">;
