/** The ways to pay, in words. */
import type { PaymentMethod } from "../../client/shapes.ts";
import { texts } from "../../ui/i18n/index.ts";

const en = {
  title: "Payment",
  names: {
    card: "Card, Apple Pay or Google Pay",
    alipay: "Alipay",
    wechat_pay: "WeChat Pay",
    sandbox: "Sandbox",
  } satisfies Record<PaymentMethod["method"], string>,
  more: {
    card: "Charged once your order has its pieces.",
    alipay: "You go on to Alipay and come back here.",
    wechat_pay: "You scan a code with WeChat.",
    sandbox: "Nothing is charged.",
  } satisfies Record<PaymentMethod["method"], string>,
  amount_too_large: (most: string) => `Up to ${most}.`,
  amount_too_small: (least: string) => `From ${least}.`,
  payment_method_not_offered: "Not for this amount.",
  none: "Nothing takes this amount in this currency. Ask the shop for an invoice.",
};

const zh: typeof en = {
  title: "支付方式",
  names: { card: "银行卡、Apple Pay 或 Google Pay", alipay: "支付宝", wechat_pay: "微信支付", sandbox: "沙盒支付" },
  more: {
    card: "订单确认有货后才会扣款。",
    alipay: "将前往支付宝付款，完成后返回本页。",
    wechat_pay: "使用微信扫码付款。",
    sandbox: "不会真正扣款。",
  },
  amount_too_large: (most: string) => `上限 ${most}。`,
  amount_too_small: (least: string) => `下限 ${least}。`,
  payment_method_not_offered: "不支持此金额。",
  none: "该货币下没有支付方式支持此金额，请向店铺索取账单。",
};

export const m = texts({ en, zh });

/** What stays chosen when amount or market changes: the same way where it still fits, else the first that does. */
export function kept(methods: PaymentMethod[], chosen: PaymentMethod["method"] | null): PaymentMethod["method"] | null {
  const fitting = methods.filter((one) => !one.refused);
  return (fitting.find((one) => one.method === chosen) ?? fitting[0])?.method ?? null;
}
