import type { Api } from '../workplace/api.js';
import type { Server } from '../workplace/server.js';
import type { Workplace } from '../workplace/workplace.js';
import type { Installation, Settings } from './installation.js';
import { type Service, type ServiceName, startService } from './service.js';
import type { NamedProcess, Side } from './side.js';

/** Every service in processes of its own, on the engines of one installation. */
export class Fleet implements Side {
  readonly name = 'distributed';
  readonly #contacts: Service[] = [];
  readonly #sales: Service[] = [];
  readonly #gateways: Service[] = [];

  private constructor(
    private readonly workplace: Workplace,
    private readonly installation: Installation,
    private readonly settings: Settings,
  ) {}

  /** One process of each service, one after the other, so that their start times tell something. */
  static async start(workplace: Workplace, installation: Installation, settings: Settings = {}): Promise<Fleet> {
    const fleet = new Fleet(workplace, installation, settings);
    await fleet.#startContext('contacts', fleet.#contacts);
    await fleet.#startContext('sales', fleet.#sales);
    await fleet.#startGateway();
    return fleet;
  }

  /** One more replica of contacts, and a gateway that knows of it in the place of the one before. */
  async addContacts(): Promise<void> {
    await this.#startContext('contacts', this.#contacts);
    await this.#stop(this.#gateways);
    await this.#startGateway();
  }

  /** What comes for it waits on the bus. */
  stopSales(): Promise<void> {
    return this.#stop(this.#sales);
  }

  get api(): Api {
    return this.workplace.apiOf(this.#gateway);
  }

  get port(): number {
    return this.#gateway.port;
  }

  get replicas(): number {
    return this.#contacts.length;
  }

  get services(): readonly (NamedProcess & { readonly startMilliseconds: number })[] {
    const named = (name: ServiceName, services: readonly Service[]) =>
      services.map(({ server: { pid, startMilliseconds } }, at) => ({
        name: at === 0 ? name : `${name} ${at + 1}`,
        pid,
        startMilliseconds,
      }));
    return [...named('gateway', this.#gateways), ...named('contacts', this.#contacts), ...named('sales', this.#sales)];
  }

  get processes(): readonly NamedProcess[] {
    return [...this.services, ...this.installation.processes];
  }

  async stop(): Promise<void> {
    await this.#stop(this.#gateways);
    await Promise.all([this.#stop(this.#contacts), this.#stop(this.#sales)]);
  }

  get #gateway(): Server {
    return this.#gateways[0]!.server;
  }

  async #startContext(name: ServiceName, services: Service[]): Promise<void> {
    const settings = { ...this.installation.contextSettings, ...this.settings };
    services.push(await startService(this.workplace, name, settings));
  }

  async #startGateway(): Promise<void> {
    const addresses = (services: readonly Service[]): string => services.map((each) => each.callAddress).join(',');
    const settings = {
      ...this.installation.gatewaySettings,
      ...this.settings,
      RAPPORT_CONTACTS_ADDRESS: addresses(this.#contacts),
      RAPPORT_SALES_ADDRESS: addresses(this.#sales),
    };
    this.#gateways.push(await startService(this.workplace, 'gateway', settings));
  }

  async #stop(services: Service[]): Promise<void> {
    await Promise.all(services.splice(0).map(({ server }) => server.stop()));
  }
}
