import { expect, test } from "vitest";
import { pricesOf } from "./prices.ts";

const others = ["EUR", "JPY"];

function check(written: Record<string, string>, prices: [number, string][], wrong: string[]) {
  const found = pricesOf(written, "USD", others);
  expect([found.prices.map((money) => [money.amount_minor, money.currency]), found.wrong]).toEqual([prices, wrong]);
}

test("one price is enough, and it is the main currency's", () => {
  check({ USD: "180" }, [[18000, "USD"]], []);
  check({ EUR: "165" }, [[16500, "EUR"]], ["USD"]);
  check({}, [], ["USD"]);
});

test("the others are taken where they are written, each in its own minor units", () => {
  check({ USD: "180", EUR: " ", JPY: "27000" }, [[18000, "USD"], [27000, "JPY"]], []);
  check({ USD: "180", EUR: "free", JPY: "0" }, [[18000, "USD"]], ["EUR", "JPY"]);
});
