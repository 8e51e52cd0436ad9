import { openEngines, openHealth, runProcess, serveContext, serviceSettings } from '@rapport/distributed';
import { contactsModule } from './contacts.module.js';

/** The contacts context as a process of its own: config → engines → module → listen, until somebody says stop. */
await runProcess('contacts', serviceSettings, async (running, config) => {
  const health = await openHealth(running, config);
  const engines = await openEngines(running, config);
  await serveContext(running, contactsModule(engines), config, health);
});
