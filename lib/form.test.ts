import { describe, expect, it } from "vitest";
import { z } from "zod";
import { DomainError } from "./errors";
import { readForm, refusedForm } from "./form";

const schema = z.strictObject({ email: z.string().min(1, "Write your address.") });

function formOf(...fields: [string, string | File][]): FormData {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  return form;
}

function refusal(form: FormData): DomainError {
  try {
    readForm(schema, form);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error("The form was taken.");
}

describe("a form", () => {
  it("is read without what Next adds to it", () => {
    expect(readForm(schema, formOf(["$ACTION_ID_7f", ""], ["email", "a@x.test"]))).toEqual({
      email: "a@x.test",
    });
  });

  it("says which field is wrong", () => {
    expect(refusal(formOf(["email", ""])).fields).toEqual({ email: "Write your address." });
  });

  it.each([
    ["a field that nobody asked for", formOf(["email", "a@x.test"], ["paid", "true"])],
    ["a prototype", formOf(["email", "a@x.test"], ["__proto__", "x"])],
    ["a field sent twice", formOf(["email", "a@x.test"], ["email", "b@x.test"])],
    ["a file", formOf(["email", new File(["x"], "x.txt")])],
    ["a field of a megabyte", formOf(["email", "a".repeat(1_000_000)])],
    ["a nested name", formOf(["email[startsWith]", ""])],
  ])("with %s is refused", (_what, form) => {
    expect(refusal(form).code).toBe("INVALID");
  });

  it("keeps what was typed when it is refused", () => {
    const form = formOf(["email", "wrong"], ["$ACTION_ID_7f", ""]);
    const state = refusedForm(new DomainError("INVALID", "No.", { fields: { email: "Not this." } }), form);
    expect(state).toEqual({ problem: "No.", fields: { email: "Not this." }, typed: { email: "wrong" } });
  });

  it("hides no fault of ours behind a message", () => {
    expect(() => refusedForm(new Error("broken"), formOf())).toThrow("broken");
  });
});
