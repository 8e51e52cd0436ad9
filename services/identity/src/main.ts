import { openEngines, openHealth, runProcess, serveContext, serviceSettings } from '@rapport/distributed';
import { identityModule } from './identity.module.js';

/** The identity context as a process of its own: config → engines → module → listen, until somebody says stop. */
await runProcess('identity', serviceSettings, async (running, config) => {
  const health = await openHealth(running, config);
  const engines = await openEngines(running, config);
  await serveContext(running, identityModule(engines), config, health);
});
