import type { ShowPlan, StudioShow, Texts } from "../../staff/shapes.ts";
import { inZone, ownZone, toUtc } from "../../staff/zones.ts";

/** A show may begin this much later than it was planned for, ms; one further back is a slip of the hand. */
const LATE_MS = 3_600_000;

/** What the plan's form holds while a person types. */
export class Draft {
  title = $state<Texts>({});
  description = $state<Texts>({});
  brand_id = $state("");
  host_person_id = $state("");
  date = $state("");
  time = $state("20:00");
  zone = $state(ownZone());
  cover_media_id = $state<string | null>(null);
  /** It has not begun yet. */
  #planned = $state(true);

  constructor(show?: StudioShow) {
    if (show) this.take(show);
  }

  take(show: StudioShow): void {
    const start = inZone(show.starts_at, show.time_zone);
    this.title = { ...show.titles };
    this.description = { ...show.descriptions };
    this.brand_id = show.brand?.id ?? "";
    this.host_person_id = show.host_person_id ?? "";
    this.date = start.date;
    this.time = start.time;
    this.zone = show.time_zone;
    this.cover_media_id = show.cover?.media_id ?? null;
    this.#planned = show.lifecycle === "planned";
  }

  /** UTC, or null while date and time are not complete. */
  get startsAt(): string | null {
    return toUtc(this.date, this.time, this.zone);
  }

  /** The time of a show that is still to come is over already. */
  get past(): boolean {
    return this.#planned && this.startsAt !== null && Date.parse(this.startsAt) < Date.now() - LATE_MS;
  }

  get plan(): ShowPlan {
    return {
      title: this.title,
      description: this.description,
      brand_id: this.brand_id,
      host_person_id: this.host_person_id,
      starts_at: this.startsAt ?? "",
      time_zone: this.zone,
      cover_media_id: this.cover_media_id,
    };
  }
}
