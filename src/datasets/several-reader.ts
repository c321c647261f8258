/** Reads texts and pictures: what is made of the same bytes is kept. */
import { fault } from "./faults.js";
import { imagesArray, isPicture } from "./images.js";
import { Kept } from "./kept.js";
import { contentsOf, filesIn, filesLike, hashOfAll } from "./several.js";
import { textArray, textTable, type TextTable, type TextUnit } from "./text.js";
import type {
  ColumnKey,
  DataArray,
  DatasetFormat,
  DatasetHeader,
  DatasetLimits,
  ReadOptions,
  SeveralFormat,
} from "./types.js";

const units: Readonly<Record<string, TextUnit>> = {
  "text-character": "character",
  "text-word": "word",
  "text-byte": "byte",
};

export const isSeveral = (format: DatasetFormat): format is SeveralFormat =>
  format.startsWith("text-") || format.startsWith("images");

export class SeveralReader {
  private readonly texts: Kept<TextTable>;
  private readonly pictures: Kept<DataArray>;

  constructor(
    private readonly folder: string,
    private readonly allowed: readonly string[],
    private readonly limits: DatasetLimits,
  ) {
    this.texts = new Kept(limits.kept);
    this.pictures = new Kept(limits.kept);
  }

  header(path: string, format: SeveralFormat): DatasetHeader {
    const unit = units[format];
    if (format === "images" || format === "images-colour") {
      const { sha256, array } = this.images(path, format);
      return { format, sha256, sizes: array.shape };
    }
    const { sha256, table } = this.text(path, unit ?? "character");
    const { lengths, longest, spellings } = table;
    return { format, sha256, documents: lengths.length, longest, spellings };
  }

  read(path: string, format: SeveralFormat, key: ColumnKey, options: ReadOptions): DataArray {
    const unit = units[format];
    const found = unit === undefined ? this.images(path, format) : this.text(path, unit);
    if (options.sha256 !== undefined && options.sha256 !== found.sha256)
      throw fault("AM5010", `what \`${path}\` names is not what was checked: it has changed`, {
        help: "check the spec again",
      });
    return "array" in found ? found.array : textArray(found.table, key.kind === "named" ? key.name : "symbol");
  }

  private text(pattern: string, unit: TextUnit): { readonly sha256: string; readonly table: TextTable } {
    const files = filesLike(this.folder, pattern, this.allowed);
    const contents = contentsOf(files, this.limits.text);
    const sha256 = hashOfAll(contents);
    const key = `${unit} ${sha256}`;
    const table = this.texts.get(key) ?? textTable(contents, files.paths, unit);
    this.texts.set(key, table, table.symbols.byteLength + 40 * table.spellings.length);
    return { sha256, table };
  }

  private images(path: string, format: SeveralFormat): { readonly sha256: string; readonly array: DataArray } {
    const files = filesIn(this.folder, path, this.allowed, isPicture, "end in .png, .jpg, .jpeg, .pgm or .ppm");
    const contents = contentsOf(files, this.limits.images);
    const sha256 = hashOfAll(contents);
    const key = `${format} ${sha256}`;
    const array = this.pictures.get(key) ?? imagesArray(contents, files.paths, format === "images-colour");
    this.pictures.set(key, array, array.data.byteLength);
    return { sha256, array };
  }
}
