import type { EngineControl } from '@rapport/engines';
import { SECONDS, type Fault } from './trial.js';

/** How long an engine is away: of a trial of 60 seconds 20, if nothing else is said. */
export const AWAY_SECONDS = Number(process.env['RAPPORT_OUTAGE_SECONDS'] ?? Math.round(SECONDS / 3));
/** Three fifths of it remain for what was before and comes after. */
export const OUTAGE_TRIAL_SECONDS = Math.max(SECONDS, Math.ceil(AWAY_SECONDS * 1.6));
const STOPS_AT = 0.2;

/** An engine that is stopped in good order, is away, and is started again with what it had. */
export const stoppedEngine = (name: string, control: EngineControl): Fault => ({
  name: `${name} away for ${AWAY_SECONDS} s`,
  seconds: OUTAGE_TRIAL_SECONDS,
  happen: async ({ at }) => {
    await at(STOPS_AT);
    await control.stop();
    const stopped = performance.now();
    await at(STOPS_AT + AWAY_SECONDS / OUTAGE_TRIAL_SECONDS);
    await control.start();
    return `${Math.round((performance.now() - stopped) / 1_000)} s away`;
  },
});
