/** Whether a process can do its work, part by part. */
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
