import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { prepareArtwork } from "./artwork";
import { contextFor, EVERY_NODE, PYTHON_SOURCE, paragraph, words } from "./document.fixture";
import type { RenderContext } from "./facts";
import { DARK_CODE_COLOURS } from "./mail/style";
import { MAIL_STYLE, renderMailBody } from "./render-mail";
import type { Document } from "./schema";

function mail(document: Document, context: RenderContext): string {
  return renderToStaticMarkup(renderMailBody(document, context));
}
const savePicture = async (name: string) => `https://letters.example/media/${name}`;

describe("the mail", () => {
  test("holds whole addresses only", () => {
    const body = mail(EVERY_NODE, contextFor("subscriber"));
    for (const [, address] of body.matchAll(/(?:href|src)="([^"]*)"/g))
      expect(address).toMatch(/^https:\/\//);
  });

  test("has no script, form, frame, style element, preload or data address", async () => {
    const artwork = await prepareArtwork([EVERY_NODE], { savePicture });
    const body = mail(EVERY_NODE, contextFor("member", { artwork }));
    expect(body).not.toMatch(/<(script|form|iframe|style|link|svg|math|video)\b|data:|\son\w+=/i);
  });

  test("keeps colours, sizes and words when a client drops styles and classes", async () => {
    const artwork = await prepareArtwork([EVERY_NODE]);
    const body = mail(EVERY_NODE, contextFor("member", { artwork })).replace(/ class="[^"]*"/g, "");
    const listing = /<pre[^>]*>([\s\S]*?)<\/pre>/.exec(body)?.[1] ?? "";
    expect(listing).toContain('<span style="color:#cf222e">def </span>');
    const copied = listing
      .replaceAll("<br/>", "\n")
      .replace(/<[^>]*>/g, "")
      .replaceAll("&quot;", '"');
    expect(copied).toBe(PYTHON_SOURCE);
  });

  test("says a formula in TeX where pictures are off, and in code where there is no picture", async () => {
    const artwork = await prepareArtwork([EVERY_NODE], { savePicture });
    expect(mail(EVERY_NODE, contextFor("member", { artwork }))).toMatch(
      /<img class="m-math" src="https:\/\/letters\.example\/media\/formula-[^"]+" alt="\\hat\{y\} = \\sigma\(w\^\\top x\)" width="\d+" height="\d+"/,
    );
    expect(mail(EVERY_NODE, contextFor("member"))).toMatch(/<code style="[^"]*">\\hat\{y\}/);
  });

  test("offers the upgrade to a subscriber with the issue to come back to, and to no member", () => {
    const join = 'href="https://letters.example/join?issue=drift-before-breakfast"';
    expect(mail(EVERY_NODE, contextFor("subscriber"))).toContain(join);
    expect(mail(EVERY_NODE, contextFor("member"))).not.toContain("/join");
  });

  test("has one line for people to whom it was forwarded, however many boxes the issue has", () => {
    const box = { type: "subscribeBox" as const, attrs: { caption: "Join" } };
    const body = mail(
      { type: "doc", content: [box, paragraph(...words("text")), box] },
      contextFor("subscriber"),
    );
    expect(body.match(/forwarded to you/g)).toHaveLength(1);
    expect(body).not.toContain("Join");
  });

  test("shows no picture wider than the mail", () => {
    const body = mail(
      {
        type: "doc",
        content: [{ type: "figure", attrs: { src: "/media/a.png", alt: "a", width: 2400, height: 10 } }],
      },
      contextFor("member"),
    );
    expect(body).toContain('width="600"');
  });

  test("has a dark rule for every class it uses", async () => {
    const artwork = await prepareArtwork([EVERY_NODE], { savePicture });
    const body = mail(EVERY_NODE, contextFor("subscriber", { artwork }));
    const classes = [...body.matchAll(/class="([^"]*)"/g)].flatMap(([, names = ""]) => names.split(" "));
    for (const name of new Set(classes)) expect(MAIL_STYLE).toContain(`.${name}{`);
    expect(DARK_CODE_COLOURS).toHaveLength(new Set(DARK_CODE_COLOURS).size);
  });
});
