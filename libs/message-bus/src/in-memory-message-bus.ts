import { InMemoryMessageLog } from './in-memory-message-log.js';
import { LocalMessageBus } from './local-message-bus.js';
import type { OnTrouble } from './trouble.js';

/** For tests and throw-away runs: messages live as long as the bus. */
export class InMemoryMessageBus extends LocalMessageBus {
  constructor(onTrouble?: OnTrouble) {
    super(new InMemoryMessageLog(), onTrouble);
  }
}
