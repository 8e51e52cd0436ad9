/**
 * From which score on two records are shown to people, and from which on they would be merged without asking, where nothing that is
 * one person's own speaks against it.
 *
 * Chosen on dataset1 of FEBRL alone, without its social security numbers. There 9 and 10 find every pair and no other, and up to 13 one is missed, of
 * whom first name and birth date are both others. The upper half is taken, because a larger list has more pairs that agree by
 * chance. CERTAIN is what an exact name and birth date reach; a name and the town do not. Other sets are measured by the test with what stands here.
 */
export const LIKELY = 12;
export const CERTAIN = 26;
