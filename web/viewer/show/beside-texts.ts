import { texts } from "../../ui/i18n/index.ts";

const en = {
  pinned: "Pinned by the shop",
  poll: "Poll",
  vote: (choice: string) => `Vote for ${choice}`,
  votes: (n: number, said: string) => (n === 1 ? "1 vote" : `${said} votes`),
  closed: "closed",
  closesIn: (left: string) => `The poll closes in ${left}`,
  yours: "your vote",
  opened: (question: string) => `A poll: ${question}`,
  over: (question: string, first: string) => `The poll is over. ${question} ${first} is ahead.`,
};
const zh: typeof en = {
  pinned: "店铺置顶",
  poll: "投票",
  vote: (choice) => `投给：${choice}`,
  votes: (_, said) => `${said} 票`,
  closed: "已结束",
  closesIn: (left) => `投票还剩 ${left}`,
  yours: "您的选择",
  opened: (question) => `投票：${question}`,
  over: (question, first) => `投票结束。${question} 领先：${first}`,
};
/** What stands beside the chat says: loaded with it. */
export const t = texts({ en, zh });
