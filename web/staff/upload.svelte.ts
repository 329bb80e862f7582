import { failure } from "../ui/failure.ts";
import { products } from "./api.ts";
import type { Media } from "./shapes.ts";
import { shell } from "./words/shell.ts";

/** The server's limit; said before the bytes travel. */
const MOST_BYTES = 20 * 1024 * 1024;
const kinds = ["image/jpeg", "image/png", "image/webp", "image/gif"];

/** One picture on its way up. */
export class Upload {
  /** 0 to 1 while it travels. */
  part = $state(0);
  busy = $state(false);
  name = $state("");
  error = $state("");

  async send(file: File): Promise<Media | null> {
    this.error = refusal(file);
    if (this.error) return null;
    this.busy = true;
    this.part = 0;
    this.name = file.name;
    try {
      return await products.upload(file, (part) => (this.part = part));
    } catch (error) {
      this.error = failure(error);
      return null;
    } finally {
      this.busy = false;
    }
  }
}

function refusal(file: File): string {
  if (!kinds.includes(file.type)) return shell().notPicture;
  if (file.size > MOST_BYTES) return shell().tooLarge((file.size / 1024 / 1024).toFixed(1));
  return "";
}
