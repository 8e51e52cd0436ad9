import { Worker } from 'node:worker_threads';
import { followersHeap } from '../heap.js';

/** What a thread is made of. Where this runs from its sources, as in tests, the thread runs what was built of them. */
const PROGRAM = new URL('../../dist/thread/follow.js', import.meta.url);

/** A thread that loads what is needed to follow, and then waits to be told what. */
export const launch = (): Worker => new Worker(PROGRAM, { name: 'followers', resourceLimits: followersHeap() });
