export type SaveStage =
  | { name: "saved" | "unsaved"; at: string | null }
  | { name: "saving" | "offline" | "conflict" | "refused" };

/** Where the words are now, in words. */
export function SaveState({ stage, words }: { stage: SaveStage; words: number }) {
  return (
    <p className="desk-soft" aria-live="polite">
      {said(stage)} · {words.toLocaleString("en")} words
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
    case "conflict":
      return "Not saved: it was changed elsewhere";
    case "refused":
      return "Not saved: see above";
  }
}
