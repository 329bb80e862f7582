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
