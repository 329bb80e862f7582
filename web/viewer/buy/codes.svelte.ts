const KEY = "codes";

/** The codes that this buyer typed: kept until the browser closes, since a basket outlives a page. */
class Codes {
  list = $state.raw<string[]>((sessionStorage.getItem(KEY) ?? "").split(",").filter(Boolean));

  set(list: string[]): void {
    this.list = list;
    sessionStorage.setItem(KEY, list.join());
  }
}

export const codes = new Codes();
