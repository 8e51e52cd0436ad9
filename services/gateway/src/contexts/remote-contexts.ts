import type { KeyObject } from 'node:crypto';
import type { Config } from '@rapport/config';
import { contexts } from '@rapport/contexts';
import { systemClock } from '@rapport/kernel';
import { GrpcBackend, PrincipalSigner } from '@rapport/service-kit';
import type { Context } from '../gateway-options.js';
import type { contextSettings } from './context-settings.js';

/** Every context, each in processes of its own. */
export class RemoteContexts {
  readonly all: readonly (Context & { readonly backend: GrpcBackend })[];

  /** @param key the gateway's private one */
  constructor(config: Config<typeof contextSettings>, key: KeyObject) {
    const signer = new PrincipalSigner(key, systemClock);
    const { callTimeout: deadlineMilliseconds, callConnections: connections } = config;
    this.all = contexts.map(({ name, importKinds }) => {
      const options = { context: name, address: config[`${name}Address`], signer, deadlineMilliseconds, connections };
      return { name, importKinds, backend: new GrpcBackend(options) };
    });
  }

  close(): void {
    for (const { backend } of this.all) backend.close();
  }
}
