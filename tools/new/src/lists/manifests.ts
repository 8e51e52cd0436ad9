interface Tsconfig {
  readonly references: readonly { readonly path: string }[];
}

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** The tsconfig.json with these packages among those that it builds on; the others stay as they are. */
export const withReferences = (text: string, paths: readonly string[]): string => {
  const tsconfig = JSON.parse(text) as Tsconfig;
  const present = tsconfig.references.map(({ path }) => path);
  const missing = paths.filter((path) => !present.includes(path));
  const added = missing.map((path) => `,\n    {\n      "path": "${path}"\n    }`).join('');
  return text.replace(/\n {2}\]\n\}\n$/, (end) => added + end);
};

/** The package.json with these packages of the workspace among those that it needs. */
export const withDependencies = (text: string, names: readonly string[]): string => {
  const manifest = JSON.parse(text) as Manifest;
  const missing = names.filter((name) => !(name in manifest.dependencies));
  if (missing.length === 0) return text;
  const all = { ...manifest.dependencies, ...Object.fromEntries(missing.map((name) => [name, manifest.version])) };
  const dependencies = Object.fromEntries(Object.entries(all).sort(byName));
  return `${JSON.stringify({ ...manifest, dependencies }, null, 2)}\n`;
};

const byName = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : 1);
