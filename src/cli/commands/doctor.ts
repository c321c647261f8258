/** `amemc doctor`: what this machine offers. */
import { doctor, renderDoctor } from "../doctor.js";
import type { Terminal } from "../terminal.js";

export async function showDoctor(terminal: Terminal, options: { readonly json?: boolean }): Promise<number> {
  const found = await doctor();
  terminal.out(options.json === true ? `${JSON.stringify(found, null, 2)}\n` : `${renderDoctor(found).trimEnd()}\n`);
  return 0;
}
