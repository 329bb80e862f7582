import type { Engine } from "./programme.ts";
import { programmeOfStamp } from "./rtp-time.ts";

/** A first picture has to be there within this time, and the house has to answer, ms. */
const FIRST_PICTURE_MS = 8_000;
/** Not every browser tells; where none does, what happens shows at once. */
interface Shown extends VideoFrameCallbackMetadata {
  rtpTimestamp?: number;
}

const TELLS = "requestVideoFrameCallback" in HTMLVideoElement.prototype;

/** Only some browsers let a page say how much they may hold back. */
type Receiver = RTCRtpReceiver & { jitterBufferTarget?: number | null };

/** What the caller is told. */
interface Told {
  /** The picture comes: it is shown in the place of what is on screen, which the caller takes away. */
  comes(): void;
  /** It cannot be shown so, or no longer; once. The caller plays it by HLS then. */
  ended(): void;
}

/** A programme by WebRTC (WHEP), a fraction of a second behind. */
export function watch(video: HTMLVideoElement, programme: string, { comes, ended }: Told): Engine {
  const peer = new RTCPeerConnection();
  const stream = new MediaStream();
  let session: string | null = null;
  let over = false;
  let stamp: number | null = null;
  let asked = 0;

  const stop = (how?: () => void) => {
    if (over) return;
    over = true;
    clearTimeout(late);
    if (asked) video.cancelVideoFrameCallback(asked);
    peer.close();
    if (session) void fetch(session, { method: "DELETE", keepalive: true }).catch(() => undefined);
    if (video.srcObject === stream) video.srcObject = null;
    how?.();
  };
  const late = setTimeout(() => stop(ended), FIRST_PICTURE_MS);
  const shown = (_: number, frame: Shown) => {
    stamp = frame.rtpTimestamp ?? null;
    if (!over) asked = video.requestVideoFrameCallback(shown);
  };

  const show = () => {
    if (over) return;
    comes();
    video.srcObject = stream;
    video.addEventListener("playing", () => clearTimeout(late), { once: true });
    if (TELLS) asked = video.requestVideoFrameCallback(shown);
    void video.play().catch(() => undefined);
  };

  peer.ontrack = ({ track, receiver }) => {
    (receiver as Receiver).jitterBufferTarget = 0;
    stream.addTrack(track);
    // A track is mute until its first packet: what is on screen stays until then.
    if (track.kind === "video") track.addEventListener("unmute", show, { once: true });
  };
  peer.onconnectionstatechange = () => {
    if (peer.connectionState === "failed" || peer.connectionState === "closed") stop(ended);
  };
  // The house says goodbye in its own way; the connection is only seen to be lost.
  peer.oniceconnectionstatechange = () => {
    if (peer.iceConnectionState === "disconnected") setTimeout(() => peer.iceConnectionState === "disconnected" && stop(ended), 3_000);
  };

  void (async () => {
    try {
      for (const kind of ["video", "audio"] as const) peer.addTransceiver(kind, { direction: "recvonly" });
      await peer.setLocalDescription();
      const answer = await fetch(`/api/v1/whep/${programme}`, {
        method: "POST",
        headers: { "content-type": "application/sdp" },
        body: peer.localDescription!.sdp,
      });
      if (answer.status !== 201) throw new Error(String(answer.status));
      session = answer.headers.get("location");
      const sdp = await answer.text();
      if (over) return;
      await peer.setRemoteDescription({ type: "answer", sdp });
    } catch {
      stop(ended);
    }
  })();

  return {
    programmeMs: () => (stamp === null ? null : programmeOfStamp(stamp, Date.now())),
    toEdge: () => undefined,
    destroy: () => stop(),
  };
}
