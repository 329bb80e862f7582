import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vitest/config";
import { prettyAddresses } from "./scripts/addresses.ts";

const root = fileURLToPath(new URL(".", import.meta.url));
/** Every html file at the root is a page; the gateway serves it under the addresses in scripts/addresses.ts. */
const pages = readdirSync(root).filter((name) => name.endsWith(".html"));
const gateway = process.env["TRUNKSHOW_URL"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  root,
  plugins: [svelte(), tailwindcss(), prettyAddresses()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    manifest: "manifest.json",
    reportCompressedSize: false,
    rolldownOptions: { input: pages.map((name) => `${root}${name}`) },
  },
  server: {
    port: 5173,
    // The house takes unsafe requests from its own origin alone, so it must see the host that the browser sees.
    proxy: {
      "/api": { target: gateway, ws: true, changeOrigin: false },
      "/air": { target: gateway, changeOrigin: false },
      "/media": { target: gateway, changeOrigin: false },
    },
  },
  test: { include: ["**/*.test.ts"], exclude: ["node_modules/**", "dist/**", "e2e/**"] },
});
