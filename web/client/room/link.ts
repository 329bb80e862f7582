import { everyQuery } from "../call.ts";
import { mayReconnect, waitBefore } from "./backoff.ts";
import type { FromServer, ToServer } from "./wire.ts";

/** joining: on the way in; open: live; waiting: lost, will be tried again; closed: for good, with the server's code. */
export type LinkState =
  | { at: "joining" }
  | { at: "open" }
  | { at: "waiting"; until_ms: number }
  | { at: "closed"; code: number };

export interface LinkOptions {
  showId: string;
  /** The room of a rehearsal, for its staff; else the public one. */
  stage?: "rehearsal";
  /** Where the fold stands: sent on joining, so that the server resumes from there. */
  position: () => { epoch: string | null; offset: number };
  onframe: (frame: FromServer) => void;
  onstate: (state: LinkState) => void;
  /** The server's time, in an answer to what left at `asked_ms` on this device's clock; both Unix ms. */
  onclock: (asked_ms: number, server_ms: number) => void;
}

const PING_EVERY_MS = 10_000;
/** Nothing at all from the server for this long: the connection is taken for dead. */
const SILENCE_MS = 35_000;
/** Sockets that never opened before event streams are tried instead. */
const SOCKET_TRIES = 3;

/** The connection to a room: keeps itself alive and comes back until it is told to stop. */
export class RoomLink {
  #options: LinkOptions;
  #socket: WebSocket | null = null;
  #stream: EventSource | null = null;
  #attempt = 0;
  #neverOpened = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pulse: ReturnType<typeof setInterval> | undefined;
  #heard_ms = 0;
  #joined_ms = 0;
  #stopped = false;

  constructor(options: LinkOptions) {
    this.#options = options;
    addEventListener("online", this.#hurry);
    document.addEventListener("visibilitychange", this.#hurry);
  }

  start(): void {
    if (this.#stopped) return;
    this.#drop();
    this.#options.onstate({ at: "joining" });
    if (this.#neverOpened >= SOCKET_TRIES) this.#openStream();
    else this.#openSocket();
  }

  /** Leaves the connection and joins again from the fold's position: after a gap. */
  rejoin(): void {
    this.#attempt = 0;
    this.start();
  }

  /** False where it could not leave: not connected now. */
  send(message: ToServer): boolean {
    if (this.#socket?.readyState === WebSocket.OPEN) {
      this.#socket.send(JSON.stringify(message));
      return true;
    }
    if (this.#stream?.readyState === EventSource.OPEN) {
      void this.#post(message);
      return true;
    }
    return false;
  }

  stop(): void {
    this.#stopped = true;
    removeEventListener("online", this.#hurry);
    document.removeEventListener("visibilitychange", this.#hurry);
    this.#drop();
  }

  #openSocket(): void {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}${this.#address("")}`);
    this.#socket = socket;
    let opened = false;
    socket.onopen = () => {
      opened = true;
      this.#joined_ms = Date.now();
      const { epoch, offset } = this.#options.position();
      this.send(epoch ? { t: "join", epoch, offset } : { t: "join" });
      this.#beat();
    };
    socket.onmessage = (event) => this.#heard(event.data as string);
    socket.onclose = (event) => {
      if (this.#socket !== socket) return;
      if (!opened) this.#neverOpened += 1;
      this.#lost(event.code);
    };
  }

  #openStream(): void {
    const { epoch, offset } = this.#options.position();
    const from: Record<string, string> = epoch ? { epoch, offset: String(offset) } : {};
    const stream = new EventSource(this.#address("/events", from));
    this.#stream = stream;
    stream.onopen = () => this.#beat();
    stream.onmessage = (event) => this.#heard(event.data as string);
    // The stream's own retry would ask from the old offset, so it is closed and opened anew.
    stream.onerror = () => {
      if (this.#stream === stream) this.#lost(1006);
    };
  }

  #address(below: "" | "/events" | "/commands", more: Record<string, string> = {}): string {
    const { showId, stage } = this.#options;
    // The language is that of refusals, which are sentences for the reader.
    const query = new URLSearchParams({ lang: everyQuery.lang(), ...(stage ? { stage } : {}), ...more });
    return `/api/v1/shows/${showId}/room${below}?${query}`;
  }

  async #post(message: ToServer): Promise<void> {
    const response = await fetch(this.#address("/commands"), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(message),
    }).catch(() => null);
    const answer = response?.ok && response.status === 200 ? ((await response.json()) as FromServer) : null;
    if (answer) this.#options.onframe(answer);
  }

  #heard(data: string): void {
    this.#heard_ms = Date.now();
    const frame = JSON.parse(data) as FromServer;
    if (frame.t === "pong") this.#options.onclock(frame.client_ms, frame.server_ms);
    if (frame.t === "hello") {
      if (this.#joined_ms > 0) this.#options.onclock(this.#joined_ms, frame.server_ms);
      this.#joined_ms = 0;
      this.#attempt = 0;
      this.#neverOpened = 0;
      this.#options.onstate({ at: "open" });
      this.send({ t: "ping", client_ms: Date.now() });
    }
    this.#options.onframe(frame);
  }

  #beat(): void {
    this.#heard_ms = Date.now();
    clearInterval(this.#pulse);
    this.#pulse = setInterval(() => {
      if (Date.now() - this.#heard_ms > SILENCE_MS) return this.#lost(1006);
      this.send({ t: "ping", client_ms: Date.now() });
    }, PING_EVERY_MS);
  }

  #lost(code: number): void {
    this.#drop();
    if (this.#stopped) return;
    if (!mayReconnect(code)) return this.#options.onstate({ at: "closed", code });
    const wait_ms = waitBefore(this.#attempt++, Math.random());
    this.#options.onstate({ at: "waiting", until_ms: Date.now() + wait_ms });
    this.#timer = setTimeout(() => this.start(), wait_ms);
  }

  /** The network or the page came back: no need to sit out the wait. */
  #hurry = (): void => {
    if (document.visibilityState !== "visible" || this.#socket || this.#stream || !this.#timer) return;
    this.rejoin();
  };

  #drop(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#pulse);
    this.#timer = undefined;
    const socket = this.#socket;
    this.#socket = null;
    socket?.close(1000);
    this.#stream?.close();
    this.#stream = null;
  }
}
