import { spawn, type ChildProcess } from "node:child_process";

/** Something that moves. */
const PATTERN = "testsrc2=size=360x640:rate=25";

/** The bits that [`CLOCK`] shows: milliseconds of the wall clock modulo 2^20, 17 minutes. */
export const CLOCK_BITS = 20;

/**
 * A strip of black and white blocks over the picture: the wall clock as it goes to the encoder, lowest bit left. Drawn
 * behind the source, which ffmpeg reads ahead of time.
 */
export const CLOCK =
  "scale=400:640,format=yuv420p,split[back][small];[small]crop=20:2:0:0,format=gray," +
  "geq=lum='255*mod(floor(mod(time(0)*1000,1048576)/pow(2,X)),2)',scale=400:80:flags=neighbor[strip];" +
  "[back][strip]overlay=0:280";

/** x264 as OBS sets it for a live show. */
const LIVE = "-tune zerolatency";
/** Pictures that lean on later ones: a little smaller, and nothing for WebRTC. */
export const B_FRAMES = "-bf 2";

/** An encoder as a host runs one: ffmpeg pushing H.264 and AAC by RTMP, vertical 9:16, a keyframe a second. */
export class Broadcast {
  private constructor(
    private readonly process: ChildProcess,
    private readonly said: { text: string },
  ) {}

  static start(rtmp: string, key: string, drawn = "null", tune = LIVE): Broadcast {
    const input = ["-re", "-f", "lavfi", "-i", PATTERN];
    const sound = ["-re", "-f", "lavfi", "-i", "sine=frequency=330:sample_rate=48000"];
    const video = `-c:v libx264 -preset ultrafast ${tune} -pix_fmt yuv420p -g 25 -b:v 600k`.split(" ");
    const audio = "-c:a aac -b:a 96k -ac 2".split(" ");
    const args = ["-hide_banner", "-loglevel", "error", ...input, ...sound, "-vf", drawn, ...video, ...audio];
    const child = spawn("ffmpeg", [...args, "-f", "flv", `${rtmp}/${key}`], { stdio: ["ignore", "ignore", "pipe"] });
    const said = { text: "" };
    child.stderr.on("data", (text: Buffer) => (said.text = (said.text + text.toString()).slice(-4_000)));
    return new Broadcast(child, said);
  }

  /** What the encoder printed: the reason when it was refused. */
  get complaint(): string {
    return this.said.text;
  }

  get onAir(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** Cuts the connection without a farewell, as a lost network does. */
  async cut(): Promise<void> {
    if (!this.onAir) return;
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill("SIGKILL");
    await ended;
  }
}
