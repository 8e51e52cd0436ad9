import { Resolver } from 'node:dns/promises';

const TIMEOUT_MILLISECONDS = 3_000;

/** What a domain says of itself in the names of the network. */
export interface DomainNames {
  /** The contents of its TXT records; none where there is no such domain. */
  texts(domain: string): Promise<readonly string[]>;
}

/** Asks as the machine does. */
export const systemDomainNames: DomainNames = {
  texts: async (domain) => {
    const resolver = new Resolver({ timeout: TIMEOUT_MILLISECONDS, tries: 2 });
    try {
      return (await resolver.resolveTxt(domain)).map((parts) => parts.join(''));
    } catch (failure) {
      if (UNKNOWN.has((failure as NodeJS.ErrnoException).code)) return [];
      throw failure;
    }
  },
};

const UNKNOWN: ReadonlySet<string | undefined> = new Set(['ENOTFOUND', 'ENODATA']);
