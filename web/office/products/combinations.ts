/** Every choice of one value from each list, the last list turning fastest; one empty choice where there is no list. */
export function combinations(lists: readonly (readonly string[])[]): string[][] {
  return lists.reduce<string[][]>((made, list) => made.flatMap((one) => list.map((value) => [...one, value])), [[]]);
}

/** The lowest unused of `v1`, `v2`, …: ids stay with their value when its label changes. */
export function nextId(taken: readonly string[]): string {
  let at = 1;
  while (taken.includes(`v${at}`)) at += 1;
  return `v${at}`;
}
