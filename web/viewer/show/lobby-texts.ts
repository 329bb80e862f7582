import { texts } from "../../ui/i18n/index.ts";

const en = {
  startsIn: "Starts in",
  startsNow: "Starting any moment",
  yourTime: "in your time",
  calendar: "Add to calendar",
  lobbyChat: "Waiting together",
  comingUp: "What you will see",
};
const zh: typeof en = {
  startsIn: "距开播",
  startsNow: "即将开播",
  yourTime: "您的当地时间",
  calendar: "加入日历",
  lobbyChat: "一起等开播",
  comingUp: "本场预告",
};
/** What the lobby says: loaded with it. */
export const t = texts({ en, zh });
