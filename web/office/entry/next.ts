/** Where to go after the door: the address that was asked for, if it is one of our own, else the fitting first page. */
export function nextAddress(asked: string | null, otherwise: string): string {
  return asked && /^\/(?![/\\])/.test(asked) && !asked.startsWith("/sign-in") ? asked : otherwise;
}
