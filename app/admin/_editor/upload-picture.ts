import { z } from "zod";

const kept = z.object({ src: z.string(), width: z.number(), height: z.number() });
const refused = z.object({ problem: z.string() });

export type Upload = { ok: true; picture: z.infer<typeof kept> } | { ok: false; problem: string };

/** Sends one picture to the desk; `onProgress` hears of each part that went, from 0 to 1. Never throws. */
export function uploadPicture(file: File, onProgress: (share: number) => void): Promise<Upload> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.set("file", file);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    request.addEventListener("load", () => resolve(readAnswer(request.status, request.responseText)));
    request.addEventListener("error", () =>
      resolve({ ok: false, problem: "There is no connection to the desk. Try again when it is back." }),
    );
    request.open("POST", "/admin/images");
    request.send(form);
  });
}

function readAnswer(status: number, text: string): Upload {
  try {
    const body: unknown = JSON.parse(text);
    if (status === 201) return { ok: true, picture: kept.parse(body) };
    return { ok: false, problem: refused.parse(body).problem };
  } catch {
    // Neither of the two answers that the desk gives: something between here and there spoke.
    return { ok: false, problem: "The desk did not take the picture. Try again." };
  }
}
