import type { ReactNode } from "react";
import type { Block } from "@/lib/issues/document/schema";
import { absoluteUrl } from "@/lib/issues/document/wording";
import { below, type MailDrawing } from "./drawing";
import { drawInlines } from "./inline";
import { SMALL } from "./style";

const MAXIMUM_WIDTH = 600;

/** The width stands in an attribute too, because Outlook ignores the style and would show the picture's own size. */
export function drawFigure(block: Extract<Block, { type: "figure" }>, drawing: MailDrawing): ReactNode {
  const { src, alt, width } = block.attrs;
  const shown = Math.min(width ?? MAXIMUM_WIDTH, MAXIMUM_WIDTH);
  return (
    <div style={below(drawing)}>
      {/* biome-ignore lint/performance/noImgElement: a mail has no image component; low priority keeps React from adding preload links */}
      <img
        src={absoluteUrl(src, drawing.context.issue)}
        alt={alt}
        width={shown}
        fetchPriority="low"
        style={{ display: "block", width: "100%", maxWidth: `${shown}px`, height: "auto", border: "0" }}
      />
      {block.content && block.content.length > 0 && (
        <p className="m-soft" style={{ ...SMALL, margin: "8px 0 0" }}>
          {drawInlines(block.content, drawing)}
        </p>
      )}
    </div>
  );
}
