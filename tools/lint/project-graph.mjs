import { createProjectGraphAsync } from '@nx/devkit';

/** Writes Nx's graph of the packages to its cache, where the lint rule for module boundaries finds it. */
await createProjectGraphAsync({ exitOnError: true });
process.exit(0);
