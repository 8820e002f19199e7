import { isAbsolute, join } from "node:path";
import type { Command } from "commander";

/** What a person reads, and what a program gets with --json. `failed` sets exit code 1. */
export interface Answer {
  words: readonly string[];
  data: unknown;
  failed?: boolean;
}

/** The answer said already what failed; only the exit code is left. */
export class AnsweredFailure extends Error {}

/** Gives the verb its --json and prints what its work answers. */
export function answersWith<Args extends unknown[]>(
  command: Command,
  work: (...args: Args) => Promise<Answer>,
): Command {
  return command.option("--json", "answer as JSON, for programs").action(async (...args: unknown[]) => {
    const { words, data, failed } = await work(...(args as Args));
    const text = command.opts().json ? JSON.stringify(data) : words.join("\n");
    if (text !== "") process.stdout.write(`${text}\n`);
    if (failed) throw new AnsweredFailure();
  });
}

/** npm runs commands in the project's folder; a path means what it meant where the person typed it. */
export function fromWhereTyped(path: string): string {
  return isAbsolute(path) ? path : join(process.env.INIT_CWD ?? process.cwd(), path);
}

/** On a terminal, one line that is written over; elsewhere nothing. */
export function progressLine(): { show(text: string): void; clear(): void } {
  const { stderr } = process;
  if (!stderr.isTTY) return { show: () => undefined, clear: () => undefined };
  return {
    show: (text) => stderr.write(`\r\u001b[K${text}`),
    clear: () => stderr.write("\r\u001b[K"),
  };
}

/** `3 issues`, `1 issue`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}
