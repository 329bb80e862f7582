import type { Page } from "playwright-core";
import { axeSource } from "./settings.ts";

interface Finding {
  id: string;
  impact: string | null;
  help: string;
  nodes: { target: unknown[]; html: string }[];
}

/** What axe finds serious or critical on the page as it stands, one line each. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axeSource());
  const findings = await page.evaluate(async () => {
    const axe = (window as unknown as { axe: { run: (root: Document, options: object) => Promise<unknown> } }).axe;
    return (await axe.run(document, { resultTypes: ["violations"] })) as { violations: Finding[] };
  });
  return findings.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, impact, help, nodes }) => `${impact} ${id}: ${help} — ${nodes.map((node) => node.html).join(" ¦ ")}`);
}
