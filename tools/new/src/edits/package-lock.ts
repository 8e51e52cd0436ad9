interface Lock {
  readonly packages: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Manifests of workspaces as npm notes them in a lock file, by folder; that of the root, or of what is installed. */
export const withWorkspaces = (text: string, manifests: Readonly<Record<string, string>>): string => {
  const lock = JSON.parse(text) as Lock;
  const packages: Record<string, object> = { ...lock.packages };
  for (const [folder, manifest] of Object.entries(manifests)) {
    const { name, version, license, dependencies, devDependencies } = JSON.parse(manifest) as Manifest;
    const needed = { ...(dependencies ? { dependencies } : {}), ...(devDependencies ? { devDependencies } : {}) };
    packages[folder] = { ...lock.packages[folder], name, version, license, ...needed };
    packages[`node_modules/${name}`] = { resolved: folder, link: true };
  }
  const sorted = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
  return `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`;
};
