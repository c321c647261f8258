/** `amemc doctor`: what this machine offers; with `--fix`, mends what is damaged. */
import { UserError } from "../../base/diagnostic.js";
import { doctor, renderDoctor } from "../doctor.js";
import type { DoctorReport } from "../doctor.js";
import { carryOut, loadNativeSetup, notSetUp } from "../native-setup.js";
import type { Terminal } from "../terminal.js";

export interface DoctorOptions {
  readonly json?: boolean;
  readonly fix?: boolean;
}

export async function showDoctor(terminal: Terminal, options: DoctorOptions): Promise<number> {
  const found = options.fix === true ? await mend(terminal) : await doctor();
  terminal.out(options.json === true ? `${JSON.stringify(found, null, 2)}\n` : `${renderDoctor(found).trimEnd()}\n`);
  return 0;
}

/** The report after mending. Throws when the TensorFlow that was in use works no more. */
async function mend(terminal: Terminal): Promise<DoctorReport> {
  const { info, loads } = (await doctor()).tensorflow;
  const set = await loadNativeSetup(terminal);
  const { script, job } = set;
  const { native } = await carryOut(set, () => script.mendNative({ ...job, inUse: info !== null, loads }));
  if (native?.source === "none" && terminal.env.AMEMC_NATIVE !== "off")
    throw new UserError(notSetUp(native.why ?? "no reason is known", script.adviceFor(native.why ?? "", job.cache)));
  if (set.said() === 0) terminal.err("nothing is damaged\n");
  return doctor();
}
