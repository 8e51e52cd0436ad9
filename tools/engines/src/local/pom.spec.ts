import { expect, it } from '@jest/globals';
import { pomOf } from './pom.js';

it('depends on each artifact in its version', () => {
  expect(pomOf(['org.a:one:1.2', 'org.b:two:3']).match(/<dependency>.*<\/dependency>/g)).toEqual([
    '<dependency><groupId>org.a</groupId><artifactId>one</artifactId><version>1.2</version></dependency>',
    '<dependency><groupId>org.b</groupId><artifactId>two</artifactId><version>3</version></dependency>',
  ]);
});
