import { countWords, readingMinutes } from "@/lib/issues/document/format";
import type { Document } from "@/lib/issues/document/schema";
import type { SaveStage } from "./saver";

/** Where the words are now, in words, and how many they are. */
export function SaveState({ stage, document }: { stage: SaveStage; document: Document }) {
  const words = countWords(document);
  return (
    <p className="desk-soft">
      <span role="status">{said(stage)}</span> · {words.toLocaleString("en")} {words === 1 ? "word" : "words"}{" "}
      · {readingMinutes(document)} min
    </p>
  );
}

function said(stage: SaveStage): string {
  switch (stage.name) {
    case "saved":
      return stage.at
        ? `Saved ${new Date(stage.at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}`
        : "Saved";
    case "unsaved":
      return "Not saved yet";
    case "saving":
      return "Saving …";
    case "offline":
      return "No connection: kept on this device, and saved when it is back";
    case "signed-out":
      return "Signed out: kept on this device, and saved when you are signed in again";
    case "conflict":
      return "Not saved: it was changed elsewhere";
    case "refused":
      return "Not saved: see above";
  }
}
