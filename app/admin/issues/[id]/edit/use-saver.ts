import { useEffect, useRef, useState } from "react";
import type { Manuscript } from "@/lib/issues/open-for-editing";
import { openLocalCopy } from "./local-copy";
import { createSaver, type Saver, type SaveStage } from "./saver";
import { sendSave } from "./send-save";

/** The saver of this page, alive as long as the page is: told of other tabs, of the network, and of leaving. */
export function useSaver(manuscript: Manuscript): { saver: Saver | null; stage: SaveStage } {
  const [stage, setStage] = useState<SaveStage>({ name: "saved", at: null });
  const [saver, setSaver] = useState<Saver | null>(null);
  const first = useRef(manuscript);

  useEffect(() => {
    const { issueId, version } = first.current;
    const copy = openLocalCopy(issueId);
    const channel = new BroadcastChannel(`masthead.issue.${issueId}`);
    const made = createSaver({
      version,
      send: sendSave,
      keepCopy: copy.keep,
      dropCopy: copy.drop,
      tellOtherTabs: (saved) => channel.postMessage(saved),
      show: setStage,
    });
    const save = () => void made.flush();
    const onHidden = () => document.visibilityState === "hidden" && save();
    const onLeave = (event: BeforeUnloadEvent) => {
      if (made.hasUnsaved()) event.preventDefault();
    };
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s" || event.shiftKey) return;
      event.preventDefault();
      save();
    };
    channel.onmessage = ({ data }) => typeof data === "number" && made.hearOf(data);
    window.addEventListener("online", save);
    window.addEventListener("beforeunload", onLeave);
    window.addEventListener("keydown", onKey);
    document.addEventListener("visibilitychange", onHidden);
    setSaver(made);
    return () => {
      made.stop();
      channel.close();
      window.removeEventListener("online", save);
      window.removeEventListener("beforeunload", onLeave);
      window.removeEventListener("keydown", onKey);
      document.removeEventListener("visibilitychange", onHidden);
    };
  }, []);

  return { saver, stage };
}
