import { type Answer, idByKey } from '@rapport/commands';
import { reaches } from '@rapport/access';
import {
  callOf,
  type Importer,
  type Made,
  type Making,
  missingKey,
  missingOwner,
  type MissingRecords,
} from '@rapport/imports';
import { idFrom } from '@rapport/kernel';
import type { ServiceRuntime } from '@rapport/service-kit';

/** From then on contacts does not do it any more. */
const WITHIN_MILLISECONDS = 10 * 60_000;

/** Accounts that rows name and nobody has: contacts is asked for them. */
export class MissingAccounts implements MissingRecords {
  constructor(private readonly runtime: ServiceRuntime) {}

  async foresee(importer: Importer, names: readonly string[]): Promise<ReadonlyMap<string, Made>> {
    if (!reaches(importer, ACCOUNT, 'create')) return notPermitted(names);
    return new Map([...(await this.ids(importer, names))].map(([name, id]) => [name, { id }]));
  }

  private async ids(importer: Importer, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const { tenant } = importer;
    const { keys } = this.runtime.engines;
    const ids = names.map(async (name) => {
      const key = missingKey(importer, ACCOUNT, name);
      const id = await idByKey(keys, { context: 'contacts', tenant, aggregate: ACCOUNT, key });
      return [name, id] as const;
    });
    return new Map(await Promise.all(ids));
  }

  /** An import asks once for each account: a run that is gone on with gets the answer to the first one. */
  async create(importer: Importer, names: readonly string[], making: Making): Promise<ReadonlyMap<string, Made>> {
    if (!reaches(importer, ACCOUNT, 'create')) return notPermitted(names);
    const { tenant } = importer;
    const { importId, signal } = making;
    const ownerId = missingOwner(importer, ACCOUNT);
    const ids = await this.ids(importer, names);
    const commandOf = (name: string): string => idFrom(importId, 'missing-account', ids.get(name)!);
    await Promise.all(
      names.map((name) => this.ask(commandOf(name), ids.get(name)!, { tenant, name, ownerId, making })),
    );
    const answers = await this.runtime.commands.requests.answers(tenant, [...new Set(names.map(commandOf))], signal);
    // So that the accounts have their names in whatever is read next.
    await this.runtime.caughtUp();
    return new Map(names.map((name) => [name, madeOf(answers.get(commandOf(name)))]));
  }

  private async ask(commandId: string, id: string, { tenant, name, ownerId, making }: Wanted): Promise<void> {
    const expiresAt = new Date(this.runtime.engines.clock.now().getTime() + WITHIN_MILLISECONDS).toISOString();
    const record = { aggregate: ACCOUNT, id };
    const input = { name, ...(ownerId !== undefined && { ownerId }) };
    const asked = { to: 'contacts', command: 'FindOrCreateAccount', record, input, expiresAt };
    await this.runtime.commands.requests.ask(commandId, asked, callOf(tenant, making.importId, making.by));
  }
}

interface Wanted {
  readonly tenant: string;
  readonly name: string;
  /** Whose it becomes, where whoever imports creates own ones alone. */
  readonly ownerId: string | undefined;
  readonly making: Making;
}

const ACCOUNT = 'account';

const notPermitted = (names: readonly string[]): ReadonlyMap<string, Made> => {
  const message = 'Your roles do not let you create accounts. Name one that is there, or ask somebody who may.';
  return new Map(names.map((name) => [name, { code: 'not-permitted', message }]));
};

const madeOf = (answer: Answer | undefined): Made => {
  if (answer?.outcome === 'done') return { id: answer.result.recordId };
  if (answer?.outcome === 'refused' && answer.problem.code !== 'expired') {
    const { code } = answer.problem;
    return { code, message: `Contacts did not create this account (${code}). Mend the name, or create it first.` };
  }
  const message = 'Contacts did not answer in time, so this account was not created. Import the row again.';
  return { code: 'account-not-created', message };
};
