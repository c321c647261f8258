import { expect, test } from "vitest";
import { decodeColumn } from "../../src/language/datasets.js";
import { checkedText, faultsIn, printed } from "./support.js";

const spec = (body: string): string => `experiment e {\n${body}\n}\n`;
const faults = (body: string): readonly string[] => faultsIn(spec(body));
const lines = (body: string, start: RegExp): readonly string[] =>
  printed(spec(body)).filter((line) => start.test(line));
const mnist = (rest: string): string => `data d = dataset.mnist(image, pixel, class, split: "train"${rest})`;

test("axes that nothing declares have the sizes and names of the set, without its data", () => {
  expect(lines(`${mnist("")}\ndata f = dataset.iris(flower, length, species)`, /^axis/u)).toEqual([
    "axis image = 60000",
    "axis pixel = 784",
    "axis class = 10",
    "axis flower = 150",
    "axis length in {sepal_length, sepal_width, petal_length, petal_width}",
    "axis species in {setosa, versicolor, virginica}",
  ]);
  expect(lines(mnist(", take: 20"), /^axis image/u)).toEqual(["axis image = 20"]);
});

test("x is real, label a position of the classes", () => {
  const { definitions, datasets } = checkedText(spec(mnist(", take: 2, per: class"))).experiment;
  expect(
    [...definitions.values()].map(({ name, type, body }) => [
      name,
      type.kind,
      body.kind === "data" ? decodeColumn(body.column) : null,
    ]),
  ).toEqual([
    ["d.x", "real", { kind: "member", name: "x", grouped: true }],
    ["d.label", "index", { kind: "member", name: "label", grouped: true }],
  ]);
  expect(datasets).toMatchObject([{ path: "mnist/train", format: "set" }]);
});

test("declared axes agree, also as products and where they are swept", () => {
  expect(
    faults(
      `axis class = 10\naxis item = 5\naxis image = class * item\naxis row = 28\naxis col = 28\naxis pixel = row * col\n${mnist(", take: 5, per: class")}\nmeasure m { y = mean(class, item, row, col) d.x[(class, item), (row, col)] }`,
    ),
  ).toEqual([]);
  expect(faults(`sweep n in [10, 20]\naxis image = n\n${mnist(", take: n")}`)).toEqual([]);
  expect(faults(`sweep n in [10, 20]\naxis image = 10\n${mnist(", take: n")}`)).toEqual(["AM4018 image"]);
  expect(faults(`axis image = 100\n${mnist("")}`)).toEqual(["AM4018 image"]);
  expect(faults(`axis pixel = 785\n${mnist("")}`)).toEqual(["AM4018 pixel"]);
});

test("`take` stays within the set", () => {
  expect(faults(mnist(", take: 60_000"))).toEqual([]);
  expect(faults(mnist(", take: 60_001"))).toEqual(["AM4018 60_001"]);
  expect(faults(mnist(", take: 5421, per: class"))).toEqual([]);
  expect(faults(mnist(", take: 5422, per: class"))).toEqual(["AM4018 5422"]);
  expect(faults(`sweep n in [1, 70000]\n${mnist(", take: n")}`)).toEqual(["AM4018 n"]);
  expect(faults(mnist(", take: 0.5"))).toEqual(["AM3003 0.5"]);
});
