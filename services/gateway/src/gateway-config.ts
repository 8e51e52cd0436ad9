import { DomainError, isTenant } from '@rapport/kernel';
import type { RateLimitPolicy } from './rate-limit/token-bucket.js';

/** Everything about the gateway that an operator may set. */
export interface GatewayConfig {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Largest JSON body, in bytes. */
  readonly bodyLimit: number;
  /** Largest file, in bytes, unpacked. */
  readonly uploadLimit: number;
  /** Of one access token. A quota of 0 switches this limit off, and that of tenants. */
  readonly rateLimit: RateLimitPolicy;
  /** Of all access tokens of a tenant together. */
  readonly tenantRateLimit: RateLimitPolicy;
  /** Seconds between two comments that keep an idle stream of events alive. */
  readonly heartbeatSeconds: number;
  /** Most open streams of events: of all callers, of one tenant, of one access token. */
  readonly streamLimit: number;
  readonly tenantStreamLimit: number;
  readonly tokenStreamLimit: number;
  /** Web origins that may call the API from a browser; `*` allows every one. */
  readonly corsOrigins: readonly string[];
  /** Secret of an administrator, at least 16 characters; made up at the first start when absent. */
  readonly adminToken?: string | undefined;
  /** Tenant of the first administrator. */
  readonly tenant: string;
  /** Where this door is, and tenants that may come in at those of one region alone. */
  readonly regions: { readonly here: string | null; readonly pinned: ReadonlyMap<string, string> };
  /** Where people find Rapport: `https://crm.example.org`. Where it listens when absent. */
  readonly publicUrl?: string | undefined;
  /** Addresses of proxies whose word about whom they speak for is taken. */
  readonly trustedProxies: readonly string[];
  /** Networks that may be asked although they are not public, for providers of sign-in. */
  readonly privateAddresses: readonly string[];
}

export const defaultGatewayConfig: GatewayConfig = {
  host: '127.0.0.1',
  port: 8080,
  bodyLimit: 1024 * 1024,
  uploadLimit: 256 * 1024 * 1024,
  rateLimit: { quota: 3000, windowSeconds: 10 },
  tenantRateLimit: { quota: 12_000, windowSeconds: 10 },
  heartbeatSeconds: 15,
  streamLimit: 1000,
  tenantStreamLimit: 200,
  tokenStreamLimit: 20,
  corsOrigins: [],
  tenant: 'main',
  regions: { here: null, pinned: new Map() },
  trustedProxies: [],
  privateAddresses: [],
};

const SHORTEST_SECRET = 16;

/** Defaults filled in. @throws DomainError naming every setting at fault */
export const checkedConfig = (given: Partial<GatewayConfig> = {}): GatewayConfig => {
  const config = { ...defaultGatewayConfig, ...given };
  const faults = [
    ...(/^[\x21-\x7e]{16,512}$/.test(config.adminToken ?? 'x'.repeat(SHORTEST_SECRET))
      ? []
      : [`The administrator's token needs at least ${SHORTEST_SECRET} visible characters without spaces.`]),
    ...(isPublicUrl(config.publicUrl)
      ? []
      : ['The public address has to be a URL without a path: https://crm.example.org.']),
    ...(isTenant(config.tenant) ? [] : ['The tenant may have 1 to 40 of a-z, 0-9 and _.']),
  ];
  if (faults.length > 0) throw new DomainError('invalid', 'bad-configuration', faults.join(' '));
  return config;
};

const isPublicUrl = (url: string | undefined): boolean =>
  url === undefined || (/^https?:/.test(url) && URL.canParse(url) && new URL(url).origin === url);
