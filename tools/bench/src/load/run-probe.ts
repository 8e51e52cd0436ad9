import { fork } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { programOf } from '../workplace/server.js';
import type { Workplace } from '../workplace/workplace.js';
import type { ProbeOrder, ProbeSeen } from './probe.js';

/** Before and after what is done, so that its first and last moments are seen as well. */
const MARGIN_MILLISECONDS = 300;

/** What somebody else sees, in a process of its own, while something is done. */
export const probeDuring = async (
  workplace: Workplace,
  order: ProbeOrder,
  work: () => Promise<void>,
): Promise<ProbeSeen> => {
  const child = fork(programOf('load/probe.js'), { execArgv: [] });
  workplace.started(child);
  const seen = new Promise<ProbeSeen>((resolve, reject) => {
    child.once('message', (message) => resolve(message as ProbeSeen));
    child.once('exit', (code) => reject(new Error(`The probe ended with ${code} and has seen nothing.`)));
  });
  seen.catch(() => undefined);
  child.send(order);
  await pause(MARGIN_MILLISECONDS);
  await work();
  await pause(MARGIN_MILLISECONDS);
  child.send('stop');
  return seen;
};
