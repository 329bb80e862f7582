import type { ShowPlan, StudioShow, Texts } from "../../staff/shapes.ts";
import { inZone, ownZone, toUtc } from "../../staff/zones.ts";

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
  }

  /** UTC, or null while date and time are not complete. */
  get startsAt(): string | null {
    return toUtc(this.date, this.time, this.zone);
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
