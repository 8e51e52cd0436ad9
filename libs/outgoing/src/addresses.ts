import { BlockList, isIP } from 'node:net';

/** What is not the public network (RFC 6890 and those that came later): nothing there is meant to be reached from outside. */
const NOT_PUBLIC: readonly string[] = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4'],
  // Of IPv6 all but what is given out (2000::/3), and what in it is another address in disguise.
  ...['::/3', '4000::/2', '8000::/1', '2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
];

/** Networks, each an address or one with a prefix: `10.0.0.0/8`. */
export class Networks {
  /** Apart: a list of both takes each IPv4 address for one of IPv6 as well. */
  readonly #lists = { ipv4: new BlockList(), ipv6: new BlockList() };

  /** @throws Error that names what is none */
  constructor(networks: readonly string[]) {
    for (const network of networks) {
      const [address = '', prefix] = network.split('/');
      const family = familyOf(address);
      const bits = family === 'ipv4' ? 32 : 128;
      const length = prefix === undefined ? bits : Number(prefix);
      if (!family || !/^\d{0,3}$/.test(prefix ?? '') || length > bits)
        throw new Error(`"${network}" is no address and no network. Write 10.0.0.7 or 10.0.0.0/8.`);
      this.#lists[family].addSubnet(address, length, family);
    }
  }

  has(address: string): boolean {
    const family = familyOf(address);
    return family !== undefined && this.#lists[family].check(address, family);
  }
}

const familyOf = (address: string): 'ipv4' | 'ipv6' | undefined => {
  const version = isIP(address);
  return version === 4 ? 'ipv4' : version === 6 ? 'ipv6' : undefined;
};

/** Addresses that nobody on the public network has. */
export const notPublic = new Networks(NOT_PUBLIC);
