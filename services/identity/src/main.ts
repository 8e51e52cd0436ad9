import {
  openEngines,
  openFormerEvents,
  openHealth,
  runProcess,
  serveContext,
  serviceSettings,
} from '@rapport/distributed';
import { adoptTokens } from './adoption/adopt-tokens.js';
import { identityModule } from './identity.module.js';

/** The identity context as a process of its own: config → engines → module → listen, until somebody says stop. */
await runProcess('identity', serviceSettings, async (running, config) => {
  const health = await openHealth(running, config);
  const engines = await openEngines(running, config);
  await adoptTokens(engines, async () => {
    const events = openFormerEvents('gateway', config);
    return { events, close: () => events.close() };
  });
  await serveContext(running, identityModule(engines), config, health);
});
