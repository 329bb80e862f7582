import { mountPage } from "../../ui/mount.ts";
import Page from "./Page.svelte";

mountPage(Page);
// The picture's code comes while the page asks what there is to see, not after.
void import("../../player/hls.ts");
