import { offsetOf, type Sample, sampleOf, withSample } from "../client/room/clock.ts";

/** The server's clock as this page knows it, from every answer that says its time. Deadlines are counted on it. */
class ServerClock {
  /** Server time minus this device's, ms. */
  offset_ms = $state(0);
  #samples: Sample[] = [];

  /** An answer to what was asked at `asked_ms` (this device's clock) that says `server_ms`. */
  heard(asked_ms: number, server_ms: number): void {
    this.#samples = withSample(this.#samples, sampleOf(asked_ms, server_ms, Date.now()));
    this.offset_ms = offsetOf(this.#samples);
  }

  /** Unix ms. */
  now(): number {
    return Date.now() + this.offset_ms;
  }
}

export const serverClock = new ServerClock();
