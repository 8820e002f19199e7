import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isPlainMathML, mathMarkup } from "./mathml";

describe("a formula", () => {
  const formulas = [
    "x^2",
    "\\frac{a}{b} < c & d".replace(" & d", ""),
    "\\sum_{i=1}^{n} \\hat{y}_i \\cdot \\mathbf{w}^\\top",
    "\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}",
    "\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}",
    "\\begin{cases} 1 & x > 0 \\\\ 0 & \\text{otherwise} \\end{cases}",
    "\\operatorname*{arg\\,max}_{\\theta} \\mathcal{L}(\\theta)",
    "\\sqrt[3]{x} \\left\\lVert v \\right\\rVert_2",
    "\\color{red} x",
    "\\cancel{x} + \\boxed{y} + \\overbrace{a+b}^{n}",
    "\\mathbb{E}_{x \\sim p}[\\log q(x)]",
    "\\underset{x}{\\min}\\, f(x) \\quad \\text{s.t. } x \\geq 0",
  ];
  test.each(formulas)("%s is set", (tex) => {
    expect(mathMarkup(tex, true)).toMatch(/^<math[\s>]/);
    expect(mathMarkup(tex, false)).toMatch(/^<math[\s>]/);
  });

  const wrong = ["\\frac{1", "\\undefinedcommand", "a & b", "}", "\\begin{matrix} 1"];
  test.each(wrong)("%s is refused", (tex) => {
    expect(mathMarkup(tex, true)).toBeNull();
  });
});

describe("hostile TeX", () => {
  const hostile = [
    "\\href{javascript:alert(1)}{x}",
    "\\url{javascript:alert(1)}",
    "\\includegraphics{https://evil.example/x.png}",
    "\\htmlId{x}{y}",
    "\\class{evil}{x}",
    '\\style{background:url("https://evil.example")}{x}',
    "\\htmlData{onclick=alert(1)}{x}",
    "\\text{<script>alert(1)</script>}",
    "\\text{</math><img src=x onerror=alert(1)>}",
    '\\color{"onmouseover="alert(1)}{x}',
    "\\textcolor{red;background:url(//evil.example)}{x}",
    "\\mathrm{<b>}",
    "\\verb|<script>|",
    "\\tag{<script>}x",
    "\\unicode{x3c}script",
    "\\char`\\<script",
    '\\label{x"><script>}',
    '\\ref{x"><script>}',
  ];
  test.each(hostile)("%s brings no element, attribute or address of its own", (tex) => {
    const tags = mathMarkup(tex, true)?.match(/<[^>]*>?/g) ?? [];
    expect(tags.join("")).not.toMatch(/<\/?(script|img|a|b|iframe|svg)\b|href|src=|url\(|\son\w+=/i);
  });

  const costly = [
    `${"{".repeat(5_000)}${"}".repeat(5_000)}`,
    `${"\\sqrt{".repeat(1_500)}x${"}".repeat(1_500)}`,
    "\\def\\a{\\a\\a}\\a",
    "\\def\\a{xxxxxxxxxx}\\def\\b{\\a\\a\\a\\a\\a\\a\\a\\a}\\def\\c{\\b\\b\\b\\b\\b\\b\\b\\b}\\def\\d{\\c\\c\\c\\c\\c\\c\\c\\c}\\d\\d\\d\\d",
    "\\rule{99999em}{99999em}",
  ];
  test.each(costly)("a bomb ends in bounded markup or a refusal (%#)", (tex) => {
    expect(mathMarkup(tex, true)?.length ?? 0).toBeLessThanOrEqual(500_000);
  });

  test("of any kind gives plain MathML or nothing", () => {
    const piece = fc.constantFrom(
      "\\text{",
      "}",
      "{",
      "<script>",
      '"',
      "\\frac",
      "x",
      "\\href{",
      "&",
      "\\\\",
      "'",
      "\\color{",
      "=",
      "onload=",
      "\\class{",
      "$",
      "-->",
      "]]>",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const markup = mathMarkup(pieces.join(""), false);
        if (markup !== null) expect(isPlainMathML(markup)).toBe(true);
      }),
    );
  });
});

describe("the check of markup", () => {
  const refused = [
    "<math><script>1</script></math>",
    '<math><mi onclick="x">a</mi></math>',
    '<math><mtext><img src="x"></mtext></math>',
    '<math><mi href="javascript:x">a</mi></math>',
    '<math><mi style="background:url(x)">a</mi></math>',
    "<math><mi><!-- x --></mi></math>",
    "<math><mi",
  ];
  test.each(refused)("refuses %s", (markup) => {
    expect(isPlainMathML(markup)).toBe(false);
  });
});
