import { Table, TableCell, TableHeader, TableRow } from "@tiptap/extension-table";

const ALIGNMENTS = ["left", "center", "right"];

function span(most: number, name: "colspan" | "rowspan") {
  return {
    default: 1,
    parseHTML: (element: HTMLElement) => {
      const value = Math.trunc(Number(element.getAttribute(name) ?? 1));
      return value >= 1 ? Math.min(value, most) : 1;
    },
  };
}

/** No column widths: mail programs and phones decide them. */
function cellAttributes() {
  return {
    colspan: span(100, "colspan"),
    rowspan: span(1_000, "rowspan"),
    align: {
      default: null,
      parseHTML: (element: HTMLElement) => {
        const wanted = element.style.textAlign || element.getAttribute("align") || "";
        return ALIGNMENTS.includes(wanted) ? wanted : null;
      },
      renderHTML: ({ align }: Record<string, unknown>) =>
        align ? { class: `issue-align-${align}`, style: `text-align: ${align}` } : {},
    },
  };
}

export const table = [
  Table.extend({
    addNodeView: () => null,
    renderHTML: () => ["div", { class: "issue-table" }, ["table", ["tbody", 0]]],
  }),
  TableRow.extend({ content: "(tableCell | tableHeader)+" }),
  TableHeader.extend({ addAttributes: cellAttributes }),
  TableCell.extend({ addAttributes: cellAttributes }),
];
