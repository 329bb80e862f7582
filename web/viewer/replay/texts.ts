import type { Wanted } from "../../client/room/wire.ts";
import type { Replay } from "../../client/shapes.ts";
import { texts } from "../../ui/i18n/index.ts";
import { requestWords } from "../../ui/request.ts";

const en = {
  replay: "Replay",
  play: "Play",
  pause: "Pause",
  seek: "Place in the replay",
  number: (n: number) => `No. ${n}`,
  room: "What was said",
  chapters: "In this show",
  jumps: "Moments",
  moments: { shown: "Shown on request:", price_changed: "New price:", sale_stopped: "Sale stopped:", sale_resumed: "Back on sale:" } as Record<string, string>,
  corrected: {
    price_changed: (n) => `Correction: the price of No. ${n} changed here. What you see below is today's price.`,
    sale_stopped: (n) => `Correction: the sale of No. ${n} was stopped here.`,
    sale_resumed: (n) => `No. ${n} is back on sale from here on.`,
  } as Record<string, (n: number) => string>,
  back: "30 s back",
  toLive: "Go to live",
  behind: (place: string) => `${place} behind`,
};
const zh: typeof en = {
  replay: "回放",
  play: "播放",
  pause: "暂停",
  seek: "回放位置",
  number: (n) => `${n} 号`,
  room: "当时的聊天",
  chapters: "本场商品",
  jumps: "精彩时刻",
  moments: { shown: "应邀展示：", price_changed: "新价格：", sale_stopped: "停止销售：", sale_resumed: "恢复销售：" },
  corrected: {
    price_changed: (n) => `更正：${n} 号的价格在此处有变，下方显示的是今日价格。`,
    sale_stopped: (n) => `更正：${n} 号在此处停止销售。`,
    sale_resumed: (n) => `${n} 号从此处恢复销售。`,
  },
  back: "后退 30 秒",
  toLive: "回到直播",
  behind: (place) => `落后 ${place}`,
};

export const t = texts({ en, zh });

/** What there is to see at a moment: "Shown on request: Try on no. 2". */
export function momentWords({ what, number, asked, with: other }: Replay["moments"][number]): string {
  const shown = what === "shown" && asked ? requestWords({ what: asked as Wanted, number, with: other ?? undefined }) : t().number(number);
  return `${t().moments[what] ?? ""} ${shown}`;
}
