/** Keys of points, as short as they can be typed: at least eight hex digits, and no other point's. */
import type { Plan } from "../plan/types.js";

const LEAST_DIGITS = 8;

export class PointKeys {
  private sorted: readonly string[] | null = null;

  constructor(private readonly plan: Pick<Plan, "phases">) {}

  /** The shortest beginning that no other key of the plan has. */
  short(key: string): string {
    this.sorted ??= [...new Set(this.plan.phases.flatMap(({ points }) => points.map((point) => point.key)))].sort();
    const at = this.sorted.indexOf(key);
    const neighbours = [this.sorted[at - 1] ?? "", this.sorted[at + 1] ?? ""];
    const shared = Math.max(...neighbours.map((other) => sharedLength(key, other)));
    return key.slice(0, Math.max(LEAST_DIGITS, shared + 1));
  }
}

function sharedLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}
