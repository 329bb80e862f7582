import { Problem, problemOf, UNREACHABLE } from "../client/problem.ts";
import { language } from "../ui/i18n/index.ts";
import type { Media } from "./shapes.ts";

/** Sends a picture and tells how much of it (0 to 1) has left. An XMLHttpRequest, as `fetch` tells no progress. */
export function sendPicture(file: File, progress?: (part: number) => void): Promise<Media> {
  const body = new FormData();
  body.set("file", file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/v1/media?lang=${language.now}`);
    request.upload.onprogress = (event) => event.lengthComputable && progress?.(event.loaded / event.total);
    request.onerror = () => reject(new Problem(UNREACHABLE, 0, ""));
    request.onload = () => {
      const answer = new Response(request.responseText, { status: request.status });
      if (answer.ok) answer.json().then(resolve, reject);
      else problemOf(answer).then(reject, reject);
    };
    request.send(body);
  });
}
