import { type Answer, idByKey } from '@rapport/commands';
import { callOf, type Made, type Making, type MissingRecords } from '@rapport/imports';
import { idFrom } from '@rapport/kernel';
import type { Scope } from '@rapport/read-models';
import type { ServiceRuntime } from '@rapport/service-kit';

/** From then on contacts does not do it any more. */
const WITHIN_MILLISECONDS = 10 * 60_000;

/** Accounts that rows name and nobody has: contacts is asked for them. */
export class MissingAccounts implements MissingRecords {
  constructor(private readonly runtime: ServiceRuntime) {}

  async foresee(scope: Scope, names: readonly string[]): Promise<ReadonlyMap<string, Made>> {
    return new Map([...(await this.ids(scope, names))].map(([name, id]) => [name, { id }]));
  }

  private async ids({ tenant }: Scope, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const { keys } = this.runtime.engines;
    const ids = names.map(async (name) => {
      const id = await idByKey(keys, { context: 'contacts', tenant, aggregate: 'account', key: name });
      return [name, id] as const;
    });
    return new Map(await Promise.all(ids));
  }

  /** An import asks once for each account: a run that is gone on with gets the answer to the first one. */
  async create(scope: Scope, names: readonly string[], making: Making): Promise<ReadonlyMap<string, Made>> {
    const { tenant } = scope;
    const { importId, signal } = making;
    const ids = await this.ids(scope, names);
    const commandOf = (name: string): string => idFrom(importId, 'missing-account', ids.get(name)!);
    await Promise.all(names.map((name) => this.ask(commandOf(name), ids.get(name)!, { tenant, name, making })));
    const answers = await this.runtime.commands.requests.answers(tenant, [...new Set(names.map(commandOf))], signal);
    // So that the accounts have their names in whatever is read next.
    await this.runtime.caughtUp();
    return new Map(names.map((name) => [name, madeOf(answers.get(commandOf(name)))]));
  }

  private async ask(commandId: string, id: string, { tenant, name, making }: Wanted): Promise<void> {
    const expiresAt = new Date(this.runtime.engines.clock.now().getTime() + WITHIN_MILLISECONDS).toISOString();
    const record = { aggregate: 'account', id };
    const asked = { to: 'contacts', command: 'FindOrCreateAccount', record, input: { name }, expiresAt };
    await this.runtime.commands.requests.ask(commandId, asked, callOf(tenant, making.importId, making.by));
  }
}

interface Wanted {
  readonly tenant: string;
  readonly name: string;
  readonly making: Making;
}

const madeOf = (answer: Answer | undefined): Made => {
  if (answer?.outcome === 'done') return { id: answer.result.recordId };
  if (answer?.outcome === 'refused' && answer.problem.code !== 'expired') {
    const { code } = answer.problem;
    return { code, message: `Contacts did not create this account (${code}). Mend the name, or create it first.` };
  }
  const message = 'Contacts did not answer in time, so this account was not created. Import the row again.';
  return { code: 'account-not-created', message };
};
