import { addressVariable, type ContextName, contextNames, ofEachContext } from '@rapport/contexts';
import type { Api } from '../workplace/api.js';
import type { Server } from '../workplace/server.js';
import type { Workplace } from '../workplace/workplace.js';
import type { Installation, Settings } from './installation.js';
import { type Service, type ServiceName, startService } from './service.js';
import type { NamedProcess, Side } from './side.js';

/** Every service in processes of its own, on the engines of one installation. */
export class Fleet implements Side {
  readonly name = 'distributed';
  readonly #contexts = ofEachContext((): Service[] => []);
  readonly #gateways: Service[] = [];

  private constructor(
    private readonly workplace: Workplace,
    private readonly installation: Installation,
    private readonly settings: Settings,
  ) {}

  /** One process of each service, one after the other, so that their start times tell something. */
  static async start(workplace: Workplace, installation: Installation, settings: Settings = {}): Promise<Fleet> {
    const fleet = new Fleet(workplace, installation, settings);
    for (const name of contextNames) await fleet.#startContext(name);
    await fleet.#startGateway();
    return fleet;
  }

  /** One more replica of contacts, and a gateway that knows of it in the place of the one before. */
  async addContacts(): Promise<void> {
    await this.#startContext('contacts');
    await this.#stop(this.#gateways);
    await this.#startGateway();
  }

  /** What comes for it waits on the bus. */
  stopSales(): Promise<void> {
    return this.#stop(this.#contexts.sales);
  }

  get api(): Api {
    return this.workplace.apiOf(this.#gateway);
  }

  get port(): number {
    return this.#gateway.port;
  }

  get replicas(): number {
    return this.#contexts.contacts.length;
  }

  get services(): readonly (NamedProcess & { readonly startMilliseconds: number })[] {
    const named = (name: ServiceName, services: readonly Service[]) =>
      services.map(({ server: { pid, startMilliseconds } }, at) => ({
        name: at === 0 ? name : `${name} ${at + 1}`,
        pid,
        startMilliseconds,
      }));
    const ofContexts = contextNames.flatMap((name) => named(name, this.#contexts[name]));
    return [...named('gateway', this.#gateways), ...ofContexts];
  }

  get processes(): readonly NamedProcess[] {
    return [...this.services, ...this.installation.processes];
  }

  async stop(): Promise<void> {
    await this.#stop(this.#gateways);
    await Promise.all(contextNames.map((name) => this.#stop(this.#contexts[name])));
  }

  get #gateway(): Server {
    return this.#gateways[0]!.server;
  }

  async #startContext(name: ContextName): Promise<void> {
    const settings = { ...this.installation.contextSettings, ...this.settings };
    this.#contexts[name].push(await startService(this.workplace, name, settings));
  }

  async #startGateway(): Promise<void> {
    const addresses = (services: readonly Service[]): string => services.map((each) => each.callAddress).join(',');
    const settings = {
      ...this.installation.gatewaySettings,
      ...this.settings,
      ...Object.fromEntries(contextNames.map((name) => [addressVariable(name), addresses(this.#contexts[name])])),
    };
    this.#gateways.push(await startService(this.workplace, 'gateway', settings));
  }

  async #stop(services: Service[]): Promise<void> {
    await Promise.all(services.splice(0).map(({ server }) => server.stop()));
  }
}
