import { Problem } from "../client/problem.ts";
import { failure } from "../ui/failure.ts";
import { toasts } from "../ui/toasts.svelte.ts";
import { session } from "./session.svelte.ts";

/**
 * One thing that a person asks of the server: busy while it runs, its refusal kept for the fields that it names.
 * A second press while it runs does nothing.
 */
export class Act {
  busy = $state(false);
  error = $state.raw<unknown>(null);

  /** True when it went through. What goes wrong stays in `error`; `aloud` also says it in a notice. */
  async run(work: () => Promise<unknown>, aloud = true): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.error = null;
    try {
      await work();
      return true;
    } catch (error) {
      if (error instanceof Problem && error.status === 401 && error.code !== "sign_in_failed") {
        session.lapse();
        return false;
      }
      this.error = error;
      if (aloud) toasts.say(failure(error), "bad");
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** Whether it was refused with one of these codes. */
  refusedAs(...codes: string[]): boolean {
    return this.error instanceof Problem && codes.includes(this.error.code);
  }

  /** The server's sentence for a field, by its dotted name (`texts.title`, `variants.0.sku`). */
  field(name: string): string | undefined {
    if (!(this.error instanceof Problem)) return undefined;
    const pointer = `/${name.replaceAll(".", "/")}`;
    return this.error.fields.find((one) => one.field === name || one.field === pointer)?.detail;
  }

  /** As {@link field}, for anything at or below a name. */
  under(name: string): string | undefined {
    if (!(this.error instanceof Problem)) return undefined;
    return this.error.fields.find((one) => one.field === name || one.field.startsWith(`${name}.`))?.detail;
  }

  /** The sentence that belongs to no field. */
  get sentence(): string | undefined {
    return this.error ? failure(this.error) : undefined;
  }
}
