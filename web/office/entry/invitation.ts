import { mountPage } from "../../ui/mount.ts";
import Page from "./Invitation.svelte";

mountPage(Page);
