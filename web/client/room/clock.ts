/** The server's clock, estimated from its answers: of the last samples, the one with the shortest way counts. */

/** Samples kept. */
export const SAMPLE_BOUND = 8;
/** Two samples may differ by this much more than their ways explain, ms: clocks drift. */
const DRIFT_MS = 80;

export interface Sample {
  round_trip_ms: number;
  offset_ms: number;
}

/** One answer: asked at `client_ms`, stamped `server_ms`, here at `now_ms` (client clock). */
export function sampleOf(client_ms: number, server_ms: number, now_ms: number): Sample {
  const round_trip_ms = Math.max(0, now_ms - client_ms);
  return { round_trip_ms, offset_ms: server_ms + round_trip_ms / 2 - now_ms };
}

/** Adds a sample. Older ones that cannot be true beside it are dropped: the device's own clock was set. */
export function withSample(samples: readonly Sample[], sample: Sample): Sample[] {
  const agrees = (old: Sample) => {
    const explained_ms = (old.round_trip_ms + sample.round_trip_ms) / 2 + DRIFT_MS;
    return Math.abs(old.offset_ms - sample.offset_ms) <= explained_ms;
  };
  return [...samples.filter(agrees), sample].slice(-SAMPLE_BOUND);
}

/** Server time minus this device's, ms; 0 while nothing is known. */
export function offsetOf(samples: readonly Sample[]): number {
  const best = samples.reduce<Sample | null>(
    (least, one) => (least === null || one.round_trip_ms < least.round_trip_ms ? one : least),
    null,
  );
  return best?.offset_ms ?? 0;
}
