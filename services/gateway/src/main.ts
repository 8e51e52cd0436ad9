import { pemOf, processSettings, regionSettings, runProcess } from '@rapport/distributed';
import { privateKeyFrom } from '@rapport/service-kit';
import { contextSettings } from './contexts/context-settings.js';
import { RemoteContexts } from './contexts/remote-contexts.js';
import { createGateway } from './gateway.js';
import { doorSettings, gatewayConfigOf } from './gateway-settings.js';

const settings = { ...doorSettings, ...contextSettings, ...regionSettings, ...processSettings };
const KEY = 'RAPPORT_PRINCIPAL_PRIVATE_KEY';

/** The only public door as a process of its own: config → contexts → listen, until somebody says stop. */
await runProcess('gateway', settings, async (running, config) => {
  const contexts = new RemoteContexts(config, privateKeyFrom(pemOf(config.privateKey, KEY), KEY));
  running.atEnd(() => contexts.close());
  const gateway = await createGateway({
    contexts: contexts.all,
    logger: running.logger,
    readiness: () => running.readiness(),
    metrics: running.telemetry.metrics,
    config: gatewayConfigOf(config),
  });
  running.atEnd(() => gateway.close());
  running.logger.info('Takes requests', { address: gateway.address });
  const { firstSignIn } = gateway;
  // It lets somebody in, and must not end in a log.
  if (firstSignIn?.link && process.stdout.isTTY)
    console.log(`Choose the administrator's password, once: ${firstSignIn.link}`);
  if (firstSignIn?.generated) console.log(`The administrator's token, shown only this once: ${firstSignIn.token}`);
});
