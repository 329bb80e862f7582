import { expect } from "vitest";
import { call } from "../api.ts";
import { openBoutique, planShow, stockProduct } from "../boutique.ts";
import { DESKTOP, person, withEvidence } from "../browser.ts";
import { paidOrder, pay, reachLastButton } from "../buying.ts";
import { pictureMoves, playedTo } from "../picture.ts";
import { say } from "../room.ts";
import { snapshot } from "../snapshot.ts";
import { story } from "../story.ts";

story("a boutique's evening: plan, rehearse, go live, chat, pin, list on air, sell the last piece, end", async ({ browser, house }) => {
  const host = await person(browser, { url: house.url, size: DESKTOP });
  const anna = await person(browser, { url: house.url });
  const bo = await person(browser, { url: house.url });
  const pages = [host.page, anna.page, bo.page];
  await withEvidence("evening", pages, async () => {
    // Plan.
    const boutique = await openBoutique(house, host.context);
    const scarf = { title: "Twill scarf", sku: "SCARF", minor: 19_800, onHand: 1 };
    const belt = { title: "Woven belt", sku: "BELT", minor: 8_800, onHand: 20 };
    const pieces = [];
    for (const piece of [belt, scarf]) pieces.push(await stockProduct(host.context, boutique, piece));
    const show = await planShow(host.context, boutique, pieces);
    const desk = host.page.getByTestId.bind(host.page);
    await host.page.goto(`/studio/shows/${show.id}/desk`);

    // Rehearse: the picture is the staff's alone.
    const refused = house.broadcast("wrong-key");
    await expect.poll(() => refused.onAir, { timeout: 15_000 }).toBe(false);
    await desk("rehearse").click();
    await desk("rehearsal-notice").waitFor();
    const encoder = house.broadcast(show.key);
    await pictureMoves(host.page);
    await anna.page.goto(`/shows/${show.id}`);
    await anna.page.getByText("Silk, an evening").first().waitFor();
    expect(await anna.page.getByTestId("video").count(), "a rehearsal has no picture for viewers").toBe(0);
    const [trying] = await Promise.all([host.context.waitForEvent("page"), desk("try-rehearsal").click()]);
    await pictureMoves(trying);
    await trying.close();

    // Go live: the lobby becomes the room by itself.
    await desk("go-live").click();
    await desk("go-live-confirm").click();
    await pictureMoves(anna.page);
    await bo.page.goto(`/shows/${show.id}`);
    await pictureMoves(bo.page);

    // Chat: one's own line at once, everybody's soon.
    await say(anna.page, "Anna", "Is it hand rolled?");
    await bo.page.getByTestId("chat-line").filter({ hasText: "Is it hand rolled?" }).waitFor();
    await host.page.getByTestId("desk-chat-line").filter({ hasText: "Is it hand rolled?" }).waitFor();

    // Pin the scarf, of which there is one. Both reach the last button; one gets it.
    await desk("pin-2").click();
    for (const viewer of [anna, bo]) {
      await viewer.page.getByTestId("pinned-card").filter({ hasText: "Twill scarf" }).waitFor();
      await reachLastButton(viewer.page);
    }
    const watched = await playedTo(bo.page);
    await pay(anna.page);
    const { number, address } = await paidOrder(anna.page);
    await bo.page.getByTestId("place-order").click();
    await bo.page.getByText(/sold out/i).first().waitFor();
    expect(await playedTo(bo.page), "the picture went on while Bo was buying").toBeGreaterThan(watched);

    // List a piece on air, from a phone; it has the next number and is for sale at once.
    const phone = await host.context.newPage();
    pages.push(phone);
    await phone.goto(`/studio/shows/${show.id}/list`);
    await phone.getByTestId("list-picture").setInputFiles(await snapshot(browser));
    await phone.getByTestId("list-title").fill("Cufflinks, 1960s");
    await phone.getByTestId("list-price").fill("145");
    await phone.getByTestId("list-submit").click();
    await phone.getByTestId("listed").filter({ hasText: "3" }).waitFor();
    await desk("pin-3").click();
    await bo.page.goto(`/shows/${show.id}`);
    await bo.page.getByTestId("pinned-card").filter({ hasText: "Cufflinks" }).waitFor();

    // The encoder falls out and comes back: the player goes on by itself.
    await encoder.cut();
    await bo.page.getByTestId("away").waitFor();
    house.broadcast(show.key);
    await bo.page.getByTestId("away").waitFor({ state: "hidden" });
    await pictureMoves(bo.page);

    // End, in two steps: a screen, not black.
    await desk("end").click();
    await desk("end-confirm").click();
    await bo.page.getByTestId("ended").waitFor();

    // The office has the one order, paid, and sends it; the buyer sees that.
    const { items } = await call<{ items: { id: string }[] }>(host.context, "GET", "/office/orders?state=paid");
    expect(items.length, "orders that are paid").toBe(1);
    await host.page.goto("/office");
    await host.page.getByTestId("order-row").filter({ hasText: number }).waitFor();
    await host.page.goto(`/office/orders/${items[0]?.id}`);
    await host.page.getByTestId("mark-sent").click();
    await host.page.getByTestId("carrier").fill("La Poste");
    await host.page.getByTestId("tracking-number").fill("6A1234567890");
    await host.page.getByTestId("mark-sent-confirm").click();
    await host.page.getByText("6A1234567890").first().waitFor();
    await anna.page.goto(address);
    await anna.page.getByText("6A1234567890").first().waitFor();
    expect([...host.errors, ...anna.errors, ...bo.errors]).toEqual([]);
  });
});
