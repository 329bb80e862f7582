/** Tracking numbers from a sheet, in words. */
import { texts } from "../../ui/i18n/index.ts";

const en = {
  title: "Tracking numbers",
  lead: "One CSV sheet marks a whole evening's orders as sent: all of them at once, or none.",
  link: "Tracking numbers",
  columns: "Columns: order_number, carrier, tracking_number, and perhaps tracking_url. At most 500 lines.",
  choose: "Choose a sheet",
  drop: "or drop it here",
  reading: (name: string) => `Reading ${name} …`,
  nothing: "Nothing changes before you press the button below the reading.",
  found: (faults: number) => (faults === 1 ? "One line cannot be taken." : `${faults} lines cannot be taken.`),
  clean: (parcels: number) => (parcels === 1 ? "One order will be marked as sent." : `${parcels} orders will be marked as sent.`),
  already: (lines: number) => (lines === 1 ? "One line was sent before and is left as it is." : `${lines} lines were sent before and are left as they are.`),
  more: (faults: number) => `and ${faults} more`,
  line: "Line",
  column: "Column",
  problem: "What to do",
  send: "Mark all as sent",
  sent: (orders: number) => (orders === 1 ? "One order is marked as sent. Its buyer is told." : `${orders} orders are marked as sent. Their buyers are told.`),
};

const zh: typeof en = {
  title: "批量运单号",
  lead: "用一张 CSV 表格将整场订单标记为已发货：全部成功，或全部不变。",
  link: "批量运单号",
  columns: "列：order_number、carrier、tracking_number，可选 tracking_url。最多 500 行。",
  choose: "选择表格",
  drop: "或拖到此处",
  reading: (name) => `正在读取 ${name} …`,
  nothing: "在您按下方按钮之前不会有任何更改。",
  found: (faults) => `${faults} 行无法处理。`,
  clean: (parcels) => `将有 ${parcels} 笔订单标记为已发货。`,
  already: (lines) => `${lines} 行此前已发货，保持不变。`,
  more: (faults) => `另有 ${faults} 处`,
  line: "行",
  column: "列",
  problem: "如何修改",
  send: "全部标记为已发货",
  sent: (orders) => `${orders} 笔订单已标记为已发货，并已通知买家。`,
};

export const t = texts({ en, zh });
