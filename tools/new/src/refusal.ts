/** Why nothing was written, in a sentence for whoever asked. */
export class Refusal extends Error {}
