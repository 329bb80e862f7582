const KEY = "ts.sound";

/** Whether this visit wants sound. Kept for the tab, so that it survives the way to a payment page and back. */
class Sound {
  #wanted = $state(remembered());
  /** The browser refused sound until the page is touched. */
  refused = $state(false);

  get on(): boolean {
    return this.#wanted && !this.refused;
  }

  want(on: boolean): void {
    this.#wanted = on;
    this.refused = false;
    try {
      sessionStorage.setItem(KEY, on ? "on" : "off");
    } catch {
      // Asked again on the next page then.
    }
  }
}

function remembered(): boolean {
  try {
    return sessionStorage.getItem(KEY) === "on";
  } catch {
    return false;
  }
}

export const sound = new Sound();
