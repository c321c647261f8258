// Specs and modules in the language are imported as text; esbuild and vitest have a loader for them.
declare module "*.amem" {
  const text: string;
  export default text;
}
