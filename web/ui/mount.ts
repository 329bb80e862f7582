import "./theme.css";
import { type Component, mount } from "svelte";
import { everyQuery } from "../client/call.ts";
import { language } from "./i18n/index.ts";

/** Puts a page's component into its document and tells the API which language to answer in. */
export function mountPage(page: Component): void {
  everyQuery.lang = () => language.now;
  const target = document.getElementById("app");
  if (!target) throw new Error("the page has no #app element");
  mount(page, { target });
}

/** What the server wrote into the document for the first render, if anything: `{ house, me, show, product }`. */
export function bootData<Shape>(): Partial<Shape> {
  const element = document.getElementById("boot");
  if (!element?.textContent) return {};
  try {
    return JSON.parse(element.textContent) as Partial<Shape>;
  } catch {
    // A broken block is the same as none: the page asks the API.
    return {};
  }
}
