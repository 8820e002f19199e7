import { Notice } from "@/app/_components/notice";
import type { PictureOnItsWay } from "./use-uploads";

/** How far each picture is, and in words why one did not arrive. */
export function UploadList({
  list,
  onForget,
}: {
  list: readonly PictureOnItsWay[];
  onForget: (id: number) => void;
}) {
  return (
    <div className="grid gap-2" aria-live="polite">
      {list.map(({ id, name, share, problem }) =>
        problem === null ? (
          <p key={id} className="editor-upload">
            <span>{name}</span>
            <progress value={share} aria-label={`${name} on its way`} />
          </p>
        ) : (
          <Notice key={id} tone="problem" title={`${name} was not uploaded`}>
            <p>{problem}</p>
            <button type="button" className="desk-quiet mt-2" onClick={() => onForget(id)}>
              Seen
            </button>
          </Notice>
        ),
      )}
    </div>
  );
}
