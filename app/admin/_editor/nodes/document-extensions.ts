import type { Extensions } from "@tiptap/core";
import { cards } from "./cards";
import { codeBlock } from "./code-block";
import { figure } from "./figure";
import { footnote, mention, variable } from "./inline";
import { keepValid } from "./keep-valid";
import { marks } from "./marks";
import { math } from "./math";
import { picks } from "./picks";
import type { Surroundings } from "./surroundings";
import { table } from "./table";
import { textBlocks } from "./text-blocks";

export const NO_SURROUNDINGS: Surroundings = { snippets: [], issues: [], variables: {} };

/** Every node and mark of the issue document, under the schema's own names and attributes. */
export function documentExtensions(surroundings: Surroundings): Extensions {
  return [
    ...textBlocks,
    ...marks,
    codeBlock,
    figure,
    ...math,
    ...table,
    variable(surroundings),
    mention,
    footnote,
    ...picks,
    ...cards(surroundings),
    keepValid,
  ];
}
