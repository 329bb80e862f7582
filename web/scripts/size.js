// Prints what each page loads before anything is asked for, gzip, and fails past a budget.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

/** Budgets in bytes of gzip JavaScript, by page. */
const budgets = { "show.html": 60_000 };
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL("manifest.json", dist), "utf8"));

function scripts(name, seen = new Set()) {
  const chunk = manifest[name];
  if (!chunk || seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const next of chunk.imports ?? []) scripts(next, seen);
  return seen;
}
const gzip = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;

let over = false;
for (const page of Object.keys(manifest).filter((name) => name.endsWith(".html")).sort()) {
  const bytes = [...scripts(page)].filter((file) => file.endsWith(".js")).reduce((sum, file) => sum + gzip(file), 0);
  const budget = budgets[page];
  const verdict = budget ? (bytes > budget ? `  OVER its budget of ${budget}` : `  within ${budget}`) : "";
  console.log(`${page.padEnd(18)} ${String(bytes).padStart(7)} bytes of gzip JavaScript${verdict}`);
  over ||= budget !== undefined && bytes > budget;
}
if (over) process.exit(1);
