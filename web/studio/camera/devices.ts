/** Why there is no picture to send. */
export type Missing = "insecure" | "denied" | "absent" | "busy";

export type Facing = "user" | "environment";
export type Shape = "portrait" | "landscape";

export class NoCamera extends Error {
  constructor(readonly why: Missing) {
    super(why);
    this.name = "NoCamera";
  }
}

const LONG = 1280;
const SHORT = 720;

/** Camera and microphone. A phone turns the picture by itself, so only a desk's camera is asked for a shape. */
export async function open(facing: Facing, shape: Shape): Promise<MediaStream> {
  // Browsers give no camera to a page that came over plain http, unless from this machine itself.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) throw new NoCamera("insecure");
  const upright = shape === "portrait" && !turnsByItself();
  const [width, height] = upright ? [SHORT, LONG] : [LONG, SHORT];
  try {
    return await devices.getUserMedia({
      video: {
        facingMode: { ideal: facing },
        width: { ideal: width },
        height: { ideal: height },
        frameRate: { ideal: 30, max: 30 },
      },
      audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    });
  } catch (error) {
    throw new NoCamera(reason(error));
  }
}

function reason(error: unknown): Missing {
  switch (error instanceof DOMException ? error.name : "") {
    case "NotAllowedError":
    case "SecurityError":
      return "denied";
    case "NotReadableError":
    case "AbortError":
      return "busy";
    default:
      return "absent";
  }
}

/** Whether the device has another side to look from. */
export async function hasTwoSides(): Promise<boolean> {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter((device) => device.kind === "videoinput").length > 1;
}

/** A phone's camera follows how the phone is held. */
export const turnsByItself = (): boolean => matchMedia("(pointer: coarse)").matches;

/** Calls `heard` with how loud the microphone is, 0 to 1, until the answer is called. */
export function listen(stream: MediaStream, heard: (level: number) => void): () => void {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 512;
  if (stream.getAudioTracks().length > 0) context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    // −60 dB is silence, 0 dB as loud as it gets.
    heard(Math.min(1, Math.max(0, 1 + (10 * Math.log10(power + 1e-9)) / 60)));
  }, 100);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}
