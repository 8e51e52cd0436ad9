import { expect, it } from '@jest/globals';
import { merged } from './merged-metrics.js';

it('makes one text of two: every metric is described once, above the samples of both', () => {
  const one = '# HELP a counts\n# TYPE a counter\na{x="1"} 1\n# HELP b is\n# TYPE b gauge\nb 2\n';
  const other = '# HELP a counts\n# TYPE a counter\na{thread="followers"} 3\n# TYPE c gauge\nc 4\n';
  expect(merged(one, other)).toBe(
    '# HELP a counts\n# TYPE a counter\na{x="1"} 1\na{thread="followers"} 3\n# HELP b is\n# TYPE b gauge\nb 2\n# TYPE c gauge\nc 4\n',
  );
  expect(merged(one, '')).toBe(one);
});
