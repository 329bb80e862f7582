import { texts } from "../../ui/i18n/index.ts";

const en = { toShow: "See it in the show" };
const zh: typeof en = { toShow: "前往直播间观看" };
/** What the product page says of drops. */
export const t = texts({ en, zh });
