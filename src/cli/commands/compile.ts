/** `amemc compile`: freezes the plan and its programs in the folder of results. */
import { writePlans } from "../../pipeline.js";
import type { Plan } from "../../plan/types.js";
import { EXIT } from "../exit-code.js";
import { counted } from "../counted.js";
import type { PlanningOptions } from "../options.js";
import { chooseEngine, openSpec, pathFromFolder, planWithin, refuseFaulty, specFolder } from "../session.js";
import { withTexts } from "../show.js";
import type { Terminal } from "../terminal.js";

export async function compile(
  terminal: Terminal,
  path: string,
  options: PlanningOptions & { readonly json?: boolean; readonly adopt?: boolean },
): Promise<number> {
  const session = await openSpec(terminal, path, options);
  if (refuseFaulty(session)) return EXIT.wrong;
  const folder = specFolder(path, options.out);
  return withTexts(terminal, session.texts, async () => {
    const { refuseForeign } = await import("../../results/store/spec-folder.js");
    const place = pathFromFolder(folder, path);
    if (options.adopt !== true) await refuseForeign(folder, place, session.texts.source.text);
    const { plans } = await planWithin(session.spec, await chooseEngine(terminal, options.engine, folder), options);
    const files = await writePlans(folder, place, session.spec, plans);
    if (options.json === true) {
      const experiments = plans.map((plan, k) => ({ ...planSummary(plan), revision: files[k]?.revision }));
      terminal.out(`${JSON.stringify({ folder, experiments }, null, 2)}\n`);
      return 0;
    }
    plans.forEach((plan, k) => {
      const { experiment, points, programs, blocks } = planSummary(plan);
      terminal.out(
        `${experiment}: revision ${files[k]?.revision ?? 0}, ${counted(points, "point")}, ${counted(blocks, "block")}, ${counted(programs, "program")} (${plan.engine} engine)\n`,
      );
    });
    terminal.out(`${folder}\n`);
    return 0;
  });
}

export function planSummary(plan: Plan): {
  readonly experiment: string;
  readonly points: number;
  readonly programs: number;
  readonly blocks: number;
} {
  const programs = plan.phases.flatMap((phase) => phase.programs);
  return {
    experiment: plan.experiment,
    points: plan.phases.reduce((sum, phase) => sum + phase.points.length, 0),
    programs: programs.length,
    blocks: programs.reduce((sum, program) => sum + program.blocks.length, 0),
  };
}
