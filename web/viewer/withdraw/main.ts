import { mountPage } from "../../ui/mount.ts";
import Page from "./Page.svelte";

mountPage(Page);
