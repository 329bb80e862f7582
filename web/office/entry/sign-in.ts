import { mountPage } from "../../ui/mount.ts";
import Page from "./SignIn.svelte";

mountPage(Page);
