import type { Moderated } from "../../client/room/wire.ts";
import { moment } from "../../ui/format.ts";
import { texts } from "../../ui/i18n/index.ts";
import { reasonWords } from "../../ui/reasons.ts";
import type { Room } from "./room.svelte.ts";

type Says = (why: string, until: string) => string;
const en: Record<Moderated["act"], Says> = {
  removed: (why) => `The shop removed a message of yours.${why} You can appeal under ⋯ above.`,
  held_refused: (why) => `The shop did not show a message of yours.${why} You can appeal under ⋯ above.`,
  muted: (why, until) => `You can write again at ${until}.${why} You can appeal under ⋯ above.`,
  unmuted: () => "You can write again.",
  blocked: (why) => `The shop has taken your voice in its chat.${why} You can still watch and buy, and appeal under ⋯ above.`,
  unblocked: () => "You can write again.",
  report_upheld: (why) => `Thank you: the shop acted on what you reported.${why}`,
  report_dismissed: (why) => `The shop looked at what you reported and left it as it is.${why}`,
  appeal_granted: (why) => `Your appeal was granted.${why}`,
  appeal_rejected: (why) => `Your appeal was not granted.${why}`,
};
const zh: typeof en = {
  removed: (why) => `店铺移除了您的一条消息。${why}可点上方的 ⋯ 申诉。`,
  held_refused: (why) => `您的一条消息未通过审核。${why}可点上方的 ⋯ 申诉。`,
  muted: (why, until) => `您可在 ${until} 后发言。${why}可点上方的 ⋯ 申诉。`,
  unmuted: () => "您可以继续发言了。",
  blocked: (why) => `店铺已关闭您的发言。${why}您仍可观看和购买，并可点上方的 ⋯ 申诉。`,
  unblocked: () => "您可以继续发言了。",
  report_upheld: (why) => `感谢举报，店铺已处理。${why}`,
  report_dismissed: (why) => `店铺已查看您的举报，未作处理。${why}`,
  appeal_granted: (why) => `您的申诉已通过。${why}`,
  appeal_rejected: (why) => `您的申诉未通过。${why}`,
};
const says = texts({ en, zh });
const because = texts({ en: { why: (reason: string) => ` Reason: ${reason}.` }, zh: { why: (reason) => `原因：${reason}。` } });

/** What this viewer alone is told, and how it is shown. */
export function tell({ act, reason, until_ms, message_id }: Moderated, room: Room): [string, "good" | "bad" | "plain"] {
  const own = room.state.lines.find((line) => line.id === message_id)?.own;
  if (own && act === "held_refused") room.refuse(own.ref, reasonWords(reason));
  const why = reason ? because().why(reasonWords(reason)) : "";
  const bad = act === "removed" || act === "held_refused" || act === "muted" || act === "blocked";
  const good = act === "appeal_granted" || act === "report_upheld" || act === "unmuted" || act === "unblocked";
  // A newer house may decide what this page does not know.
  const words = says()[act]?.(why, until_ms ? moment(until_ms, "time") : "") ?? reason;
  return [words, bad ? "bad" : good ? "good" : "plain"];
}
