/** Something to be read by one person, as text. */
export interface Letter {
  /** Names it, so that a copy is known for one: letters, digits, `.` and `-`. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** How Rapport writes to people. */
export interface Mail {
  /** Where they find Rapport: every link begins with it. Without a slash at its end. */
  readonly publicUrl: string;
  /** Resolves once somebody has taken it over. @throws Error where nobody does; it may be sent again then */
  send(letter: Letter): Promise<void>;
}
