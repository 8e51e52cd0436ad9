/** Whether a process takes calls, and what keeps it from that. */
export interface ReadinessReport {
  readonly ready: boolean;
  readonly parts: readonly ReadinessPart[];
}

export interface ReadinessPart {
  readonly name: string;
  readonly ready: boolean;
  /** What is missing, when something is. */
  readonly detail?: string;
}

/** Something that a context works with: a file, a server. */
export interface Dependency extends ReadinessPart {
  /** Without it nothing can be stored, and the context takes no calls. */
  readonly needed: boolean;
}

/** Whether a context takes calls, as far as that depends on others. */
export const needed = (dependencies: readonly Dependency[]): readonly ReadinessPart[] =>
  dependencies.filter((each) => each.needed).map(({ needed: _, ...part }) => part);
