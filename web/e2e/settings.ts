import { readFileSync } from "node:fs";

/** What `cargo xtask` tells a story through the environment. */
export function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run this story through cargo xtask`);
  return value;
}

/** The JSON of the ready line that a house prints (`trunkshow serve`, `trunkshow demo`). */
export interface Ready {
  url: string;
  rtmp: string;
  /** The one-time address that makes the owner; only on the first start of an empty house. */
  setup: string | null;
}

export interface StaffSignIn {
  role: string;
  email: string;
  password: string;
}

/** The ready line of the furnished demo. */
export interface DemoReady extends Ready {
  show: string;
  scheduled: string;
  product: string;
  order: string;
  order_key: string;
  staff: StaffSignIn[];
}

export function demo(): DemoReady {
  return JSON.parse(setting("TRUNKSHOW_READY")) as DemoReady;
}

/** The source of axe, evaluated in pages: their content security policy forbids a script tag of ours. */
export const axeSource = (): string =>
  readFileSync(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
