import type { Browser } from "playwright-core";

/** A photograph as a phone would take it, for a file field: drawn by the browser, so that none is kept in the tree. */
export async function snapshot(browser: Browser): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const page = await browser.newPage({ viewport: { width: 900, height: 1200 } });
  await page.setContent(
    `<body style="margin:0;background:#e9e2d8;display:grid;place-items:center;height:100vh">
       <div style="width:420px;height:420px;border-radius:50%;background:radial-gradient(circle at 30% 30%,#fff,#7a6a58)">`,
  );
  const buffer = await page.screenshot({ type: "jpeg", quality: 85 });
  await page.close();
  return { name: "snapshot.jpg", mimeType: "image/jpeg", buffer };
}
