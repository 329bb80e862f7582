import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";

export default ts.config(
  { ignores: ["dist/", "node_modules/", "client/schema.d.ts"] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      // TypeScript knows which names exist, better than eslint does.
      "no-undef": "off",
      // vitest reads from the pattern which fixtures a fixture needs, and wants one where it needs none.
      "no-empty-pattern": ["error", { allowObjectPatternsAsParameters: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "max-len": ["error", { code: 120, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true }],
      "max-lines": ["error", { max: 380, skipBlankLines: true }],
    },
  },
  {
    // A dictionary is one list, however long; past 600 lines it is two.
    files: ["**/words/*.ts"],
    rules: { "max-lines": ["error", { max: 600, skipBlankLines: true }] },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: {
      // Pages are separate documents: addresses are plain strings, there is no router to resolve them.
      "svelte/no-navigation-without-resolve": "off",
      "max-len": "off",
    },
  },
);
