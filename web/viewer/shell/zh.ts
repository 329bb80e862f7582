import type { en } from "./en.ts";

export const zh: typeof en = {
  skip: "跳到正文",
  search: "搜索",
  searchHint: "搜索商品",
  basket: "购物袋",
  basketCount: (n) => `购物袋，${n} 件`,
  account: "我的账户",
  home: "首页",
  withdraw: "在此撤销合同",
  imprint: "从我们的店，直播到您身边。",
  demo: "演示店铺：不会真正销售或发货。",
  notFound: "找不到此页面",
  notFoundMore: "链接可能已失效，或商品已下架。",
  toHome: "查看节目单",
};
