import { CODE_LANGUAGES, languageLabel } from "@/lib/issues/document/format";
import { CALLOUT_KINDS, VARIABLES } from "@/lib/issues/document/schema";
import type { Attributes } from "./nodes/checked";
import { VARIABLE_NAMES } from "./nodes/inline";
import type { Surroundings } from "./nodes/surroundings";

export type DetailField = {
  name: string;
  label: string;
  control: "line" | "lines" | "number" | "choice" | "tex" | "note";
  hint?: string;
  /** What the person is asked for where the field may not stay empty. */
  needed?: string;
  /** Kept as an empty string instead of as nothing. */
  emptyStays?: true;
  choices?: (surroundings: Surroundings) => readonly { value: string; label: string }[];
};

export type Details = { title: string; inline?: true; fields: readonly DetailField[] };

const WEB = "Write a whole link, such as https://example.com/page.";
const url = (label: string): DetailField => ({ name: "url", label, control: "line", needed: WEB });

/** Which attributes of which node a person can change, and what they are called. */
export const DETAILS: Readonly<Record<string, Details>> = {
  figure: {
    title: "Picture",
    fields: [
      {
        name: "src",
        label: "Address",
        control: "line",
        needed: "Write the picture’s address, beginning with https://.",
        hint: "Pictures that you upload have one already.",
      },
      {
        name: "alt",
        label: "Description",
        control: "lines",
        emptyStays: true,
        hint: "What the picture shows, for readers who cannot see it. Empty only for decoration.",
      },
      { name: "width", label: "Width in pixels", control: "number" },
      { name: "height", label: "Height in pixels", control: "number" },
    ],
  },
  codeBlock: {
    title: "Code",
    fields: [
      {
        name: "language",
        label: "Language",
        control: "choice",
        choices: () => [
          { value: "", label: "Plain text" },
          ...CODE_LANGUAGES.map((value) => ({ value, label: languageLabel(value) ?? value })),
        ],
      },
      { name: "fileName", label: "File name", control: "line" },
      { name: "markedLines", label: "Marked lines", control: "line", hint: "Such as 2,5-7." },
    ],
  },
  callout: {
    title: "Callout",
    fields: [
      {
        name: "kind",
        label: "Kind",
        control: "choice",
        choices: () => CALLOUT_KINDS.map((kind) => ({ value: kind, label: kind })),
      },
      { name: "title", label: "Title", control: "line", hint: "Empty says the kind." },
    ],
  },
  mathBlock: {
    title: "Formula",
    fields: [{ name: "tex", label: "TeX", control: "tex", needed: "Write the formula." }],
  },
  mathInline: {
    title: "Formula in the text",
    inline: true,
    fields: [{ name: "tex", label: "TeX", control: "tex", needed: "Write the formula." }],
  },
  footnote: {
    title: "Footnote",
    inline: true,
    fields: [
      { name: "content", label: "Words of the footnote", control: "note", needed: "Write the footnote." },
    ],
  },
  mention: {
    title: "Mention of a person",
    inline: true,
    fields: [
      { name: "name", label: "Name", control: "line", needed: "Write the person’s name." },
      { name: "url", label: "Link", control: "line", hint: "Where readers find them. May be empty." },
    ],
  },
  variable: {
    title: "Variable",
    inline: true,
    fields: [
      {
        name: "name",
        label: "What stands here",
        control: "choice",
        choices: ({ variables }) =>
          VARIABLES.map((value) => ({
            value,
            label: variables[value] ? `${VARIABLE_NAMES[value]}: ${variables[value]}` : VARIABLE_NAMES[value],
          })),
      },
    ],
  },
  subscribeBox: {
    title: "Subscribe box",
    fields: [{ name: "caption", label: "Words above the form", control: "line" }],
  },
  upgradeButton: {
    title: "Upgrade button",
    fields: [
      { name: "label", label: "Words on the button", control: "line", hint: "Empty offers the trial." },
    ],
  },
  pick: {
    title: "Pick",
    fields: [
      url("Link"),
      { name: "title", label: "Title", control: "line", needed: "Write the title." },
      { name: "author", label: "Author", control: "line" },
    ],
  },
  previousIssue: {
    title: "Earlier issue",
    fields: [
      {
        name: "number",
        label: "Issue",
        control: "choice",
        choices: ({ issues }) => [
          { value: "", label: "The one before this" },
          ...issues.map(({ number, title }) => ({ value: `${number}`, label: `${number}: ${title}` })),
        ],
      },
      { name: "title", label: "Title", control: "line", hint: "Empty takes that issue’s own." },
      { name: "excerpt", label: "Excerpt", control: "lines", hint: "Empty takes that issue’s own." },
    ],
  },
  linkCard: {
    title: "Link card",
    fields: [
      url("Link"),
      { name: "title", label: "Title", control: "line", needed: "Write the title." },
      { name: "description", label: "Description", control: "lines" },
      { name: "siteName", label: "Name of the site", control: "line" },
      { name: "author", label: "Author", control: "line" },
    ],
  },
  socialPost: {
    title: "Social post",
    fields: [
      url("Link to the post"),
      { name: "authorName", label: "Author", control: "line", needed: "Write who posted it." },
      { name: "handle", label: "Handle", control: "line" },
      { name: "text", label: "Text", control: "lines", needed: "Write what the post says." },
      { name: "date", label: "Date", control: "line", hint: "Such as 2026-10-02." },
    ],
  },
  videoCard: {
    title: "Video",
    fields: [
      url("Link to the video"),
      { name: "title", label: "Title", control: "line" },
      { name: "channel", label: "Channel", control: "line" },
      { name: "duration", label: "Duration", control: "line", hint: "Such as 4:05." },
    ],
  },
  snippet: {
    title: "Snippet",
    fields: [
      {
        name: "name",
        label: "Snippet",
        control: "choice",
        needed: "There is no snippet yet. Write one on the desk’s page of snippets.",
        choices: ({ snippets }) => snippets.map(({ name, title }) => ({ value: name, label: title })),
      },
    ],
  },
  link: {
    title: "Link",
    inline: true,
    fields: [
      {
        name: "href",
        label: "Address",
        control: "line",
        needed: "Write a whole link, such as https://example.com/page.",
      },
      { name: "words", label: "Words", control: "line", hint: "Empty shows the address." },
    ],
  },
};

/** Attributes as a form shows them. */
export function typedOf(fields: readonly DetailField[], attrs: Attributes): Record<string, string> {
  return Object.fromEntries(
    fields
      .filter(({ control }) => control !== "note")
      .map(({ name }) => [
        name,
        attrs[name] === null || attrs[name] === undefined ? "" : String(attrs[name]),
      ]),
  );
}

/** What was typed as attributes: blanks around it go, and an empty field is nothing. */
export function attributesOf(
  fields: readonly DetailField[],
  typed: Readonly<Record<string, string>>,
): Record<string, unknown> {
  return Object.fromEntries(
    fields
      .filter(({ control }) => control !== "note")
      .map(({ name, control, emptyStays }) => {
        const value = (typed[name] ?? "").trim();
        const isNumber = control === "number" || name === "number";
        if (value === "") return [name, emptyStays ? "" : null];
        return [name, isNumber ? Number(value) : value];
      }),
  );
}
