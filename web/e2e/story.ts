import type { Browser } from "playwright-core";
import { test } from "vitest";
import { launch } from "./browser.ts";
import { House } from "./house.ts";

/** A test that has a browser and a house of its own; both end behind it. */
export const story = test.extend<{ browser: Browser; house: House }>({
  browser: async ({}, use) => {
    const browser = await launch();
    await use(browser);
    await browser.close();
  },
  house: async ({}, use) => {
    const house = await House.open();
    await use(house);
    await house.close();
  },
});
