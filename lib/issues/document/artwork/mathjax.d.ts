/** The part of MathJax that is used here; the package ships no types. https://docs.mathjax.org/en/v4.0/server/start.html */
declare module "mathjax" {
  export type MathJaxNode = { readonly kind: string };
  export type MathJaxAdaptor = {
    firstChild(node: MathJaxNode): MathJaxNode;
    childNodes(node: MathJaxNode): MathJaxNode[];
    serializeXML(node: MathJaxNode): string;
  };
  export type MathJaxInstance = {
    tex2svgPromise(
      tex: string,
      options: { display: boolean; em: number; ex: number; containerWidth: number },
    ): Promise<MathJaxNode>;
    startup: { adaptor: MathJaxAdaptor };
  };
  export function init(configuration: {
    loader: { load: string[] };
    tex: {
      packages: string[];
      maxMacros: number;
      maxBuffer: number;
      formatError: (jax: object, error: Error) => never;
    };
    svg: { fontCache: "none"; linebreaks: { inline: boolean } };
    startup: { typeset: boolean };
  }): Promise<MathJaxInstance>;
}
