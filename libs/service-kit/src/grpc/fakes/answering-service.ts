import { generateKeyPairSync } from 'node:crypto';
import { contactsV1, type typesV1 } from '@rapport/contracts';
import { type CallContext, systemClock } from '@rapport/kernel';
import { silentLogger } from '@rapport/observability';
import { ENGINES, HANDLERS, RUNTIME, SERVED } from '../../service/tokens.js';
import { GrpcBackend, type GrpcBackendOptions } from '../grpc-backend.js';
import { PrincipalSigner, PrincipalVerifier } from '../signed-principal.js';
import { type RunningGrpcService, startGrpcService } from '../start-grpc-service.js';

export const ACCOUNTS = 'rapport.contacts.v1.AccountsService';
const { publicKey, privateKey } = generateKeyPairSync('ed25519');

export type Answer = (request: typesV1.GetRecordRequest, call: CallContext) => Promise<Partial<contactsV1.Account>>;

class Parts {}

/** A service that answers every call as a test says. */
export const startAnswering = (answer: Answer): Promise<RunningGrpcService> => {
  const handle: Answer = async (request, call) => contactsV1.Account.fromPartial(await answer(request, call));
  const handlers = new Proxy({}, { get: () => handle });
  const module = {
    module: Parts,
    providers: [
      { provide: SERVED, useValue: [ACCOUNTS] },
      { provide: HANDLERS, useValue: new Map([[ACCOUNTS, handlers]]) },
      { provide: RUNTIME, useValue: {} },
      { provide: ENGINES, useValue: { logger: silentLogger } },
    ],
  };
  const verifier = new PrincipalVerifier(publicKey, systemClock);
  return startGrpcService(module, { host: '127.0.0.1', port: 0, verifier, drainMilliseconds: 5_000 });
};

export const backendTo = (
  ports: readonly number[],
  given: Partial<GrpcBackendOptions> & { readonly key?: typeof privateKey } = {},
): GrpcBackend =>
  new GrpcBackend({
    context: 'contacts',
    address: ports.map((port) => `127.0.0.1:${port}`).join(','),
    signer: new PrincipalSigner(given.key ?? privateKey, systemClock),
    deadlineMilliseconds: 10_000,
    ...given,
  });

const principal = { tenant: 'main', actor: { kind: 'user' as const, id: 'ada' }, roles: ['sales'] };

export const callBy = (given: Partial<CallContext> = {}): CallContext => ({
  principal,
  correlationId: 'c-1',
  answer: {},
  ...given,
});

export const getAccount = (backend: GrpcBackend, call = callBy()): Promise<object> =>
  backend.invoke(ACCOUNTS, 'getAccount', { id: 'a1' }, call);
