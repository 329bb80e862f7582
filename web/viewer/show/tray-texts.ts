import { texts } from "../../ui/i18n/index.ts";

const en = {
  answers: "Asked and answered",
  trayEmpty: "Nothing on the table yet",
  trayEmptyMore: "Pieces show up here as the host presents them.",
  livePrice: "Live price",
};
const zh: typeof en = {
  answers: "问与答",
  trayEmpty: "还没有商品",
  trayEmptyMore: "主播介绍后，商品会出现在这里。",
  livePrice: "直播价",
};
/** What the tray says: loaded with it. */
export const t = texts({ en, zh });
