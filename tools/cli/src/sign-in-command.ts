import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Beside `src` and `dist` alike. It opens what only the server's own program knows, so it is that program. */
const PROGRAM = fileURLToPath(new URL('../../../services/standalone/dist/sign-in.js', import.meta.url));

/** Makes a new administrator's token on this machine; nothing may run on the data folder meanwhile. */
export const signIn = async (): Promise<number> => {
  const program = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', PROGRAM], { stdio: 'inherit' });
  const [code] = (await once(program, 'exit')) as [number | null];
  return code ?? 2;
};
