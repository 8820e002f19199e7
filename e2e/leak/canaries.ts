import type { NewIssue } from "../setup/issues";

/** A word that stands behind a wall and nowhere else. The place tells which kind of block let it out. */
const MARK = "canary93be";
const CANARY = new RegExp(`${MARK}[a-z]+`, "g");
const c = (place: string) => `${MARK}${place}`;

/** Long enough, and with headings enough, that the issue gets a table of contents. */
const FREE = ["Morning", "Noon", "Evening", "Night"]
  .map((time) => `## ${time}\n\n${"A song that everybody may hear, sung from the open window. ".repeat(24)}`)
  .join("\n\n");

export const issuesWithCanaries = (picture: string): NewIssue[] => [
  {
    title: "A wall between two blocks",
    slug: "a-wall-between-two-blocks",
    audience: "MEMBERS",
    text: `${FREE}

::paywall

## The bird ${c("heading")}

It says ${c("prose")} [out loud](https://example.com/${c("href")}), and more below[^1].

\`\`\`py file=${c("file")}.py
name = "${c("code")}"
\`\`\`

:::figure{width="1200" height="800"}
![${c("alt")}](${picture})

A bird, ${c("caption")}.
:::

| Bird | Song |
|---|---|
| One | ${c("table")} |

:::note[Of ${c("callout")}]
- A list with ${c("list")}
:::

> ${c("quote")}

$$
\\text{${c("tex")}}
$$

::link-card{url="https://example.com/${c("cardurl")}" title="${c("card")}" site="example.com"}

:::social-post{url="https://example.com/post" author="${c("poster")}" handle="@poster" date="2026-11-20"}
${c("post")}
:::

[^1]: A note with ${c("note")}.
`,
  },
  {
    title: "A wall between two picks",
    slug: "a-wall-between-two-picks",
    audience: "MEMBERS",
    text: `Song for all.

:::picks
- [An open pick](https://example.com/open "Ines Okafor"): Everybody reads this.

::paywall

- [${c("picktitle")}](https://example.com/${c("pickurl")} "${c("pickauthor")}"): For ${c("picksummary")}.
:::

After the picks, ${c("afterpicks")}.
`,
  },
  {
    title: "Closed from its first word",
    subtitle: "A line that everybody sees",
    slug: "closed-from-its-first-word",
    audience: "MEMBERS",
    text: `${c("first")} sings.\n\n## And ${c("second")}\n`,
  },
];

/** Never sent, so that not even its title may be seen. */
export const draftWithCanaries: NewIssue = {
  title: `A draft of ${c("drafttitle")}`,
  slug: "a-draft-in-the-drawer",
  audience: "EVERYONE",
  text: `${c("draft")}\n`,
};

/** The canaries in these texts, each once; also as a page's script, a mail or a feed may have encoded them. */
export function canariesIn(...texts: string[]): string[] {
  const all = texts
    .flatMap((text) => [
      text,
      // The framework cuts its payload into scripts wherever a chunk ends.
      text.replaceAll(/"\]\)<\/script><script[^>]*>self\.__next_f\.push\(\[1,"/g, ""),
      text.replaceAll(/=\r?\n/g, ""),
      ...base64Parts(text),
    ])
    .join("\n")
    .toLowerCase();
  return [...new Set(all.match(CANARY))].sort();
}

function base64Parts(text: string): string[] {
  return [...text.matchAll(/(?:^[A-Za-z0-9+/=]{60,}\r?\n)+[A-Za-z0-9+/=]*/gm)].map(([part]) =>
    Buffer.from(part, "base64").toString("utf8"),
  );
}
