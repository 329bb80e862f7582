import { toasts } from "../../ui/toasts.svelte.ts";
import { t } from "./texts.ts";

/** The phone's own share sheet, or the link on the clipboard. */
export async function share(title: string): Promise<void> {
  const url = location.origin + location.pathname;
  try {
    if (navigator.share) return await navigator.share({ title, url });
    await navigator.clipboard.writeText(url);
    toasts.say(t().shared, "good");
  } catch (error) {
    // Closing the share sheet is no failure.
    if ((error as DOMException).name !== "AbortError") toasts.say(url);
  }
}
