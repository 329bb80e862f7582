import { mountPage } from "../../ui/mount.ts";
import Page from "./Setup.svelte";

mountPage(Page);
