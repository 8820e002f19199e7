import { onTestFinished, vi } from "vitest";
import { forgetEnv } from "@/lib/env";
import { runCommand } from "./program";

/**
 * Calls the operator's command in this process, which is a hundred times cheaper than in one of its own, and answers what
 * it printed and its exit code.
 */
export async function callMasthead(parameters: string[], environment: Record<string, string>) {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  forgetEnv();
  onTestFinished(forgetEnv);
  const said = { out: "", err: "" };
  const hear = (name: "out" | "err") => (words: string | Uint8Array) => {
    said[name] += String(words);
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation(hear("out")),
    vi.spyOn(process.stderr, "write").mockImplementation(hear("err")),
  ];
  try {
    const code = await runCommand(parameters);
    return { code, ...said };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
