import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { shareOut } from './group-assigner.js';

const TOPICS = ['contacts', 'sales', 'tickets'];
const partitionsOf = (topic: string): number[] => Array.from({ length: topic.length }, (_, n) => n);

it('gives every partition to one member that asked for its topic, evenly, whatever order the members come in', () => {
  const members = fc.uniqueArray(fc.record({ memberId: fc.string({ minLength: 1 }), topics: fc.subarray(TOPICS) }), {
    selector: ({ memberId }) => memberId,
    maxLength: 8,
  });
  fc.assert(
    fc.property(members, (given) => {
      const shares = shareOut(given, partitionsOf);
      expect(shareOut([...given].reverse(), partitionsOf)).toEqual(shares);
      for (const topic of TOPICS) {
        const wanting = given.filter(({ topics }) => topics.includes(topic)).map(({ memberId }) => memberId);
        const owners = [...shares].filter(([, assignment]) => assignment[topic] !== undefined).map(([owner]) => owner);
        expect(wanting).toEqual(expect.arrayContaining(owners));
        const shared = [...shares.values()].flatMap((assignment) => assignment[topic] ?? []);
        expect(shared.sort((one, other) => one - other)).toEqual(wanting.length > 0 ? partitionsOf(topic) : []);
      }
    }),
  );
});

it('gives members that ask for the same equal shares', () => {
  const shares = shareOut(
    ['a', 'b', 'c'].map((memberId) => ({ memberId, topics: ['contacts', 'tickets'] })),
    partitionsOf,
  );
  const counts = [...shares.values()].map((assignment) => Object.values(assignment).flat().length);
  expect(counts).toEqual([5, 5, 5]);
});
