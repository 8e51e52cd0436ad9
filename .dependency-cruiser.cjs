/** The import rules inside a service, and those that tags on whole packages cannot express. */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that import each other cannot be understood, or changed, one at a time.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'The import leads nowhere: a typing mistake, or a deep import that the package does not export.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '/dist/' },
    },
    {
      name: 'domain-is-pure',
      comment:
        'The domain decides; it imports the kernel, what a custom field is, and itself, no store, no framework, no module of Node.',
      severity: 'error',
      from: { path: '^services/([^/]+)/src/domain/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: ['^libs/(kernel|custom-fields)/', '^services/$1/src/domain/'] },
    },
    {
      name: 'adapters-only-from-main',
      comment: 'Only main.ts knows which adapters stand behind the ports.',
      severity: 'error',
      from: {
        path: '^(libs|services|tools/cli)/',
        pathNot: [
          '^services/[^/]+/src/main\\.ts$',
          '^services/standalone/',
          '^libs/adapters/',
          '^libs/distributed/',
          '^libs/testing/',
        ],
      },
      to: { path: '^libs/(adapters|distributed)/' },
    },
    {
      name: 'adapters-apart',
      comment: 'One adapter never leans on another.',
      severity: 'error',
      from: { path: '^libs/adapters/([^/]+)/' },
      to: { path: '^libs/adapters/', pathNot: '^libs/adapters/$1/' },
    },
    {
      name: 'services-apart',
      comment: 'Services hear of each other through integration events only.',
      severity: 'error',
      from: { path: '^services/([^/]+)/', pathNot: '^services/standalone/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'libraries-below-services',
      comment: 'A library that knows a service is part of that service.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^services/' },
    },
    {
      name: 'scopes-only-from-access',
      comment: 'What a reader may see is decided in one place. Ask libs/access for a scope.',
      severity: 'error',
      from: { pathNot: ['^libs/(access|read-models)/', '\\.spec\\.ts$'] },
      to: { path: '^libs/read-models/src/scope/' },
    },
    {
      name: 'testing-only-in-tests',
      comment: 'What helps tests must not be shipped.',
      severity: 'error',
      from: { path: '^(libs|services)/', pathNot: ['\\.spec\\.ts$', '^libs/testing/'] },
      to: { path: '^libs/testing/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules|/dist/' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
};
