/** How the way to the house is, in what a host can act on. */
export type Plight = "well" | "narrow" | "lossy" | "slow";

/** Packets lost of a hundred, past which viewers see it. */
const LOST = 0.05;

interface Stat {
  type: string;
  kind?: string;
  qualityLimitationReason?: string;
  fractionLost?: number;
}

/** Reads what the browser counts. `before` stays while nothing new was reported. */
export function plight(stats: Stat[], before: Plight): Plight {
  const of = (type: string) => stats.find((stat) => stat.type === type && stat.kind === "video");
  const [out, remote] = [of("outbound-rtp"), of("remote-inbound-rtp")];
  if (!out) return before;
  if ((remote?.fractionLost ?? 0) > LOST) return "lossy";
  if (out.qualityLimitationReason === "bandwidth") return "narrow";
  if (out.qualityLimitationReason === "cpu") return "slow";
  return "well";
}
