/** What one call does: where it ends, which slots it fills. */
import { describe, expect, it } from "vitest";
import { planCall, rowsFilled, slotTable } from "../../../src/engine/graph/call-plan.js";

const everyTen = Array.from({ length: 11 }, (_, k) => 10 * k);

describe("call plan", () => {
  it("takes the slots before the end of the call, and the last one with the last step", () => {
    const schedule = { steps: 100, groups: [everyTen] };
    const first = planCall(schedule, 0, 30, 100);
    expect(first).toMatchObject({ end: 30, complete: false, steps: [0, 10, 20] });
    const rest = planCall(schedule, 30, 1000, 100);
    expect(rest).toMatchObject({ end: 100, complete: true, steps: [30, 40, 50, 60, 70, 80, 90, 100] });
    expect(rest.groups[0]?.from).toBe(3);
  });

  it("ends before the first slot that the buffers cannot take", () => {
    const schedule = { steps: 100, groups: [everyTen] };
    expect(planCall(schedule, 0, 1000, 4)).toMatchObject({ end: 40, complete: false, steps: [0, 10, 20, 30] });
    // The slot at the last step is left to a call of its own.
    expect(planCall(schedule, 60, 1000, 4)).toMatchObject({ end: 100, complete: false, steps: [60, 70, 80, 90] });
    expect(planCall(schedule, 100, 1000, 4)).toMatchObject({ end: 100, complete: true, steps: [100] });
  });

  it("merges the slots of groups with steps of their own", () => {
    const plan = planCall({ steps: 6, groups: [[0, 3, 6], [1, 3], []] }, 0, 100, 3);
    expect(plan.steps).toEqual([0, 1, 3, 6]);
    expect(plan.groups.map((group) => group.rows)).toEqual([
      [0, -1, 1, 2],
      [-1, 0, 1, -1],
      [-1, -1, -1, -1],
    ]);
    expect([...slotTable(plan, 3).subarray(0, 20)]).toEqual([
      0, 0, 3, 3, 1, 3, 0, 3, 3, 1, 1, 3, 6, 2, 3, 3, 6, 3, 3, 3,
    ]);
    expect(rowsFilled(plan, 0, 3)).toBe(2);
    expect(rowsFilled(plan, 1, 3)).toBe(2);
  });

  it("does nothing beyond the last step", () => {
    expect(planCall({ steps: 5, groups: [[0]] }, 5, 3, 1)).toMatchObject({ end: 5, complete: true, steps: [] });
    expect(planCall({ steps: 0, groups: [[0]] }, 0, 1, 1)).toMatchObject({ end: 0, complete: true, steps: [0] });
  });
});
