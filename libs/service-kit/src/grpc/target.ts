import { isIPv4 } from 'node:net';
import { DomainError } from '@rapport/kernel';

const HOST_AND_PORT = /^(?<host>[A-Za-z0-9._-]{1,253}):(?<port>\d{1,5})$/;

/**
 * Where gRPC connects to: `10.0.0.1:9000,10.0.0.2:9000` names every replica, one name and port (`contacts:9000`) stands
 * for all addresses that DNS gives for it.
 * @throws DomainError invalid
 */
export const targetOf = (address: string, where: string): string => {
  const places = address
    .split(',')
    .map((place) => HOST_AND_PORT.exec(place.trim().replace(/^localhost:/, '127.0.0.1:')));
  const hosts = places.map((place) => place?.groups?.['host']);
  const isList = hosts.every((host) => host !== undefined && isIPv4(host));
  if (isList) return `ipv4:${places.map((place) => place![0]).join(',')}`;
  if (places.length === 1 && places[0]) return `dns:///${places[0][0]}`;
  throw new DomainError(
    'invalid',
    'bad-address',
    `${where} is "${address}". Give the name and port of the context (contacts:9000), or the IPv4 addresses of its replicas (10.0.0.1:9000,10.0.0.2:9000).`,
  );
};
