import { everyQuery } from "../../client/call.ts";
import { Problem, problemOf, UNREACHABLE } from "../../client/problem.ts";

/** What the picture may take of the uplink, bits a second; a poor uplink lowers it by itself. */
const MOST_BITS = 2_500_000;
/** Candidates of this device are waited for so long; the house learns the others from the first packet. */
const GATHER_MS = 500;

/** A picture and its sound on their way to the house (WHIP, RFC 9725). */
export interface Sending {
  connection: RTCPeerConnection;
  /** Shows another camera or microphone without connecting anew. */
  show(stream: MediaStream): Promise<void>;
  /** Ends it; the house is told. */
  end(): Promise<void>;
}

/** Publishes with a show's key. Throws {@link Problem} when the house refuses. */
export async function send(stream: MediaStream, key: string): Promise<Sending> {
  const connection = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
  const senders = new Map<string, RTCRtpSender>();
  for (const track of stream.getTracks()) {
    const sendEncodings = [track.kind === "video" ? { maxBitrate: MOST_BITS } : {}];
    const transceiver = connection.addTransceiver(track, { direction: "sendonly", streams: [stream], sendEncodings });
    if (track.kind === "video") preferH264(transceiver);
    senders.set(track.kind, transceiver.sender);
  }
  try {
    await connection.setLocalDescription();
    await gathered(connection);
    const { answer, session } = await offer(connection.localDescription?.sdp ?? "", key);
    await connection.setRemoteDescription({ type: "answer", sdp: answer });
    await keepSize(senders.get("video"));
    return {
      connection,
      async show(next) {
        for (const track of next.getTracks()) await senders.get(track.kind)?.replaceTrack(track);
      },
      async end() {
        connection.close();
        await fetch(session, { method: "DELETE", keepalive: true }).catch(() => undefined);
      },
    };
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** H.264 with what repairs it; a browser without it offers what it has, and the house says what is missing. */
function preferH264(transceiver: RTCRtpTransceiver): void {
  const codecs = RTCRtpSender.getCapabilities("video")?.codecs ?? [];
  const wanted = codecs.filter((codec) => /^video\/(h264|rtx)$/i.test(codec.mimeType));
  if (wanted.some((codec) => /h264/i.test(codec.mimeType))) transceiver.setCodecPreferences(wanted);
}

/** A poor uplink costs sharpness and then pictures a second; another size would cost every viewer a new start. */
async function keepSize(sender: RTCRtpSender | undefined): Promise<void> {
  const parameters = sender?.getParameters();
  // What a browser does not offer is left as it is.
  if (parameters) await sender?.setParameters({ ...parameters, degradationPreference: "maintain-resolution" }).catch(() => undefined);
}

function gathered(connection: RTCPeerConnection): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, GATHER_MS);
    connection.addEventListener("icegatheringstatechange", () => {
      if (connection.iceGatheringState === "complete") done();
    });
  });
}

async function offer(sdp: string, key: string): Promise<{ answer: string; session: string }> {
  const address = `/api/v1/whip?lang=${everyQuery.lang()}`;
  const headers = { "content-type": "application/sdp", authorization: `Bearer ${key}` };
  const response = await fetch(address, { method: "POST", headers, body: sdp, credentials: "omit" }).catch(() => null);
  if (!response) throw new Problem(UNREACHABLE, 0, "");
  if (!response.ok) throw await problemOf(response);
  return { answer: await response.text(), session: response.headers.get("location") ?? "" };
}
