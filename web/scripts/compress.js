// Leaves a .gz beside each asset: the gateway sends it as it is, so nothing is compressed twice.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const assets = new URL("../dist/assets/", import.meta.url);
for (const name of readdirSync(assets)) {
  if (!/\.(js|css|svg)$/.test(name)) continue;
  writeFileSync(new URL(`${name}.gz`, assets), gzipSync(readFileSync(new URL(name, assets)), { level: 9 }));
}
