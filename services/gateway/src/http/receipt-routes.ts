import { NO_TENANT } from '@rapport/access';
import { DomainError } from '@rapport/kernel';
import type { Backend } from '@rapport/service-kit';
import type { FastifyInstance } from 'fastify';
import { callOfGateway } from '../access/call-of-gateway.js';
import { type Door, guarded } from './door.js';
import { securityHeaders } from './security-headers.js';

const RECEIPTS = 'rapport.workspace.v1.WorkspaceReceiptsService';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What is left of a workspace that was deleted: nobody can sign in to it, so its receipt is for whoever knows the id. */
export const addReceiptRoutes = (server: FastifyInstance, identity: Backend, door: Door): void => {
  server.get(
    '/receipts/:id',
    guarded(door, async (request, reply) => {
      const { id: receiptId } = request.params as { readonly id: string };
      if (!UUID.test(receiptId))
        throw new DomainError('not-found', 'receipt-not-found', 'This is no id of a receipt. Copy all of it.');
      const call = callOfGateway(NO_TENANT, undefined, request.exchange.correlationId);
      const receipt = await identity.invoke(RECEIPTS, 'getWorkspaceReceipt', { receiptId }, call);
      reply.headers(securityHeaders).type('application/json; charset=utf-8').send(receipt);
    }) as never,
  );
};
