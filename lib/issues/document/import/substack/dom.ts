import { type ChildNode, DomHandler, type Element, isTag, isText } from "domhandler";
import { Parser } from "htmlparser2";
import { ImportRefused } from "../import-notes";

export { type ChildNode, type Element, isTag, isText } from "domhandler";

const MOST_CHARACTERS = 4_000_000;
const DEEPEST = 100;

/** Refuses while it reads, so that a hostile source costs no more than its limit. */
class LimitedHandler extends DomHandler {
  override onopentag(name: string, attributes: { [key: string]: string }): void {
    if (this.tagStack.length > DEEPEST)
      throw new ImportRefused("The HTML is nested too deeply to be a text.");
    super.onopentag(name, attributes);
  }
}

/** Reads HTML in one pass, without running or fetching anything. Throws `ImportRefused` beyond 4 MB or 100 levels. */
export function parseHtml(html: string): ChildNode[] {
  if (html.length > MOST_CHARACTERS)
    throw new ImportRefused("The HTML is longer than four million characters.");
  const handler = new LimitedHandler();
  new Parser(handler).end(html);
  return handler.dom;
}

export function hasClass(element: Element, name: string): boolean {
  return classesOf(element).includes(name);
}

export function classesOf(element: Element): string[] {
  return (element.attribs.class ?? "").split(/\s+/).filter((name) => name !== "");
}

/** All elements below these nodes that pass, in the order of the text. */
export function findAll(nodes: readonly ChildNode[], test: (element: Element) => boolean): Element[] {
  return nodes.flatMap((node) => {
    if (!isTag(node)) return [];
    const below = findAll(node.children, test);
    return test(node) ? [node, ...below] : below;
  });
}

export function findFirst(
  nodes: readonly ChildNode[],
  test: (element: Element) => boolean,
): Element | undefined {
  for (const node of nodes) {
    if (!isTag(node)) continue;
    if (test(node)) return node;
    const below = findFirst(node.children, test);
    if (below) return below;
  }
  return undefined;
}

export function findByTag(element: Element, name: string): Element | undefined {
  return findFirst(element.children, (child) => child.name === name);
}

export function findByClass(element: Element, name: string): Element | undefined {
  return findFirst(element.children, (child) => hasClass(child, name));
}

/** The text exactly as it stands, with a line break for each `br`. */
export function textOf(nodes: readonly ChildNode[]): string {
  return nodes
    .map((node) => {
      if (isText(node)) return node.data;
      if (!isTag(node)) return "";
      return node.name === "br" ? "\n" : textOf(node.children);
    })
    .join("");
}
