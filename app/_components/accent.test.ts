import { describe, expect, it } from "vitest";
import { accentVariables, contrast, readable } from "./accent";

describe("accent", () => {
  it.each(["#b3331d", "#ffff00", "#000000", "#ffffff", "#00ff88", "#7f7f7f", "#1a237e"])(
    "%s reads on both papers and under its ink",
    (color) => {
      expect(contrast(readable(color, "light"), "#fcfaf6")).toBeGreaterThanOrEqual(4.5);
      expect(contrast(readable(color, "light"), "#ffffff")).toBeGreaterThanOrEqual(4.5);
      expect(contrast(readable(color, "dark"), "#191714")).toBeGreaterThanOrEqual(4.5);
    },
  );

  it("keeps a colour that reads already", () => {
    expect(readable("#a8321c", "light")).toBe("#a8321c");
  });

  it.each(["red", "#fff", "#b3331d;background:url(//x)", ""])("%j falls back to the house red", (color) => {
    expect(accentVariables(color)).toEqual(accentVariables("#a8321c"));
  });

  it("knows the contrast of black on white", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
  });
});
