import { fork } from 'node:child_process';
import { programOf } from '../workplace/server.js';
import type { Workplace } from '../workplace/workplace.js';
import type { LoadOrder, LoadSeen } from './load.js';

/** Puts load on a server from a process of its own and resolves to what that has seen. */
export const runLoad = (workplace: Workplace, order: LoadOrder): Promise<LoadSeen> =>
  new Promise((resolve, reject) => {
    const child = fork(programOf('load/load.js'), { execArgv: [] });
    workplace.started(child);
    child.once('message', (seen) => resolve(seen as LoadSeen));
    child.once('exit', (code) => reject(new Error(`The load ended with ${code} and has seen nothing.`)));
    child.send(order);
  });
