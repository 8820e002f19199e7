/** Sets a formula into an element. The typesetter is fetched when the first formula needs it. */
export async function drawFormula(element: HTMLElement, tex: string, display: boolean): Promise<void> {
  element.textContent = tex;
  element.classList.remove("editor-wrong");
  const { default: temml } = await import("temml");
  if (element.textContent !== tex) return;
  try {
    temml.render(tex, element, {
      displayMode: display,
      throwOnError: true,
      trust: false,
      strict: false,
      maxSize: [40, 60],
      maxExpand: 500,
    });
  } catch {
    // Readers get the TeX itself where it cannot be set, and so does the author, marked.
    element.textContent = tex;
    element.classList.add("editor-wrong");
    element.title = "This formula cannot be set: check its TeX.";
  }
}
