import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";

export const PHONE = { width: 390, height: 844 } as const;
export const DESKTOP = { width: 1440, height: 900 } as const;

/** Where a failed story leaves the pictures of its pages. */
const EVIDENCE = fileURLToPath(new URL("../../target/e2e/", import.meta.url));

/**
 * Debian's Chromium, without the connections that it makes for itself. Its camera shows a moving pattern and its
 * microphone beeps, without asking.
 */
export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--use-fake-device-for-media-stream",
      "--use-fake-ui-for-media-stream",
    ],
  });
}

export interface Visit {
  url: string;
  size?: { width: number; height: number };
  locale?: "en-GB" | "zh-CN";
}

/** One person's browser: own cookies, size and language. Errors that its pages throw are collected in `errors`. */
export async function person(
  browser: Browser,
  { url, size = PHONE, locale = "en-GB" }: Visit,
): Promise<{ context: BrowserContext; page: Page; errors: string[] }> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { ...size },
    locale,
    timezoneId: "Europe/Paris",
    hasTouch: size.width < 600,
    isMobile: size.width < 600,
    // A request made beside the page proves its origin as the page would.
    extraHTTPHeaders: { Origin: url },
  });
  context.setDefaultTimeout(30_000);
  const errors: string[] = [];
  const page = await context.newPage();
  page.on("pageerror", (error) => errors.push(`${page.url()}: ${error.message}`));
  return { context, page, errors };
}

/** Runs `story`; when it fails, keeps a picture of each page it was on. */
export async function withEvidence(name: string, pages: Page[], story: () => Promise<void>): Promise<void> {
  try {
    await story();
  } catch (error) {
    mkdirSync(EVIDENCE, { recursive: true });
    for (const [index, page] of pages.entries()) {
      // A page that has crashed has no picture; the story's own error says more.
      await page.screenshot({ path: `${EVIDENCE}${name}-${index}.png` }).catch(() => undefined);
    }
    throw error;
  }
}
