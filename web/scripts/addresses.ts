import type { Plugin } from "vite";

/** Address pattern → html page, as the gateway serves them. The first match wins. */
export const addresses: ReadonlyArray<readonly [RegExp, string]> = [
  [/^\/$/, "home.html"],
  [/^\/shows\/[^/]+$/, "show.html"],
  [/^\/products\/[^/]+$/, "product.html"],
  [/^\/search$/, "search.html"],
  [/^\/basket$/, "basket.html"],
  [/^\/checkout$/, "checkout.html"],
  [/^\/orders\/[^/]+$/, "order.html"],
  [/^\/account$/, "account.html"],
  [/^\/camera\/[^/]+$/, "camera.html"],
  [/^\/sandbox\/pay\/[^/]+$/, "sandbox.html"],
  [/^\/studio(\/|$)/, "studio.html"],
  [/^\/office(\/|$)/, "office.html"],
  [/^\/sign-in$/, "sign-in.html"],
  [/^\/setup$/, "setup.html"],
  [/^\/invitation$/, "invitation.html"],
  [/^\/withdraw$/, "withdraw.html"],
];

/** Lets the development server answer the addresses that the gateway answers in production. */
export function prettyAddresses(): Plugin {
  return {
    name: "pretty-addresses",
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        const path = (request.url ?? "/").split("?")[0] ?? "/";
        // A module's own path (/studio/main.ts) lies under an address, but is a file.
        const page = path.includes(".") ? undefined : addresses.find(([pattern]) => pattern.test(path))?.[1];
        if (page) request.url = `/${page}`;
        next();
      });
    },
  };
}
