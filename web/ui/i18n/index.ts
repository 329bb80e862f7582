import { en } from "./en.ts";
import { texts } from "./texts.ts";
import { zh } from "./zh.ts";

export { language, languages, type Language } from "./language.svelte.ts";
export { texts } from "./texts.ts";
/** The shared components' texts. */
export const shared = texts({ en, zh });
