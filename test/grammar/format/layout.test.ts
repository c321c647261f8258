import { describe, expect, test } from "vitest";
import { format } from "../../../grammar/format/index.js";
import { formatted } from "./support.js";

/** Lines without the margin that the test's own indentation gives them. */
function lines(text: string): string {
  const margin = /^\n( *)/u.exec(text)?.[1] ?? "";
  return (
    text
      .replace(/^\n/u, "")
      .replaceAll(new RegExp(`^${margin}`, "gmu"), "")
      .trimEnd() + "\n"
  );
}

describe("blanks", () => {
  test.each([
    ["axis   x=3", "axis x = 3"],
    ["y [ i ]=a [i]+b( i )*- c", "y[i] = a[i] + b(i) * -c"],
    ["y = 2*k-1 + x ^ - 2 + (a) ^ ( b )", "y = 2 * k - 1 + x^-2 + (a)^(b)"],
    ["y[i]=sum( j ,k )A [i,j] *x[ k ]", "y[i] = sum(j, k) A[i, j] * x[k]"],
    ["y = sum(j)(a[j]+1)", "y = sum(j) (a[j] + 1)"],
    ["y = sum(j)-a[j]", "y = sum(j) -a[j]"],
    ["y = f (x) (z)", "y = f(x)(z)"],
    ["sweep s in 0 .. 9", "sweep s in 0..9"],
    ["axis t = pos[0..T-1]", "axis t = pos[0 .. T - 1]"],
    ["axis t = pos[0..T - 1]", "axis t = pos[0 .. T - 1]"],
    ["sweep m in { gd,muon }", "sweep m in {gd, muon}"],
    ["y = if a then b else( c )", "y = if a then b else (c)"],
    ["y = not( a )and( b )", "y = not (a) and (b)"],
    ["y = m[ : ,near 0.1, class :pick[q], # 3]", "y = m[:, near 0.1, class: pick[q], #3]"],
    [
      "optimizer gd( lr )for w[ .. ]{w[..]<-w[..]-lr*grad[..]}",
      "optimizer gd(lr) for w[..] { w[..] <- w[..] - lr * grad[..] }",
    ],
    ["evolve r { until [ q ] all(n)s[q,n]==t[q,n] }", "evolve r { until[q] all(n) s[q, n] == t[q, n] }"],
    ["claim c{expect a>b for 90 % of seed}", "claim c { expect a > b for 90% of seed }"],
    ["use std . linear", "use std.linear"],
    ["y = 3 . x + f(x) . y", "y = 3 .x + f(x).y"],
    ["y = - - a - - 1", "y = --a - -1"],
    ["experiment e { }", "experiment e {}"],
    ["measure m { let a=1;b=2 ; }", "measure m { let a = 1; b = 2 }"],
    ["x[u]=pixel:v[p]|class :-1", "x[u] = pixel: v[p] | class: -1"],
    ["let x/* a */=/* b */3 /* c */", "let x /* a */ = /* b */ 3 /* c */"],
  ])("%s", (text, outcome) => {
    expect(formatted(text)).toBe(`${outcome}\n`);
  });
});

describe("lines", () => {
  test.each([
    ["a statement each", "axis x = 3; axis y = 4;;axis z = 5", "axis x = 3\naxis y = 4\naxis z = 5\n"],
    ["one blank line", "\n\naxis x = 3\n\n\n\naxis y = 4\n\n", "axis x = 3\n\naxis y = 4\n"],
    ["ends of other systems", "axis x = 3\r\naxis y = 4\r\n", "axis x = 3\naxis y = 4\n"],
    ["nothing", " \n\n", ""],
    ["a comment alone", "  // a  \n", "// a\n"],
    [
      "a block that is broken somewhere",
      "train f { for 3 steps\n stop when a }",
      "train f {\n  for 3 steps\n  stop when a\n}\n",
    ],
    ["no blank lines at the ends of a block", "measure m {\n\n  a = 1\n\n}\n", "measure m {\n  a = 1\n}\n"],
    ["a brace of its own line", "y = f(case k\n { a: 1, else: 2 })\n", "y = f(case k { a: 1, else: 2 })\n"],
    ["a comma at the beginning", "y = f(a\n, b)\n", "y = f(a, b)\n"],
    ["an operator at the end", "y = a +\nb\n- c\n", "y = a +\n  b\n  - c\n"],
    ["arguments", "y = f(\na,\nb\n)\nz = 1\n", "y = f(\n  a,\n  b\n)\nz = 1\n"],
    [
      "an argument of two lines",
      "y = f(a,\ne[i] = if b then c\nelse c,\nd)",
      "y = f(a,\n  e[i] = if b then c\n    else c,\n  d)\n",
    ],
    ["brackets in brackets", "y = f(g([1,\n2], [\n3]))", "y = f(g([1,\n  2], [\n    3]))\n"],
    [
      "a list of entries",
      "train f {\nrecord { a,\nb, c\nd = 1 }\n}",
      "train f {\n  record {\n    a,\n    b, c\n    d = 1\n  }\n}\n",
    ],
    ["a word and what it declares", "y = f(param\nW\n[i] = 1)\n", "y = f(param W[i] = 1)\n"],
    ["minimize goes on", "train f {\nminimize l over a,\nb\n}", "train f {\n  minimize l over a,\n    b\n}\n"],
    ["prose as it is", 'text  """\n   a\n     b\n"""  ', 'text """\n   a\n     b\n"""\n'],
  ])("%s", (_, text, outcome) => {
    expect(formatted(text)).toBe(outcome);
  });

  const name = "a_rather_long_name_of_something_that_is_recorded";
  test("a block that is too wide is spread, the outermost first", () => {
    expect(formatted(`train fit { record { ${name}_1, ${name}_2, ${name}_3 }; for 3 steps }`)).toBe(
      lines(`
        train fit {
          record {
            ${name}_1,
            ${name}_2,
            ${name}_3
          }
          for 3 steps
        }
      `),
    );
  });
  test("what fits into 110 characters stays", () => {
    const block = (length: number): string => `measure m { a = ${"x".repeat(length - 18)} }`;
    expect(formatted(block(110))).toBe(`${block(110)}\n`);
    expect(formatted(block(111))).toBe(`measure m {\n  a = ${"x".repeat(93)}\n}\n`);
  });
  test("a block in brackets is never spread for its width", () => {
    const line = `memory M = dense(fn f(x) = { return ${name} + ${name} + ${name} + x })\n`;
    expect(formatted(line)).toBe(line);
  });
});

describe("comments", () => {
  test("stay where they are, and are indented with what follows them", () => {
    expect(
      formatted(
        lines(`
          experiment e {  // of the block
              // before x
          let x=1 // of x

              /* of two
                   lines */
          let y=f(  // of the call
          // before a
          a,   /* in between */ b // of b
            // before the end
          )
                // at the end
          }
          // last
        `),
      ),
    ).toBe(
      lines(`
        experiment e {  // of the block
          // before x
          let x = 1  // of x

          /* of two
               lines */
          let y = f(  // of the call
            // before a
            a, /* in between */ b  // of b
            // before the end
          )
          // at the end
        }
        // last
      `),
    );
  });
  test("between statements of one line they go with the one that follows", () => {
    expect(formatted("let a = 1; /* b */ let b = 2")).toBe("let a = 1\n/* b */ let b = 2\n");
    expect(formatted("measure m { let a = 1 /* a */; /* b */ b = 2 }")).toBe(
      "measure m { let a = 1; /* a */ /* b */ b = 2 }\n",
    );
  });
  test("doc comments stay with what they describe", () => {
    expect(formatted("measure m {\n/// Of a.\n\n\na = 1 }")).toBe("measure m {\n  /// Of a.\n\n  a = 1\n}\n");
  });
});

describe("columns", () => {
  test("that the author lined up stay lined up, without more blanks than needed", () => {
    expect(formatted("axis tok   =  5\naxis d     = 10\nlet x = 3")).toBe("axis tok = 5\naxis d   = 10\nlet x = 3\n");
    expect(formatted("axis token = 5\naxis d = 10")).toBe("axis token = 5\naxis d = 10\n");
    expect(formatted("sweep a   in 0..1\nsweep abc in 0..1")).toBe("sweep a   in 0..1\nsweep abc in 0..1\n");
    expect(formatted("axis tok   = 5\n\naxis d     = 10")).toBe("axis tok = 5\n\naxis d = 10\n");
  });
  test("arguments too", () => {
    expect(formatted("memory M = f(\n  a[i]    = 1,\n  b[i, j] = 2)")).toBe(
      "memory M = f(\n  a[i]    = 1,\n  b[i, j] = 2)\n",
    );
  });
  test("of comments at the ends of lines", () => {
    expect(formatted("let a = 1        // x\n\nlet abc = 1      // y\nlet d = 1 // z")).toBe(
      "let a = 1    // x\n\nlet abc = 1  // y\nlet d = 1  // z\n",
    );
  });
});

test("a text with faults is not touched", () => {
  const { text, diagnostics } = format({ file: "spec.amem", text: "axis x = (3\naxis y  = 4" });
  expect(text).toBe(null);
  expect(diagnostics.map(({ code }) => code)).toEqual(["AM1005"]);
});
