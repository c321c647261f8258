import { describe, expect, it } from "vitest";
import { renderDoc, renderText } from "../../src/report/prose/markdown.js";
import { renderTitle } from "../../src/report/prose/math.js";
import { fileDoc, renderSource } from "../../src/report/page/spec.js";
import { sourceText } from "../../src/report/source-text.js";

const value = (text: string, state: "valid" | "missing" | "absent" = "valid") => ({
  kind: "value" as const,
  text,
  value: null,
  state,
});
const markdown = (text: string) => ({ kind: "markdown" as const, text });

describe("Markdown", () => {
  it("has headings below the page's, lists, tables, code", () => {
    expect(renderDoc("# A\n\n* b `c < d`\n\n| e | f |\n|---|--:|\n| 1 | 2 |")).toBe(
      '<h3>A</h3>\n<ul>\n<li>b <code>c &lt; d</code></li>\n</ul>\n<table>\n<thead>\n<tr>\n<th>e</th>\n<th align="right">f</th>\n</tr>\n</thead>\n<tbody><tr>\n<td>1</td>\n<td align="right">2</td>\n</tr>\n</tbody></table>\n',
    );
  });

  it("shows raw HTML as text, loads no picture, and leads nowhere but to the web", () => {
    const html = renderDoc(
      '<img src=x onerror=alert(1)> ![p](https://a.b/c.png) [bad](javascript:alert(1)) [data](data:text/html,x) [ok](https://a.b/?q="x")',
    );
    expect(html).not.toMatch(/<img|javascript:|data:text/u);
    expect(html).toContain("&lt;img src=x onerror=alert(1)&gt;");
    expect(html).toContain('<a href="https://a.b/?q=&quot;x&quot;" rel="noopener noreferrer">ok</a>');
  });

  it("puts values in as they are", () => {
    const text = {
      doc: null,
      pieces: [
        markdown("mean **"),
        value("0.5 ± 0.1"),
        markdown("** and `"),
        value("<3>"),
        markdown("` and $x = "),
        value("\u22122"),
        markdown("$, "),
        value("*not*"),
        markdown(" "),
        value("–", "missing"),
      ],
    };
    const html = renderText(text);
    expect(html).toContain('<strong><span class="value valid">0.5 ± 0.1</span></strong>');
    expect(html).toContain("<code>&lt;3&gt;</code>");
    expect(html).toContain("<mn>2</mn>");
    expect(html).toContain('<span class="value valid">*not*</span>');
    expect(html).toContain('<span class="value missing" title="this result is missing">–</span>');
  });

  it("takes the marks of values from nobody else", () => {
    expect(renderDoc("a \ue0000\ue001 b")).toBe("<p>a \ufffd0\ufffd b</p>\n");
  });
});

describe("formulas", () => {
  it("become MathML, also in titles", () => {
    expect(renderTitle("a < $\\alpha^2$ & b")).toMatch(
      /^a &lt; <span class="katex"><math[^>]*>.*<mi>α<\/mi>.*<\/math><\/span> &amp; b$/u,
    );
  });

  it("are no prices", () => {
    expect(renderTitle("$5 and $6, $ 7 $")).toBe("$5 and $6, $ 7 $");
  });

  it("that cannot be read are shown as written, with the reason", () => {
    expect(renderTitle("$\\frac{1$")).toMatch(/^<code class="tex" title="[^"]+">\\frac\{1<\/code>$/u);
  });

  it("load nothing and call nothing", () => {
    expect(renderTitle("$\\href{javascript:alert(1)}{x} \\includegraphics{https://a.b/c.png}$")).not.toMatch(
      /<a[ >]|<img|\shref=/u,
    );
  });
});

describe("the spec", () => {
  it("has numbered lines and colours, and is whole on every line", () => {
    const html = renderSource(sourceText("a.amem", 'axis a = 2 // <two>\nlet s = """x\ny"""\n'), "spec");
    expect(html).toContain('<span class="line" id="spec-1"><span class="keyword">axis</span>');
    expect(html).toContain('<span class="comment">// &lt;two&gt;</span>\n</span>');
    expect(html.match(/class="line"/gu)).toHaveLength(3);
    for (const line of html.split(/(?=<span class="line")/u).slice(1)) {
      const opened = line.match(/<span/gu)?.length ?? 0;
      expect(line.match(/<\/span>/gu)?.length).toBe(opened);
    }
  });

  it("that is no text of the language is shown all the same", () => {
    expect(renderSource(sourceText("a", "\u0000 ((( \u2028"), "spec")).toContain("\u2400");
  });

  it("says what the file is about", () => {
    expect(fileDoc("/// A\n/// b.\nuse std.linear\n")).toBe("A\nb.");
    expect(fileDoc("/// of the axis\naxis a = 2\n")).toBeNull();
  });
});
