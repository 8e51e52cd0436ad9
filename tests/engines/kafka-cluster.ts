/** The brokers that the runner found or started. */
export const kafkaBrokers = (): readonly string[] => {
  const brokers = process.env['KAFKA_BROKERS'];
  if (!brokers) throw new Error('KAFKA_BROKERS is not set. Run the suites of engines with: npm run test:engines');
  return brokers.split(',');
};

const control = process.env['RAPPORT_ENGINES_CONTROL'];

/** Only a broker that the runner started itself may be restarted. */
export const restartsKafka = control !== undefined;

/** Ends the broker hard and resolves once it answers again. */
export const restartKafka = async (): Promise<void> => {
  await tellKafka('kill');
  await tellKafka('start');
};

/** Resolves once it is done. */
export const tellKafka = async (what: 'stop' | 'start' | 'restart' | 'kill'): Promise<void> => {
  const answer = await fetch(`${control}/kafka/${what}`, { method: 'POST' });
  if (!answer.ok) throw new Error(`Kafka would not ${what}: ${answer.status} ${await answer.text()}`);
};
