import { DeletionLog, isClosed, type ServiceRuntime } from '@rapport/service-kit';

/** Workspaces that nobody comes into any more: their deletion has begun, or is over. */
export class ClosedWorkspaces {
  private log: DeletionLog | undefined;

  constructor(private readonly runtime: ServiceRuntime) {}

  async has(tenant: string): Promise<boolean> {
    this.log ??= new DeletionLog(this.runtime.provided);
    return this.runtime.engines.keys.isGone(tenant) || isClosed(await this.log.state(tenant));
  }
}
