import { describe, expect, it } from '@jest/globals';
import { withDependencies, withReferences } from './manifests.js';
import { withBlock } from './marked-block.js';

describe('a block that a program writes', () => {
  const text = 'a:\n  # names: made by npm run contexts\n  - old\n  # end\nb:\n';

  it('is replaced, as far in as its mark', () => {
    expect(withBlock(text, 'names', ['- x', '- y'])).toBe(
      'a:\n  # names: made by npm run contexts\n  - x\n  - y\n  # end\nb:\n',
    );
    expect(withBlock(withBlock(text, 'names', ['- x']), 'names', ['- old'])).toBe(text);
  });

  it('has to be there', () => {
    expect(() => withBlock(text, 'others', [])).toThrow(/"# others: made by npm run contexts" and "# end" are missing/);
  });
});

describe('manifests', () => {
  it('get what is missing, and are left alone when nothing is', () => {
    const tsconfig = '{\n  "include": ["*"],\n  "references": [\n    {\n      "path": "../a"\n    }\n  ]\n}\n';
    expect(withReferences(tsconfig, ['../a'])).toBe(tsconfig);
    expect(JSON.parse(withReferences(tsconfig, ['../a', '../b']))).toEqual({
      include: ['*'],
      references: [{ path: '../a' }, { path: '../b' }],
    });
    const manifest = '{ "version": "1.0.0", "dependencies": { "@rapport/b": "1.0.0" } }';
    expect(
      Object.entries((JSON.parse(withDependencies(manifest, ['@rapport/a'])) as { dependencies: object }).dependencies),
    ).toEqual([
      ['@rapport/a', '1.0.0'],
      ['@rapport/b', '1.0.0'],
    ]);
  });
});
