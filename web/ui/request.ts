import type { Request, Wanted } from "../client/room/wire.ts";
import { texts } from "./i18n/index.ts";

type Asked = Pick<Request, "what" | "number" | "with" | "wording">;
type Say = (number: number, other: number) => string;

const en: Record<Wanted, Say> = {
  show: (n) => `Show no. ${n}`,
  try_on: (n) => `Try on no. ${n}`,
  turn: (n) => `Turn no. ${n} around`,
  lining: (n) => `Show the lining of no. ${n}`,
  compare: (n, other) => `Compare no. ${n} and no. ${other}`,
  other: (n) => `About no. ${n}`,
};
const zh: Record<Wanted, Say> = {
  show: (n) => `展示 ${n} 号`,
  try_on: (n) => `试穿 ${n} 号`,
  turn: (n) => `转着看 ${n} 号`,
  lining: (n) => `看 ${n} 号里衬`,
  compare: (n, other) => `对比 ${n} 号和 ${other} 号`,
  other: (n) => `关于 ${n} 号`,
};
const t = texts({ en, zh });

/** What a request asks for, on every page alike: "Try on no. 2"; own words where there are some. */
export function requestWords({ what = "show", number, with: other, wording }: Asked): string {
  // A newer house may know kinds that this page does not.
  const said = (t()[what] ?? t().other)(number, other ?? number);
  return what === "other" && wording?.text ? `${said}: ${wording.text}` : said;
}
