const SIGNS = [
  /^#{1,6} \S/m,
  /^(?:[-*+]|\d+[.)]) \S/m,
  /^> \S/m,
  /^(?:```|~~~|\$\$)/m,
  /^:{2,}[a-z]/m,
  /^\|.+\|\s*$/m,
  /!?\[[^\]\n]+\]\([^)\s]+\)/,
  /(?<![\w*])\*\*[^*\s][^*\n]*\*\*(?![\w*])/,
  /(?<!`)`[^`\n]+`(?!`)/,
  /\[\^[^\]\n]+\]/,
];

/** True for plain text that somebody seems to have written as Markdown. One line needs two signs, for it may be code. */
export function looksLikeMarkdown(text: string): boolean {
  const signs = SIGNS.filter((sign) => sign.test(text)).length;
  return text.trim().includes("\n") ? signs > 0 : signs > 1;
}
