/** Pictures of one size as an array: PNG by fast-png, JPEG by jpeg-js, PGM and PPM. Values are those that are stored. */
import { convertIndexedToRgb, decode as decodePng } from "fast-png";
import jpeg from "jpeg-js";
import { fault } from "./faults.js";
import { netpbm } from "./netpbm.js";
import type { DataArray } from "./types.js";

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 1: grey; 3: red, green, blue. */
  readonly channels: 1 | 3;
  readonly data: Uint8Array | Uint16Array;
}

/** Most numbers in all pictures together. */
const most = 2 ** 30;

export const isPicture = (name: string): boolean => /\.(?:png|jpe?g|pgm|ppm)$/iu.test(name);

/** Pictures by rows by columns, and by three channels where colour is wanted. */
export function imagesArray(contents: readonly Uint8Array[], paths: readonly string[], inColour: boolean): DataArray {
  const channels = inColour ? 3 : 1;
  let [width, height, size] = [0, 0, 0];
  let out: Uint8Array | Int32Array = new Uint8Array(0);
  for (const [k, content] of contents.entries()) {
    const path = paths[k] ?? "";
    const picture = pictureOf(content, path);
    if (k === 0) {
      ({ width, height } = picture);
      size = width * height * channels;
      if (size * contents.length > most)
        throw fault(
          "AM5007",
          `${contents.length} pictures of ${width} × ${height} pixels are too many: ${most} numbers are the limit`,
        );
      out = new Uint8Array(size * contents.length);
    } else if (picture.width !== width || picture.height !== height)
      throw fault(
        "AM5022",
        `the pictures have different sizes: \`${paths[0] ?? ""}\` ${width} × ${height}, \`${path}\` ${picture.width} × ${picture.height}`,
        {
          help: "bring them to one size, or into a folder for each size",
        },
      );
    if (picture.data instanceof Uint16Array && out instanceof Uint8Array) out = Int32Array.from(out);
    out.set(inColour ? coloured(picture) : grey(picture, path), k * size);
  }
  const shape = [contents.length, height, width, ...(inColour ? [3] : [])];
  return { shape, data: out, hasNaN: false };
}

function pictureOf(content: Uint8Array, path: string): Picture {
  const [first, second, third] = content;
  try {
    if (first === 0x89 && second === 0x50) return png(content, path);
    if (first === 0xff && second === 0xd8 && third === 0xff) return jpg(content);
  } catch (error) {
    if (error instanceof Error && "diagnostic" in error) throw error;
    throw fault("AM5004", `\`${path}\` is damaged: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (first === 0x50 && second !== undefined && [0x32, 0x33, 0x35, 0x36].includes(second)) return netpbm(content, path);
  throw fault("AM5003", `\`${path}\` is no PNG, JPEG, PGM or PPM file${content.length === 0 ? ": it is empty" : ""}`);
}

function png(content: Uint8Array, path: string): Picture {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  // Said before anything is unpacked: a small file may promise an enormous picture.
  if (content.length > 24 && view.getUint32(16) * view.getUint32(20) > 2 ** 28)
    throw fault("AM5007", `\`${path}\` has ${view.getUint32(16)} × ${view.getUint32(20)} pixels, which is too many`);
  const decoded = decodePng(content, { checkCrc: true });
  const { width, height, depth, palette } = decoded;
  if (palette !== undefined)
    return opaque(convertIndexedToRgb(decoded), palette[0]?.length ?? 3, 255, width, height, path);
  if (decoded.transparency !== undefined) throw transparent(path);
  const { channels } = decoded;
  const data = decoded.data instanceof Uint8ClampedArray ? Uint8Array.from(decoded.data) : decoded.data;
  const whole = depth < 8 ? unpacked(data, depth, width * channels, height) : data;
  return opaque(whole, channels, 2 ** depth - 1, width, height, path);
}

/** Several pixels in a byte, each row from a new byte on. */
function unpacked(data: Uint8Array | Uint16Array, depth: number, width: number, height: number): Uint8Array {
  const [perByte, perRow] = [8 / depth, Math.ceil((width * depth) / 8)];
  return Uint8Array.from({ length: width * height }, (_, k) => {
    const [row, column] = [Math.floor(k / width), k % width];
    const byte = data[row * perRow + Math.floor(column / perByte)] ?? 0;
    return (byte >> (8 - depth * ((column % perByte) + 1))) & (2 ** depth - 1);
  });
}

/** Without the channel of opacity, in which nothing may be written. */
function opaque(
  data: Uint8Array | Uint16Array,
  channels: number,
  full: number,
  width: number,
  height: number,
  path: string,
): Picture {
  if (channels === 1 || channels === 3) return { width, height, channels, data };
  const kept = channels - 1;
  const out =
    data instanceof Uint16Array ? new Uint16Array(width * height * kept) : new Uint8Array(width * height * kept);
  for (let pixel = 0; pixel < width * height; pixel++) {
    if (data[pixel * channels + kept] !== full) throw transparent(path);
    for (let c = 0; c < kept; c++) out[pixel * kept + c] = data[pixel * channels + c] ?? 0;
  }
  return { width, height, channels: kept === 1 ? 1 : 3, data: out };
}

const transparent = (path: string) =>
  fault("AM5022", `\`${path}\` has pixels that are transparent`, { help: "put it on a background" });

function jpg(content: Uint8Array): Picture {
  const { width, height, data } = jpeg.decode(content, {
    useTArray: true,
    formatAsRGBA: false,
    tolerantDecoding: false,
    maxMemoryUsageInMB: 1024,
  });
  return { width, height, channels: 3, data };
}

function grey({ channels, data }: Picture, path: string): Uint8Array | Uint16Array {
  if (channels === 1) return data;
  const out = data.slice(0, data.length / 3);
  for (let k = 0; k < out.length; k++) {
    const red = data[3 * k] ?? 0;
    if (data[3 * k + 1] !== red || data[3 * k + 2] !== red)
      throw fault("AM5022", `\`${path}\` is in colour`, {
        help: 'a fourth axis takes red, green and blue: `dataset.images("folder", image, row, column, channel)`',
      });
    out[k] = red;
  }
  return out;
}

function coloured({ channels, data }: Picture): Uint8Array | Uint16Array {
  if (channels === 3) return data;
  const out = data instanceof Uint16Array ? new Uint16Array(3 * data.length) : new Uint8Array(3 * data.length);
  for (const [k, value] of data.entries()) out.fill(value, 3 * k, 3 * k + 3);
  return out;
}
