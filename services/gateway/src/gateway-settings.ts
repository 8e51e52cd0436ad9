import { type Config, integer, secret, size, string } from '@rapport/config';
import { pinnedIn } from './access/tenant-regions.js';
import type { GatewayConfig } from './gateway-config.js';

/** What can be set about the door, whichever way the services behind it run. */
export const doorSettings = {
  port: integer('RAPPORT_PORT', 'Port of the API; 0 takes any free one.', { default: 3000, min: 0, max: 65_535 }),
  host: string('RAPPORT_HOST', 'Address to listen on. 0.0.0.0 opens the API to other machines.', {
    default: '127.0.0.1',
  }),
  adminToken: secret(
    'RAPPORT_ADMIN_TOKEN',
    'Token of the first administrator, 16 characters or more; made up when unset.',
    { default: null, minLength: 16 },
  ),
  tenant: string('RAPPORT_TENANT', 'Tenant of the first administrator: a-z, 0-9 and _.', { default: 'main' }),
  tenantRegions: string(
    'RAPPORT_TENANT_REGIONS',
    'Tenants that keep their data in one region, as "acme=eu,globex=us"; at the doors of others they are refused.',
    { default: '' },
  ),
  publicUrl: string(
    'RAPPORT_PUBLIC_URL',
    'Where people find Rapport: links begin with it, and cookies are kept to it. With https, cookies need it.',
    { default: null },
  ),
  trustedProxies: string(
    'RAPPORT_TRUSTED_PROXIES',
    'Addresses or networks of proxies whose X-Forwarded-For counts, separated by commas.',
    { default: '' },
  ),
  privateAddresses: string(
    'RAPPORT_PRIVATE_ADDRESSES',
    'Addresses or networks, not public ones, that providers of sign-in may have, separated by commas.',
    { default: '' },
  ),
  bodyLimit: size('RAPPORT_BODY_LIMIT', 'Largest JSON body.', { default: 1_048_576, min: 1_024 }),
  uploadLimit: size('RAPPORT_UPLOAD_LIMIT', 'Largest uploaded file.', { default: 268_435_456, min: 1_024 }),
  rateLimit: integer('RAPPORT_RATE_LIMIT', 'Requests per 10 seconds and token; 0 switches the limit off.', {
    default: 3_000,
    min: 0,
  }),
  tenantRateLimit: integer('RAPPORT_TENANT_RATE_LIMIT', 'Requests per 10 seconds of all tokens of a tenant.', {
    default: 12_000,
    min: 1,
  }),
  corsOrigins: string(
    'RAPPORT_CORS_ORIGINS',
    'Web origins that may call the API from a browser, separated by commas.',
    { default: '' },
  ),
} as const;

/** The door as it was set. */
export const gatewayConfigOf = (
  config: Config<typeof doorSettings> & { readonly region: string | null },
): Partial<GatewayConfig> => {
  const { host, port, bodyLimit, uploadLimit, rateLimit, tenantRateLimit, tenant, adminToken, publicUrl } = config;
  return {
    ...{ host, port, bodyLimit, uploadLimit, tenant },
    rateLimit: { quota: rateLimit, windowSeconds: 10 },
    tenantRateLimit: { quota: tenantRateLimit, windowSeconds: 10 },
    regions: { here: config.region, pinned: pinnedIn(config.tenantRegions) },
    corsOrigins: listed(config.corsOrigins),
    trustedProxies: listed(config.trustedProxies),
    privateAddresses: listed(config.privateAddresses),
    ...(publicUrl === null ? {} : { publicUrl: publicUrl.replace(/\/$/, '') }),
    ...(adminToken === null ? {} : { adminToken }),
  };
};

const listed = (text: string): readonly string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
