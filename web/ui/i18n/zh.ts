import type { en } from "./en.ts";

export const zh: typeof en = {
  close: "关闭",
  back: "返回",
  retry: "再试一次",
  loading: "正在加载",
  optional: "选填",
  language: "语言",
  deliverTo: "配送至",
  currency: "货币",
  marketTitle: "配送地区与货币",
  save: "保存",
  edit: "编辑",
  cancel: "取消",
  somethingWrong: "出了点问题",
  offline: "网络已断开，请检查连接后重试。",
  unreachable: "店铺暂时没有响应，请稍候再试。",
  untilStart: (left) => `还剩 ${left}`,
  days: (n) => `${n} 天`,
  dismiss: "知道了",
};
