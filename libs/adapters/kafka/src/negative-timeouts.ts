let quiet = false;

/**
 * The client's request queue asks for timers in the past, which Node answers with a warning once per process. It means
 * nothing, and only that one is kept out.
 */
export const keepNegativeTimeoutsQuiet = (): void => {
  if (quiet) return;
  quiet = true;
  const emitWarning = process.emitWarning.bind(process) as (...warning: unknown[]) => void;
  process.emitWarning = (...warning: unknown[]): void => {
    if (warning[1] === 'TimeoutNegativeWarning' && new Error().stack?.includes('kafkajs')) return;
    emitWarning(...warning);
  };
};
