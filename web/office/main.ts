import { mountPage } from "../ui/mount.ts";
import App from "./App.svelte";

mountPage(App);
