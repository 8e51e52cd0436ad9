/** What is to be closed at the end, last to first. */
export type Closing = (() => Promise<void> | void)[];
