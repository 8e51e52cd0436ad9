/** Settings of Rapport, as a journey may change them. */
export type Settings = Readonly<Record<`RAPPORT_${string}`, string>>;

export const ADMINISTRATOR = 'administrator-of-the-journeys';

/** The whole platform, put together in one way or another and with nothing in it. */
export interface Assembly {
  /** `http://127.0.0.1:3000` */
  readonly address: string;
  /** What its gateway serves, where that is known: `GET /v1/contacts/:id`. */
  readonly routes?: readonly string[];
  /** Stops in good order and starts again on the same data. */
  restart(): Promise<void>;
  /** Nothing is left of it. */
  stop(): Promise<void>;
}
