import { BOUNDARY, containedBlocks, gatherBlocks, type Piece } from "../flow";
import { shortly } from "../import-notes";
import { attributeLine, marked, webTarget } from "../inlines";
import { buttonPieces } from "./buttons";
import { digestPieces, embeddedPostPieces, filePieces, genericCardPieces, instagramPieces } from "./cards";
import { codeBlockOf, codePieces, versePieces } from "./code";
import { dataAttributes, lineIn } from "./data-attrs";
import { classesOf, type Element, findAll, findByClass, findByTag, hasClass, textOf } from "./dom";
import { footnotePieces } from "./footnotes";
import { figurePieces, galleryPieces } from "./pictures";
import { type Reading, roomFor } from "./reading";
import { notePieces, skyPieces, tweetPieces } from "./social-posts";
import { formulaOf } from "./tex";
import { piecesOf, quotePieces } from "./walk";

type Reader = (element: Element, reading: Reading) => Piece[];

const leftOut =
  (what: string): Reader =>
  (_element, reading) => {
    reading.notes.add(`${what} cannot be moved and was left out.`);
    return [];
  };

const subscribePieces: Reader = (element) => {
  const caption = findByClass(element, "cta-caption") ?? findByClass(element, "preamble");
  return [
    { type: "subscribeBox", attrs: { caption: attributeLine(caption ? textOf(caption.children) : null) } },
  ];
};

const mentionPieces: Reader = (element, reading) => {
  const attributes = dataAttributes(element);
  const name = lineIn(attributes, ["name"]) ?? attributeLine(textOf(element.children));
  if (!name) return [];
  return [marked({ type: "mention", attrs: { name, url: webTarget(attributes.url) } }, reading.marks)];
};

const mathPieces: Reader = (element, reading) => {
  const tex = formulaOf(lineIn(dataAttributes(element), ["persistentExpression", "expression"], 10_000));
  if (tex) return [{ type: "mathBlock", attrs: { tex } }];
  reading.notes.add("A formula without its TeX was kept as text.");
  return [BOUNDARY, ...piecesOf(element.children, reading), BOUNDARY];
};

const videoPieces =
  (addressOf: (id: string) => string): Reader =>
  (element, reading) => {
    const attributes = dataAttributes(element);
    const id = lineIn(attributes, ["videoId"], 100);
    const frame = findByTag(element, "iframe")?.attribs.src;
    const found = id ?? /\/(?:embed|video)\/([\w-]+)/.exec(frame ?? "")?.[1];
    if (!found || !/^[\w-]+$/.test(found)) return leftOut("A video without its address")(element, reading);
    const start = lineIn(attributes, ["startTime"], 20)?.replace(/s$/, "");
    const address = addressOf(found);
    const url =
      start && /^[1-9]\d*$/.test(start) && address.includes("?") ? `${address}&t=${start}` : address;
    return [
      {
        type: "videoCard",
        attrs: { url, title: lineIn(attributes, ["title"]), channel: null, duration: null },
      },
    ];
  };

const youtube = videoPieces((id) => `https://www.youtube.com/watch?v=${id}`);
const vimeo = videoPieces((id) => `https://vimeo.com/${id}`);

const calloutPieces: Reader = (element, reading) => {
  const deeper = roomFor(1, reading);
  if (!deeper) return [BOUNDARY, ...piecesOf(element.children, reading), BOUNDARY];
  const blocks = gatherBlocks(piecesOf(element.children, deeper));
  return containedBlocks(blocks, (content) => ({
    type: "callout",
    attrs: { kind: "note", title: null },
    content,
  }));
};

const gistPieces: Reader = (element, reading) => {
  const lines = findAll(element.children, (cell) => hasClass(cell, "blob-code")).map((cell) =>
    textOf(cell.children).replace(/\n+$/, ""),
  );
  if (lines.length === 0) return genericCardPieces(element, reading);
  return codeBlockOf(lines.join("\n"), null);
};

/** `div.preformatted-block` holds a hidden label and the verse itself. */
const preformattedPieces: Reader = (element, reading) => {
  const pre = findByTag(element, "pre");
  return pre ? versePieces(pre, reading) : [BOUNDARY, ...piecesOf(element.children, reading), BOUNDARY];
};

const highlightedPieces: Reader = (element, reading) => {
  const pre = findByTag(element, "pre");
  return pre ? codePieces(pre, reading) : piecesOf(element.children, reading);
};

/** The blocks of Substack's editor by the class that its export gives them. */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["paywall-jump", () => [{ type: "paywall" }]],
  ["subscription-widget-wrap-editor", subscribePieces],
  ["subscription-widget-wrap", subscribePieces],
  ["subscription-widget", subscribePieces],
  ["captioned-button-wrap", (element, reading) => buttonPieces(element, reading)],
  ["button-wrapper", (element, reading) => buttonPieces(element, reading)],
  ["embedded-post-wrap", embeddedPostPieces],
  ["digest-post-embed", digestPieces],
  ["mention-wrap", mentionPieces],
  ["tweet", tweetPieces],
  ["twitter-embed", tweetPieces],
  ["bluesky-wrap", skyPieces],
  ["bluesky-embed", skyPieces],
  ["comment", notePieces],
  ["captioned-image-container", (element, reading) => figurePieces(element, reading)],
  ["image-gallery-embed", galleryPieces],
  ["footnote", footnotePieces],
  ["latex-rendered", mathPieces],
  ["youtube-wrap", youtube],
  ["vimeo-wrap", vimeo],
  ["file-embed-wrapper", filePieces],
  ["instagram", instagramPieces],
  ["instagram-embed-wrap", instagramPieces],
  ["pullquote", quotePieces],
  ["callout-block", calloutPieces],
  ["preformatted-block", preformattedPieces],
  ["preformatted-text-block", preformattedPieces],
  ["highlighted_code_block", highlightedPieces],
  ["github-gist", gistPieces],
  ["poll-embed", leftOut("A poll")],
  ["native-video-embed", leftOut("A video that was uploaded to Substack")],
  ["native-audio-embed", leftOut("An audio file that was uploaded to Substack")],
  ["community-chat", leftOut("A link to the Substack chat")],
  ["install-substack-app-embed", leftOut("A link to the Substack app")],
  ["directMessage", leftOut("A button for messages on Substack")],
]);

/** Reads one of Substack's own blocks; null for an element that is plain HTML. */
export function embedPieces(element: Element, reading: Reading): Piece[] | null {
  for (const name of classesOf(element)) {
    const read = READERS.get(name);
    if (read) return read(element, reading);
  }
  if (element.attribs["data-component-name"] === "PaywallToDOM") return [{ type: "paywall" }];
  const isUnknownEmbed =
    element.name === "div" &&
    element.attribs["data-attrs"] !== undefined &&
    !findByClass(element, "captioned-image-container");
  return isUnknownEmbed ? genericCardPieces(element, reading) : null;
}

/** A frame of another site becomes a link to it, a video a card; what stood beside it is not touched. */
export function framePieces(element: Element, reading: Reading): Piece[] {
  const source = element.attribs.src ?? "";
  if (/^https:\/\/(www\.)?youtube(-nocookie)?\.com\/embed\//.test(source))
    return frameVideo(source, youtube, element, reading);
  if (/^https:\/\/player\.vimeo\.com\/video\//.test(source))
    return frameVideo(source, vimeo, element, reading);
  const url = webTarget(source);
  if (!url) return [];
  reading.notes.add(`A frame of another site became a link: ${shortly(url, 120)}`);
  const title = attributeLine(element.attribs.title) ?? new URL(url).hostname;
  return [{ type: "linkCard", attrs: { url, title, description: null, siteName: null, author: null } }];
}

function frameVideo(source: string, read: Reader, element: Element, reading: Reading): Piece[] {
  const id = /\/(?:embed|video)\/([\w-]+)/.exec(source)?.[1] ?? "";
  const titled = { videoId: id, title: element.attribs.title ?? null };
  const attribs = { ...element.attribs, "data-attrs": JSON.stringify(titled) };
  const copy = element.cloneNode(false);
  copy.attribs = attribs;
  return read(copy, reading);
}
