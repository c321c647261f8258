/** `.pgm` and `.ppm` files: a mark, width, height, the largest value, then numbers as text (P2, P3) or as bytes (P5, P6). */
import { fault } from "./faults.js";
import type { Picture } from "./images.js";

export function netpbm(content: Uint8Array, path: string): Picture {
  const kind = content[1] ?? 0;
  const channels = kind === 0x32 || kind === 0x35 ? 1 : 3;
  let at = 2;
  const isBlank = (byte: number | undefined): boolean => byte === 32 || (byte !== undefined && byte >= 9 && byte <= 13);
  const next = (): number => {
    for (;;) {
      while (isBlank(content[at])) at++;
      // A comment ends with its line.
      if (content[at] !== 0x23) break;
      while (at < content.length && content[at] !== 10) at++;
    }
    let value = 0;
    const start = at;
    for (let digit = content[at]; digit !== undefined && digit >= 48 && digit <= 57; digit = content[++at])
      value = value * 10 + digit - 48;
    if (at === start || value > 2 ** 31)
      throw fault("AM5004", `\`${path}\` is damaged: a number is missing in its header`);
    return value;
  };
  const [width, height, most] = [next(), next(), next()];
  const count = width * height * channels;
  if (most < 1 || most > 65_535)
    throw fault("AM5004", `\`${path}\` is damaged: its largest value is ${most}, and may be 1 to 65535`);
  const bytes = most > 255 ? 2 : 1;
  const cut = (): Error => fault("AM5004", `\`${path}\` is cut off: ${count} numbers were expected`);
  if (count > content.length) throw cut();
  const data = most > 255 ? new Uint16Array(count) : new Uint8Array(count);
  if (kind === 0x32 || kind === 0x33) {
    for (let k = 0; k < count; k++) data[k] = next();
  } else {
    // One blank stands between header and bytes.
    const start = at + 1;
    if (start + count * bytes > content.length) throw cut();
    for (let k = 0; k < count; k++)
      data[k] =
        bytes === 1
          ? (content[start + k] ?? 0)
          : (content[start + 2 * k] ?? 0) * 256 + (content[start + 2 * k + 1] ?? 0);
  }
  return { width, height, channels, data };
}
