import { openEngines, openHealth, runProcess, serveContext, serviceSettings } from '@rapport/distributed';
import { salesModule } from './sales.module.js';

/** The sales context as a process of its own: config → engines → module → listen, until somebody says stop. */
await runProcess('sales', serviceSettings, async (running, config) => {
  const health = await openHealth(running, config);
  const engines = await openEngines(running, config);
  await serveContext(running, salesModule(engines), config, health);
});
