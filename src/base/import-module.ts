/** `import()` of a file that is in no bundle. */
let importer = (url: string): Promise<unknown> => import(url);

export const importModule = (url: string): Promise<unknown> => importer(url);

/** For bundles that run as scripts: these cannot import by themselves, so the module that loads them does. */
export function setImporter(own: (url: string) => Promise<unknown>): void {
  importer = own;
}
