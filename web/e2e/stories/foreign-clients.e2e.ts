import WebSocket from "ws";
import { expect } from "vitest";
import { call } from "../api.ts";
import { openBoutique, planShow } from "../boutique.ts";
import { DESKTOP, person } from "../browser.ts";
import { story } from "../story.ts";

interface Frame {
  t: string;
  client_ms?: number;
  events?: { k: string; text?: string }[];
}

/** A room's socket by somebody else's library, frame by frame. */
class Client {
  private readonly frames: Frame[] = [];
  private wake = (): void => {};
  readonly closed: Promise<[number, string]>;

  private constructor(readonly socket: WebSocket) {
    socket.on("message", (text: Buffer) => {
      this.frames.push(JSON.parse(text.toString()) as Frame);
      this.wake();
    });
    this.closed = new Promise((resolve) => socket.on("close", (code, why) => resolve([code, why.toString()])));
  }

  static async join(url: string, show: string, cookie: string, perMessageDeflate: boolean): Promise<Client> {
    const headers = { cookie, origin: url };
    const socket = new WebSocket(`${url.replace("http", "ws")}/api/v1/shows/${show}/room`, { perMessageDeflate, headers });
    const client = new Client(socket);
    await new Promise((resolve, reject) => {
      socket.on("open", resolve);
      socket.on("error", reject);
    });
    socket.send('{"t":"join"}');
    await client.next((frame) => frame.t === "hello");
    return client;
  }

  async next(wanted: (frame: Frame) => boolean): Promise<Frame> {
    for (;;) {
      const found = this.frames.findIndex(wanted);
      if (found >= 0) return this.frames.splice(0, found + 1).at(-1)!;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}

story("a client of somebody else: compressed or not, in fragments, told why it is closed", async ({ browser, house }) => {
  const { context } = await person(browser, { url: house.url, size: DESKTOP });
  const boutique = await openBoutique(house, context);
  const show = await planShow(context, boutique, []);
  const guest = await person(browser, { url: house.url });
  const { token } = await call<{ token: string }>(guest.context, "POST", "/viewer", {});
  await call(guest.context, "PUT", "/me/chat-name", { name: "Ann" });
  const cookie = `ts_viewer=${token}`;
  const witness = await Client.join(house.url, show.id, cookie, true);
  for (const compressed of [true, false]) {
    const client = await Client.join(house.url, show.id, cookie, compressed);
    expect(client.socket.extensions).toBe(compressed ? "permessage-deflate" : "");
    const text = `the same words, ${"the same words, ".repeat(20)}${compressed}`;
    client.socket.send(JSON.stringify({ t: "say", ref: text.slice(-8), text }), { compress: compressed });
    const isSaid = (frame: Frame): boolean => !!frame.events?.some((event) => event.text === text);
    for (const who of [client, witness]) await who.next(isSaid);
    client.socket.ping("still there?");
    await new Promise((resolve) => client.socket.once("pong", resolve));
    client.socket.send('{"t":"ping",', { fin: false });
    client.socket.send('"client_ms":5}', { fin: true });
    expect((await client.next((frame) => frame.t === "pong")).client_ms).toBe(5);
    client.socket.send(Buffer.from([1, 2, 3]));
    expect(await client.closed).toEqual([4415, "binary_frame"]);
  }
  witness.socket.close(1000);
  expect((await witness.closed)[0]).toBe(1005);
});
