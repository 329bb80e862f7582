import { randomUUID } from "node:crypto";
import type { BrowserContext, Page } from "playwright-core";
import { call } from "./api.ts";

type Act = { t: string } & Record<string, unknown>;

/** One act of the context's person in a show's room; a refusal is an error. */
export async function roomAct(context: BrowserContext, show: string, act: Act): Promise<void> {
  const frame = { ref: randomUUID(), ...act };
  const answer = await call<{ t: string; detail?: string }>(context, "POST", `/shows/${show}/room/commands`, frame);
  if (answer.t !== "ack") throw new Error(`${act.t}: ${answer.detail ?? answer.t}`);
}

/** Writes a line on a viewer's page; the first one asks for a name. */
export async function say(page: Page, name: string, text: string): Promise<void> {
  await page.getByTestId("chat-input").fill(text);
  await page.getByTestId("chat-send").click();
  await page.getByTestId("chat-name").fill(name);
  await page.getByTestId("chat-name-go").click();
  await page.getByTestId("chat-line").filter({ hasText: text }).waitFor();
}
