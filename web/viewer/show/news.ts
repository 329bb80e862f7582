import type { ClaimNews } from "../../client/room/wire.ts";
import { texts } from "../../ui/i18n/index.ts";
import { toasts } from "../../ui/toasts.svelte.ts";

type Told = Exclude<ClaimNews["news"], "paid">;
interface Words {
  news: Record<Told, (piece: string) => string>;
  piece: (number: number | null) => string;
}
const en: Words = {
  news: {
    won: (it) => `You won: ${it} is held for you at your price.`,
    offered: (it) => `It is your turn: ${it} is held for you.`,
    expiring: (it) => `Time is running out for ${it}. Pay now to keep it.`,
    expired: (it) => `The time to pay for ${it} ran out. It went back on sale.`,
    released: (it) => `What was held of ${it} has been let go.`,
    extended: (it) => `You have more time to pay for ${it}.`,
    nudged: (it) => `The shop is holding ${it} for you. Pay before the time runs out.`,
    set_aside: (it) => `The shop has set ${it} aside for you.`,
  },
  piece: (number) => (number === null ? "your piece" : `no. ${number}`),
};
const zh: Words = {
  news: {
    won: (it) => `恭喜答对！已按优惠价为您保留${it}。`,
    offered: (it) => `轮到您了：已为您保留${it}。`,
    expiring: (it) => `${it}的保留即将到期，请尽快付款。`,
    expired: (it) => `${it}的保留已到期，商品已重新开售。`,
    released: (it) => `为您保留的${it}已放回。`,
    extended: (it) => `${it}的付款时间已延长。`,
    nudged: (it) => `店铺正为您保留${it}，请在到期前付款。`,
    set_aside: (it) => `店铺为您留下了${it}。`,
  },
  piece: (number) => (number === null ? "您的商品" : ` ${number} 号`),
};
const t = texts({ en, zh });

/** Says what a buyer alone was told of a claim. */
export function tell({ news, number }: ClaimNews): void {
  // What is paid says so on its order; and a newer house may have news that this page does not know.
  if (news === "paid" || !(news in t().news)) return;
  const quiet = news === "expired" || news === "released";
  toasts.say(t().news[news](t().piece(number ?? null)), quiet ? "plain" : "good");
}
