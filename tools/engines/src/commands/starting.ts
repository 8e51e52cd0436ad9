const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** While engines start there is nothing to finish on a signal: what runs by then ends with this process. */
export const starting = async <T>(start: Promise<T>): Promise<T> => {
  const leave = (): never => process.exit(130);
  for (const signal of SIGNALS) process.on(signal, leave);
  try {
    return await start;
  } finally {
    for (const signal of SIGNALS) process.off(signal, leave);
  }
};
