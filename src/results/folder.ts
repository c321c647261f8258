/** Opens the folder of one experiment for reading: its results, and what its manifest knows besides. */
import type { Diagnostic } from "../base/diagnostic.js";
import type { StoredResults } from "./source.js";
import { openResults } from "./source.js";
import type { Manifest } from "./store/manifest.js";
import { readManifest } from "./store/manifest.js";
import type { StoredPlan } from "./store/plan-file.js";
import { Store } from "./store/store.js";

export interface ResultFolder {
  readonly store: Store;
  readonly results: StoredResults;
  readonly manifest: Manifest | null;
}

export async function openFolder(
  folder: string,
  plan: StoredPlan,
  report: (diagnostic: Diagnostic) => void,
): Promise<ResultFolder> {
  const store = Store.open(folder, report);
  const manifest = (await readManifest(folder, report)) ?? null;
  return { store, results: openResults(plan, store, failuresOf(plan, manifest)), manifest };
}

/** By the keys of points that were given up: why. */
function failuresOf(plan: StoredPlan, manifest: Manifest | null): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>();
  for (const { phase, points, reason } of Object.values(manifest?.failures ?? {})) {
    const planned = plan.phases.find(({ name }) => name === phase)?.points;
    for (const number of points) {
      const key = planned?.[number]?.key;
      if (key !== undefined) reasons.set(key, reason);
    }
  }
  return reasons;
}
