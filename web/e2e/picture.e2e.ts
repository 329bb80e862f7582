import { writeFileSync } from "node:fs";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { call, signIn } from "./api.ts";
import { behind, percentile } from "./behind.ts";
import { Broadcast, CLOCK, CLOCK_BITS } from "./broadcast.ts";
import { launch, person } from "./browser.ts";
import { demo, setting } from "./settings.ts";

/** How long one viewer watches each way. */
const WATCH_SECONDS = Number(process.env["TRUNKSHOW_SECONDS"] ?? 45);
/** Publishers who come one after the other. */
const FIRST_FRAMES = 9;
const STEADY_MS = 10_000;

const ready = demo();
const all = setting("TRUNKSHOW_WAYS") === "all";
const figures: Record<string, number> = {};
let browser: Browser;
let staff: BrowserContext;
let desk: Page;
let key: string;

beforeAll(async () => {
  browser = await launch();
  const owner = await person(browser, { url: ready.url });
  [staff, desk] = [owner.context, owner.page];
  await signIn(staff, ready.staff.find(({ role }) => role === "owner")!);
  key = (await call<{ stream_key: string }>(staff, "GET", `/shows/${ready.show}/stream-key`)).stream_key;
  await call(staff, "POST", `/shows/${ready.show}/go-live`, {});
});

afterAll(() => browser.close());

test("from the camera to the screen", async () => {
  const encoder = Broadcast.start(ready.rtmp, key, CLOCK);
  await desk.waitForTimeout(STEADY_MS + 5_000);
  expect(encoder.onAir, encoder.complaint).toBe(true);
  note("hls", await watched(false));
  if (all) {
    note("whep_from_rtmp", await watched(true));
    await encoder.cut();
    // The house takes another publisher once this one has been silent.
    await desk.waitForTimeout(4_000);
    await desk.goto("/");
    const firsts: number[] = [];
    for (let turn = 0; turn < FIRST_FRAMES; turn++) firsts.push(await firstFrameMs());
    figures["first_frame_ms"] = percentile(firsts, 50);
    await desk.evaluate(publish, { key });
    note("whep_from_whip", await watched(true));
    console.log(JSON.stringify({ firsts: firsts.map(Math.round) }));
  }
  await encoder.cut();
  console.log(JSON.stringify(figures));
  writeFileSync(setting("TRUNKSHOW_FIGURES"), JSON.stringify(figures));
});

function note(way: string, looks: number[]): void {
  figures[`${way}_median_ms`] = percentile(looks, 50);
  figures[`${way}_p95_ms`] = percentile(looks, 95);
}

/** What a viewer of the show's page sees, by the usual way or with the shortest delay. */
async function watched(shortest: boolean): Promise<number[]> {
  const { context, page } = await person(browser, { url: ready.url });
  await page.goto(`/shows/${ready.show}`);
  await page.waitForFunction(() => (document.querySelector("video")?.readyState ?? 0) >= 2);
  if (shortest) {
    await page.getByTestId("low-delay").click();
    await page.waitForFunction(() => document.querySelector("video")?.srcObject instanceof MediaStream);
  }
  await page.waitForTimeout(STEADY_MS);
  const looks = await behind(page, WATCH_SECONDS);
  const byWebRtc = await page.evaluate(() => document.querySelector("video")?.srcObject instanceof MediaStream);
  expect(byWebRtc, "watched to the end as it was meant").toBe(shortest);
  await context.close();
  return looks;
}

/** From a publisher's offer to the first picture of a viewer who asks as soon as it is answered; then both leave. */
async function firstFrameMs(): Promise<number> {
  const show = await call<{ playback: { hls: string } }>(staff, "GET", `/shows/${ready.show}`);
  const programme = show.playback.hls.split("/")[2]!;
  await desk.evaluate(prepare, { bits: CLOCK_BITS });
  const ms = await desk.evaluate(offered, { key, programme });
  await desk.waitForTimeout(500);
  return ms;
}

interface Stage extends Window {
  camera?: MediaStream;
}

/** Runs in the page: a canvas with the wall clock as blocks, and a tone, as camera and microphone. */
function prepare({ bits }: { bits: number }): void {
  const stage = window as unknown as Stage;
  if (stage.camera) return;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [400, 640];
  const brush = canvas.getContext("2d")!;
  const draw = () => {
    const now = Date.now() % 2 ** bits;
    brush.fillStyle = `hsl(${now / 20} 60% 40%)`;
    brush.fillRect(0, 0, 400, 640);
    brush.fillStyle = "#fff";
    brush.fillRect((now / 10) % 400, 80, 60, 60);
    const block = 400 / bits;
    for (let bit = 0; bit < bits; bit++) {
      brush.fillStyle = Math.floor(now / 2 ** bit) % 2 ? "#fff" : "#000";
      brush.fillRect(bit * block, 280, block, 80);
    }
  };
  draw();
  setInterval(draw, 1000 / 30);
  const sound = new AudioContext();
  const tone = sound.createOscillator();
  const out = sound.createMediaStreamDestination();
  tone.connect(out);
  tone.start();
  stage.camera = new MediaStream([...canvas.captureStream(30).getTracks(), ...out.stream.getTracks()]);
}

/** Runs in the page. */
async function offered({ key, programme }: { key: string; programme: string }): Promise<number> {
  const stage = window as unknown as Stage;
  const gathered = (peer: RTCPeerConnection) =>
    new Promise<void>((done) => {
      if (peer.iceGatheringState === "complete") done();
      peer.addEventListener("icegatheringstatechange", () => peer.iceGatheringState === "complete" && done());
    });
  const ask = async (peer: RTCPeerConnection, path: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/sdp", ...headers },
      body: peer.localDescription!.sdp,
      credentials: "omit",
    });
    if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    await peer.setRemoteDescription({ type: "answer", sdp: await answer.text() });
    return answer.headers.get("location")!;
  };
  const host = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
  for (const track of stage.camera!.getTracks()) host.addTransceiver(track, { direction: "sendonly", streams: [stage.camera!] });
  await host.setLocalDescription();
  await gathered(host);
  const viewer = new RTCPeerConnection();
  for (const kind of ["video", "audio"]) viewer.addTransceiver(kind, { direction: "recvonly" });
  const video = document.createElement("video");
  video.muted = true;
  document.body.append(video);
  viewer.ontrack = ({ track, receiver }) => {
    (receiver as RTCRtpReceiver & { jitterBufferTarget?: number }).jitterBufferTarget = 0;
    if (track.kind === "video") video.srcObject = new MediaStream([track]);
  };
  await viewer.setLocalDescription();

  const began = performance.now();
  const shown = new Promise<number>((done) => video.requestVideoFrameCallback(() => done(performance.now())));
  const publishing = await ask(host, "/api/v1/whip", { authorization: `Bearer ${key}` });
  const watching = await ask(viewer, `/api/v1/whep/${programme}`);
  void video.play().catch(() => undefined);
  const at = await Promise.race([shown, new Promise<number>((_, late) => setTimeout(() => late(new Error("no picture in 20 s")), 20_000))]);
  host.close();
  viewer.close();
  video.remove();
  for (const session of [publishing, watching]) await fetch(session, { method: "DELETE" });
  return at - began;
}

/** Runs in the page: publishes and stays. */
async function publish({ key }: { key: string }): Promise<void> {
  const stage = window as unknown as Stage;
  const host = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
  for (const track of stage.camera!.getTracks()) {
    const sendEncodings = track.kind === "video" ? [{ maxBitrate: 1_500_000 }] : [{}];
    host.addTransceiver(track, { direction: "sendonly", streams: [stage.camera!], sendEncodings });
  }
  await host.setLocalDescription();
  await new Promise((done) => setTimeout(done, 500));
  const headers = { "content-type": "application/sdp", authorization: `Bearer ${key}` };
  const body = host.localDescription!.sdp;
  const answer = await fetch("/api/v1/whip", { method: "POST", headers, body, credentials: "omit" });
  if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
  await host.setRemoteDescription({ type: "answer", sdp: await answer.text() });
}
