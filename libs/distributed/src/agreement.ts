import { DomainError } from '@rapport/kernel';
import type { Logger } from '@rapport/observability';
import type { Announced, MongoProcessRegister } from '@rapport/mongo';

/** Well before somebody who is silent is taken for gone. */
const AGAIN_AFTER_MILLISECONDS = 5_000;

export type Register = Pick<MongoProcessRegister, 'announce' | 'leave'>;

/** What it takes to be there, and to end it. */
export interface Presence {
  readonly register: Register;
  readonly logger: Pick<Logger, 'warn'>;
  readonly atEnd: (step: () => Promise<void>) => void;
}

/**
 * Joins the processes of an installation, which have to be set to the same: of two that count days by different zones each
 * would build the figures of the other anew, without end.
 * @throws DomainError conflict `settings-differ` naming a process that is set to something else
 */
export const joinInstallation = async (own: Announced, { register, logger, atEnd }: Presence): Promise<void> => {
  const difference = disagreement(own, await register.announce(own));
  if (difference !== undefined) {
    await register.leave(own.process);
    throw new DomainError('conflict', 'settings-differ', difference);
  }
  const again = async (): Promise<void> => {
    try {
      const met = disagreement(own, await register.announce(own));
      if (met !== undefined) logger.warn(met);
    } catch (failure) {
      logger.warn('This process cannot say that it is there', {}, failure);
    }
  };
  const timer = setInterval(() => void again(), AGAIN_AFTER_MILLISECONDS);
  atEnd(async () => {
    clearInterval(timer);
    await register.leave(own.process).catch(() => undefined);
  });
};

const disagreement = ({ settings }: Announced, others: readonly Announced[]): string | undefined => {
  for (const [name, value] of Object.entries(settings)) {
    const other = others.find((each) => each.settings[name] !== undefined && each.settings[name] !== value);
    if (other === undefined) continue;
    const set = `${name} is ${value} here and ${other.settings[name]} in ${other.process}`;
    return `${set}, which runs. Set it alike in every process; to change it, stop those that are set otherwise first.`;
  }
  return undefined;
};
