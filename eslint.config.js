// Strict, type-checked rules; the order of stages is data in scripts/stages.json.
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";
import { stageOrder } from "./scripts/lint/stage-order.mjs";

export default defineConfig(
  globalIgnores(["dist/", "out/", "node_modules/", "bench/peers/", "editors/*/dist/", "**/*.validate.*"]),
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { amemc: { rules: { "stage-order": stageOrder } } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "amemc/stage-order": "error",
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-console": "error",
      "no-restricted-syntax": [
        "error",
        { selector: "ExportDefaultDeclaration", message: "Name what you export." },
        { selector: "TSEnumDeclaration", message: "Use a union of strings." },
      ],
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "separate-type-imports" }],
      "@typescript-eslint/consistent-type-exports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-unnecessary-condition": [
        "error",
        { allowConstantLoopConditions: "only-allowed-literals" },
      ],
    },
  },
  {
    // Tools of the repository talk to the terminal and are configured by default exports.
    files: ["scripts/**", "bench/**", "*.config.*", "test/**"],
    rules: { "no-console": "off" },
  },
  { files: ["*.config.*", "**/*.d.ts"], rules: { "no-restricted-syntax": "off" } },
);
