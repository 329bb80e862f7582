import { texts } from "../../ui/i18n/index.ts";
import { en } from "./en.ts";
import { zh } from "./zh.ts";

export const t = texts({ en, zh });
