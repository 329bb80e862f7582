import { execFileSync } from "node:child_process";

/** A file as ffprobe reads it; every picture and sound of it is decoded, and a complaint is an error. */
export function probe(file: string): { streams: string[]; seconds: number } {
  execFileSync("ffmpeg", ["-v", "error", "-xerror", "-i", file, "-f", "null", "-"]);
  const entries = "stream=codec_name,width,height:format=duration";
  const told = execFileSync("ffprobe", ["-v", "error", "-show_entries", entries, "-of", "json", file], { encoding: "utf8" });
  const { streams, format } = JSON.parse(told) as {
    streams: { codec_name: string; width?: number; height?: number }[];
    format: { duration: string };
  };
  return {
    streams: streams.map((one) => (one.width ? `${one.codec_name} ${one.width}x${one.height}` : one.codec_name)),
    seconds: Number(format.duration),
  };
}
