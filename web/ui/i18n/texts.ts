import { type Language, language } from "./language.svelte.ts";

/**
 * Makes a dictionary's reader. English gives the shape; every other language must have the same keys and the
 * same arguments, or the types do not hold. `const t = texts({ en, zh }); … {t().basket.title}`
 */
export function texts<Shape>(all: { en: Shape } & Record<Exclude<Language, "en">, NoInfer<Shape>>): () => Shape {
  return () => all[language.now];
}
