import type { TriviaDraft, TriviaRow } from "../../staff/trivia.ts";
import { triviaWords } from "../../staff/words/trivia.ts";

/** What the question's form holds while a person types. */
export class Draft {
  number = $state("");
  variant_id = $state("");
  question = $state("");
  /** One a line. */
  answers = $state("");
  typo = $state(true);
  /** Percent. */
  off = $state("5");
  /** Seconds for answers, minutes to pay. */
  window = $state("30");
  hold = $state("10");
  errors = $state<Record<string, string>>({});

  constructor(from?: TriviaRow, number?: number) {
    if (number !== undefined) this.number = String(number);
    if (!from) return;
    this.number = String(from.number);
    this.variant_id = from.variant_id;
    this.question = from.question;
    this.answers = from.answers.join("\n");
    this.typo = from.typo;
    this.off = String(from.basis_points / 100);
    this.window = String(from.window_s);
    this.hold = String(from.hold.minutes ?? 10);
  }

  /** The body to send, or null where something is missing: `errors` says what. */
  check(): TriviaDraft | null {
    const w = triviaWords();
    const errors: Record<string, string> = {};
    const answers = this.answers.split("\n").map((line) => line.trim()).filter(Boolean);
    const typed = this.off.trim().replace(",", ".");
    const basis_points = /^\d{1,3}(\.\d{1,2})?$/.test(typed) ? Math.round(Number(typed) * 100) : 0;
    if (!this.question.trim()) errors["question"] = w.needQuestion;
    if (answers.length === 0) errors["answers"] = w.needAnswers;
    if (basis_points < 1 || basis_points > 10_000) errors["basis_points"] = w.needOff;
    this.errors = errors;
    if (Object.keys(errors).length > 0) return null;
    return {
      number: Number(this.number),
      variant_id: this.variant_id,
      question: this.question.trim(),
      answers,
      typo: this.typo,
      basis_points,
      hold: { minutes: Number(this.hold) },
      window_s: Number(this.window),
    };
  }
}
