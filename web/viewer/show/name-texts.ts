import { texts } from "../../ui/i18n/index.ts";

const en = {
  chooseName: "Choose a name",
  chooseNameMore: "Others see it beside what you write. You can change it later.",
  name: "Name",
  nameGo: "Write",
};
const zh: typeof en = {
  chooseName: "取一个昵称",
  chooseNameMore: "发言时会显示给其他人，之后可以更改。",
  name: "昵称",
  nameGo: "开始发言",
};
/** What choosing a name says: loaded with it. */
export const t = texts({ en, zh });
