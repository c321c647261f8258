/** How the points ended, and who computed them, when, with what: enough to compute them again. */
import type { BlockNote, Manifest } from "../../results/store/manifest.js";
import { escapeText, lines } from "../html.js";
import type { PhaseSummary, Provenance, Trouble } from "../types.js";

const MOST_TROUBLES = 100;

const LOST = ["failed", "diverged", "missing"] as const;

/** Says at the top of the page what it lacks; empty where all points are done. A divergence is a result, the rest is to be computed. */
export function renderIncomplete(points: readonly PhaseSummary[], command: string): string {
  const total = (name: (typeof LOST)[number] | "expected" | "done"): number =>
    points.reduce((sum, phase) => sum + phase[name], 0);
  const words = (count: (name: (typeof LOST)[number]) => number): string =>
    LOST.flatMap((name) => (count(name) > 0 ? [`${grouped(count(name))} ${name}`] : [])).join(", ");
  const lost = words(total);
  if (lost === "") return "";
  const counts = `${counted(total("expected"), "point")} expected: ${grouped(total("done"))} done, ${lost}`;
  const open = total("failed") + total("missing");
  if (open === 0) return `<p class="summary open">${counts}.</p>`;
  const phases = points.flatMap((phase) => {
    const own = words((name) => phase[name]);
    return own === "" || points.length === 1 ? [] : [`<code>${escapeText(phase.phase)}</code>: ${own}`];
  });
  return lines(
    '<div class="incomplete" role="note">',
    `<p><strong>These results are incomplete.</strong> ${counts}.${phases.length === 0 ? "" : ` ${phases.join("; ")}.`}</p>`,
    `<p>Claims, charts and tables show what is there. To compute the rest: <code>${escapeText(command)}</code></p>`,
    "</div>",
  );
}

/** Who reads the page has to know that claims were judged for other values than the spec's. */
export function renderChosen([first]: readonly Provenance[]): string {
  if (first === undefined) return "";
  const { profile, settings } = first.manifest;
  const set = Object.entries(settings).map(([name, value]) => `<code>${escapeText(`${name} = ${value}`)}</code>`);
  const words = [
    ...(profile === null ? [] : [`with the profile <code>${escapeText(profile)}</code>`]),
    ...(set.length === 0 ? [] : [`with ${set.join(", ")} instead of the spec’s values`]),
  ];
  return words.length === 0 ? "" : `<p class="chosen">Run ${words.join(", ")}.</p>`;
}

export function renderPoints(points: readonly PhaseSummary[]): string {
  const columns = ["expected", "done", "failed", "diverged", "missing"] as const;
  const cell = (phase: PhaseSummary, name: (typeof columns)[number]): string => {
    const trouble = name !== "expected" && name !== "done" && phase[name] > 0;
    return `<td class="number${trouble ? " trouble" : ""}">${grouped(phase[name])}</td>`;
  };
  return lines(
    `<div class="wide"><table class="points"><thead><tr><th scope="col">phase</th>${columns.map((name) => `<th scope="col" class="number">${name}</th>`).join("")}</tr></thead><tbody>`,
    ...points.map(
      (phase) =>
        `<tr><th scope="row"><code>${escapeText(phase.phase)}</code></th>${columns.map((name) => cell(phase, name)).join("")}</tr>`,
    ),
    "</tbody></table></div>",
    ...points.map(renderTroubles),
  );
}

function renderTroubles({ phase, troubles }: PhaseSummary): string {
  if (troubles.length === 0) return "";
  const words = ({ point, state, detail }: Trouble): string => {
    const where =
      point.length === 0 ? "the only point" : point.map(({ axis, coordinate }) => `${axis} = ${coordinate}`).join(", ");
    return `<li><code>${escapeText(where)}</code> ${state}${detail === null ? "" : `: ${escapeText(detail)}`}</li>`;
  };
  const more = troubles.length - MOST_TROUBLES;
  return lines(
    `<details class="troubles"${troubles.length <= 5 ? " open" : ""}><summary>${troubles.length} point${troubles.length === 1 ? "" : "s"} of <code>${escapeText(phase)}</code> failed or diverged</summary><ul>`,
    ...troubles.slice(0, MOST_TROUBLES).map(words),
    more > 0 && `<li>and ${more} more</li>`,
    "</ul></details>",
  );
}

type Fact = readonly [name: string, value: string | null];

export function renderProvenance({ manifest, planHash, adaptive = [] }: Provenance): string {
  const facts: readonly Fact[] = [
    ["amemc", manifest.amemc],
    ["engine", engines(manifest)],
    ["programs", programs(manifest)],
    [
      "adaptive sweeps",
      adaptive.length === 0
        ? null
        : adaptive
            .map(({ sweeps, rounds }) => `${sweeps.join(", ")} in ${grouped(rounds)} round${rounds === 1 ? "" : "s"}`)
            .join("; "),
    ],
    ["engine calls", grouped(manifest.engineCalls)],
    ["precision", manifest.precision === "f32" ? "32 bits" : "64 bits"],
    ["seeds", seeds(manifest.seeds)],
    ["profile", manifest.profile],
    ["settings", listed(manifest.settings)],
    ["machine", machine(manifest)],
    ["commit", manifest.git === null ? null : `${manifest.git.commit}${manifest.git.changed ? ", with changes" : ""}`],
    ["spec", `${manifest.spec.path}, SHA-256 ${manifest.spec.sha256}`],
    ["plan", `revision ${manifest.revision}, SHA-256 ${planHash}`],
    [
      "data",
      manifest.datasets.length === 0
        ? null
        : manifest.datasets.map(({ path, sha256 }) => `${path} (SHA-256 ${sha256})`).join("\n"),
    ],
    ["runs", runs(manifest)],
  ];
  const rows = facts.flatMap(([name, value]) =>
    value === null || value === ""
      ? []
      : [`<div><dt>${name}</dt><dd>${escapeText(value).replaceAll("\n", "<br>")}</dd></div>`],
  );
  return `<dl class="provenance">${rows.join("\n")}</dl>`;
}

const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/gu, "\u202f");

/** Every engine that computed blocks, most blocks first. */
function engines({ blocks }: Manifest): string | null {
  const counts = new Map<string, number>();
  for (const { engine } of Object.values(blocks))
    counts.set(engineWords(engine), (counts.get(engineWords(engine)) ?? 0) + 1);
  if (counts.size === 0) return null;
  const [first, ...others] = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  if (others.length === 0 && first !== undefined) return first[0];
  return [first, ...others].map((own) => (own === undefined ? "" : `${own[0]} (${own[1]} blocks)`)).join("\n");
}

function engineWords({ name, library, version, xla, compiled }: BlockNote["engine"]): string {
  const how = name === "graph" ? (xla && compiled ? ", compiled by XLA" : ", without XLA") : "";
  return `${name}: ${library} ${version}${how}`;
}

function programs({ programs: list }: Manifest): string {
  return list
    .map(
      ({ phase, points, blocks, runsPerBlock, steps, key }) =>
        `${phase}: ${counted(points, "point")} in ${counted(blocks, "block")} of ${runsPerBlock}, ${counted(steps, "step")} (${key.slice(0, 12)})`,
    )
    .join("\n");
}

const counted = (count: number, what: string): string => `${grouped(count)} ${what}${count === 1 ? "" : "s"}`;

function seeds(list: readonly number[]): string | null {
  if (list.length === 0) return null;
  const [first = 0] = list;
  const inRow = list.length > 2 && list.every((seed, k) => seed === first + k);
  return inRow ? `${first} \u2026 ${list.at(-1) ?? first}` : list.join(", ");
}

const listed = (settings: Readonly<Record<string, string>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name} = ${value}`)
    .join(", ");

function machine({ machine: own }: Manifest): string {
  return `${own.cpu}, ${counted(own.cores, "core")}, ${(own.memoryBytes / 1e9).toFixed(1)} GB; ${own.platform}, node ${own.node}; ${own.host}`;
}

function runs({ runs: list }: Manifest): string {
  return list
    .map(
      ({ started, seconds, jobs, blocks, calls, end }) =>
        `${started}: ${seconds.toFixed(1)} s, ${counted(jobs, "worker")}, ${counted(blocks, "block")}, ${counted(calls, "call")}, ${end}`,
    )
    .join("\n");
}
