import type { SavedAddress, SavedMethod } from "../../client/wallet.ts";
import { countryName } from "../../ui/format.ts";
import { texts } from "../../ui/i18n/index.ts";

const en = {
  pay: (total: string) => `Buy and pay ${total}`,
  to: (place: string) => `to ${place}`,
  title: "Buy with one tap",
  more: "By pressing this button you order with an obligation to pay.",
  other: "Pay another way",
  remember: "Keep my address and card for the next time",
  rememberMore: "The card stays with the payment provider. Forget both at any time under Account.",
  kept: "Kept for one tap",
  keptMore: "Where to send and how to pay. The card itself stays with the payment provider.",
  none: "Nothing is kept. Tick “Keep my address and card” when you next pay.",
  addresses: "Addresses",
  methods: "Cards",
  expires: (month: string) => `until ${month}`,
  expired: "Expired",
  forget: "Forget",
  forgotten: "Forgotten",
};
const zh: typeof en = {
  pay: (total) => `下单并支付 ${total}`,
  to: (place) => `寄往${place}`,
  title: "一键购买",
  more: "按下此按钮即表示下单并承担付款义务。",
  other: "其他支付方式",
  remember: "保存我的地址和银行卡，下次使用",
  rememberMore: "卡片由支付服务商保存。您可随时在“我的账户”中删除。",
  kept: "一键购买所用的信息",
  keptMore: "收货地址与支付方式。卡片本身由支付服务商保存。",
  none: "尚未保存任何信息。下次付款时勾选“保存我的地址和银行卡”即可。",
  addresses: "地址",
  methods: "银行卡",
  expires: (month) => `有效期至 ${month}`,
  expired: "已过期",
  forget: "删除",
  forgotten: "已删除",
};
export const t = texts({ en, zh });

/** "Visa ··4242" */
export function cardName({ brand, last_four }: SavedMethod): string {
  return `${brand.charAt(0).toUpperCase()}${brand.slice(1)} ··${last_four}`;
}

/** The city, or the country where an address has no city. */
export function placeName({ address }: SavedAddress): string {
  return address.city || countryName(address.country);
}
