import { texts } from "../ui/i18n/index.ts";

const en = {
  video: "The show's picture",
  tapForSound: "Tap for sound",
  mute: "Mute",
  away: "Back in a moment",
  awayMore: "The picture has dropped out. It goes on by itself.",
  late: "The picture is on its way. It starts by itself.",
  connecting: "Connecting",
  recording: "The show's recording",
  play: "Play",
  pause: "Pause",
};
const zh: typeof en = {
  video: "直播画面",
  tapForSound: "点击开启声音",
  mute: "静音",
  away: "马上回来",
  awayMore: "画面暂时中断，恢复后会自动继续。",
  late: "画面正在路上，稍后自动开始。",
  connecting: "正在连接",
  recording: "直播录像",
  play: "播放",
  pause: "暂停",
};
export const t = texts({ en, zh });
