import { Problem, UNREACHABLE } from "../../client/problem.ts";
import { hasTwoSides, listen, NoCamera, open, turnsByItself, type Facing, type Missing, type Shape } from "./devices.ts";
import { plight, type Plight } from "./plight.ts";
import { send, type Sending } from "./whip.ts";

/** Where the camera is on its way to the show. */
export type State =
  | { is: "off" }
  | { is: "opening" }
  | { is: "missing"; why: Missing }
  | { is: "ready" }
  | { is: "joining" }
  | { is: "sending" }
  /** The way was lost: it is looked for again. */
  | { is: "again" }
  | { is: "refused"; problem: Problem };

/** A lost way is looked for again after so long, then after twice as long, up to the last. */
const AGAIN_MS = [500, 1_000, 2_000, 4_000];
const LOOK_EVERY_MS = 2_000;

/** One device's camera, and its sending. */
export class Camera {
  #state = $state.raw<State>({ is: "off" });
  #stream = $state.raw<MediaStream | null>(null);
  level = $state(0);
  facing = $state<Facing>("user");
  shape = $state<Shape>("portrait");
  twoSides = $state(false);
  muted = $state(false);
  plight = $state.raw<Plight>("well");
  readonly turnsByItself = turnsByItself();
  #sending: Sending | null = null;
  #deaf: () => void = () => undefined;
  #lock: WakeLockSentinel | null = null;
  #looking: ReturnType<typeof setInterval> | undefined;
  #tries = 0;

  /** The key is asked for when it is needed, so that a page that was left open uses today's. */
  constructor(private readonly key: () => Promise<string>) {}

  get state(): State {
    return this.#state;
  }

  get stream(): MediaStream | null {
    return this.#stream;
  }

  /** On the way to the show, or looking for it. */
  get live(): boolean {
    return this.#state.is === "sending" || this.#state.is === "again";
  }

  async open(): Promise<void> {
    this.#state = { is: "opening" };
    try {
      await this.#take(await open(this.facing, this.shape));
      this.twoSides = await hasTwoSides();
      this.#state = { is: "ready" };
    } catch (error) {
      this.#state = { is: "missing", why: error instanceof NoCamera ? error.why : "absent" };
    }
  }

  async turn(): Promise<void> {
    this.facing = this.facing === "user" ? "environment" : "user";
    await this.#reopen();
  }

  async reshape(): Promise<void> {
    this.shape = this.shape === "portrait" ? "landscape" : "portrait";
    await this.#reopen();
  }

  mute(): void {
    this.muted = !this.muted;
    this.#obey();
  }

  /** Goes to the show, or says why not. */
  async start(): Promise<void> {
    this.#state = { is: "joining" };
    this.#tries = 0;
    await this.#join();
  }

  async stop(): Promise<void> {
    this.#state = { is: "ready" };
    await this.#leave();
    await this.#lock?.release().catch(() => undefined);
    this.#lock = null;
  }

  /** The page is left. */
  close(): void {
    void this.#leave();
    this.#deaf();
    this.#stream?.getTracks().forEach((track) => track.stop());
  }

  /** A phone gives the lock up when the page is hidden; it is asked for again when it is back. */
  async stayAwake(): Promise<void> {
    if (!this.live || !("wakeLock" in navigator) || document.visibilityState !== "visible") return;
    this.#lock = await navigator.wakeLock.request("screen").catch(() => null);
  }

  async #join(): Promise<void> {
    const stream = this.#stream;
    if (!stream) return;
    try {
      const sending = await send(stream, await this.key());
      // Stopped meanwhile.
      if (this.#state.is === "ready") return void (await sending.end());
      this.#sending = sending;
      sending.connection.addEventListener("connectionstatechange", () => this.#heard(sending));
      this.#heard(sending);
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem(UNREACHABLE, 0, "");
      // A connection that died a moment ago still has the stage; a network that is away comes back.
      const passing = ["already_publishing", "busy", UNREACHABLE].includes(problem.code);
      if (passing && this.#state.is === "again") return this.#later();
      this.#state = { is: "refused", problem };
    }
  }

  #heard(sending: Sending): void {
    if (sending !== this.#sending) return;
    switch (sending.connection.connectionState) {
      case "connected":
        this.#tries = 0;
        this.#state = { is: "sending" };
        void this.stayAwake();
        clearInterval(this.#looking);
        this.#looking = setInterval(() => void this.#look(sending), LOOK_EVERY_MS);
        break;
      case "failed":
      case "closed":
      case "disconnected":
        this.#state = { is: "again" };
        void this.#leave();
        this.#later();
        break;
    }
  }

  #later(): void {
    const wait = AGAIN_MS[Math.min(this.#tries, AGAIN_MS.length - 1)]!;
    this.#tries += 1;
    setTimeout(() => {
      if (this.#state.is === "again") void this.#join();
    }, wait);
  }

  async #look(sending: Sending): Promise<void> {
    if (sending === this.#sending) this.plight = plight([...(await sending.connection.getStats()).values()], this.plight);
  }

  async #leave(): Promise<void> {
    clearInterval(this.#looking);
    const sending = this.#sending;
    this.#sending = null;
    this.plight = "well";
    await sending?.end();
  }

  async #reopen(): Promise<void> {
    const before = this.#stream;
    // Phones open one camera at a time.
    before?.getVideoTracks().forEach((track) => track.stop());
    try {
      await this.#take(await open(this.facing, this.shape));
      if (this.#stream) await this.#sending?.show(this.#stream);
    } catch (error) {
      this.#state = { is: "missing", why: error instanceof NoCamera ? error.why : "absent" };
      await this.#leave();
    }
  }

  async #take(stream: MediaStream): Promise<void> {
    this.#deaf();
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = stream;
    this.#obey();
    this.#deaf = listen(stream, (level) => (this.level = level));
  }

  #obey(): void {
    this.#stream?.getAudioTracks().forEach((track) => (track.enabled = !this.muted));
  }
}
