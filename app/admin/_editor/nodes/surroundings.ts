import type { VariableName } from "@/lib/issues/document/schema";

/** What a document may name and the editor should show: the snippets and issues that exist, the variables' words now. */
export type Surroundings = {
  snippets: readonly { name: string; title: string }[];
  issues: readonly { number: number; title: string }[];
  variables: Partial<Readonly<Record<VariableName, string>>>;
};
