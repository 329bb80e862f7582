/** Between the press and the opening of a drop or a question, ms: the time to undo it. */
export const LEAD_MS = 5_000;
