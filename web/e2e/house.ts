import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Broadcast } from "./broadcast.ts";
import { setting, type Ready } from "./settings.ts";

const READY_WITHIN_MS = 60_000;

/** A house of the story's own: `trunkshow serve` on an empty data folder, which can be killed and started again. */
export class House {
  private process: ChildProcess | undefined;
  private log = "";
  private readonly encoders: Broadcast[] = [];
  ready!: Ready;

  private constructor(
    private readonly data: string,
    private readonly http: number,
    private readonly rtmp: number,
  ) {}

  static async open(): Promise<House> {
    const house = new House(mkdtempSync(join(tmpdir(), "trunkshow-story-")), await freePort(), await freePort());
    await house.start();
    return house;
  }

  get url(): string {
    return `http://127.0.0.1:${this.http}`;
  }

  /** Starts it on the same folder and ports as before; resolves once it answers. */
  async start(): Promise<void> {
    const addresses = ["--http", `127.0.0.1:${this.http}`, "--rtmp", `127.0.0.1:${this.rtmp}`, "--webrtc", "127.0.0.1:0"];
    const child = spawn(setting("TRUNKSHOW_BINARY"), ["serve", "--data", this.data, ...addresses], {
      stdio: ["ignore", "pipe", "pipe"],
      env: plainEnvironment(),
    });
    this.process = child;
    child.stderr.on("data", (text: Buffer) => (this.log = (this.log + text.toString()).slice(-20_000)));
    this.ready = await new Promise<Ready>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`no ready line\n${this.log}`)), READY_WITHIN_MS);
      child.once("exit", (code) => reject(new Error(`the house ended with ${code}\n${this.log}`)));
      createInterface({ input: child.stdout }).on("line", (line) => {
        if (!line.startsWith("ready ")) return;
        clearTimeout(late);
        resolve(JSON.parse(line.slice("ready ".length)) as Ready);
      });
    });
  }

  /** An encoder that publishes to it with this key; it is cut when the house closes. */
  broadcast(key: string, tune?: string): Broadcast {
    const encoder = Broadcast.start(this.ready.rtmp, key, undefined, tune);
    this.encoders.push(encoder);
    return encoder;
  }

  /** SIGKILL: what a power cut or an out-of-memory kill does. */
  async kill9(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** Ends it for good, and its folder. */
  async close(): Promise<void> {
    for (const encoder of this.encoders) await encoder.cut();
    await this.end("SIGTERM");
    rmSync(this.data, { recursive: true, force: true });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await ended;
  }
}

/** The environment without our own settings: the house refuses those of its prefix that it does not know. */
function plainEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("TRUNKSHOW_")));
}

/** A loopback port that nobody listens on now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port"))));
    });
  });
}
