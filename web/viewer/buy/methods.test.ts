import { expect, test } from "vitest";
import type { PaymentMethod } from "../../client/shapes.ts";
import { kept } from "./methods.ts";

function way(method: PaymentMethod["method"], refused: PaymentMethod["refused"] = null): PaymentMethod {
  const usd = (amount_minor: number) => ({ amount_minor, currency: "USD" });
  return { method, flow: "redirect", taking: "at_once", refund_days: null, least: usd(50), most: usd(99_999_999), refused };
}

test("the chosen way stays while it fits", () => {
  const check = (methods: PaymentMethod[], chosen: PaymentMethod["method"] | null, expected: PaymentMethod["method"] | null) =>
    expect(kept(methods, chosen)).toBe(expected);
  check([way("card"), way("alipay")], null, "card");
  check([way("card"), way("alipay")], "alipay", "alipay");
  check([way("card"), way("alipay", "amount_too_large")], "alipay", "card");
  check([way("card", "amount_too_large")], "card", null);
  check([], "card", null);
});
