import { newId } from '@rapport/kernel';
import type { FastifyRequest } from 'fastify';
import type { Grant } from '../access/grant.js';

const CORRELATION_ID = /^[A-Za-z0-9._:/+=-]{1,128}$/;
const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** One request and its answer: what everybody who handles it needs to know. */
export class Exchange {
  readonly correlationId: string;
  readonly traceparent: string | undefined;
  /** Who asks; set once the token is known. */
  grant: Grant | undefined;
  /** What it leads to, as the contract has it; empty where that is no method of the contract. */
  called = '';

  constructor(request: FastifyRequest) {
    const { headers } = request;
    const traceparent = headers['traceparent'];
    const given = headers['x-correlation-id'];
    this.traceparent = typeof traceparent === 'string' && TRACEPARENT.test(traceparent) ? traceparent : undefined;
    this.correlationId =
      typeof given === 'string' && CORRELATION_ID.test(given) ? given : (this.traceparent?.slice(3, 35) ?? newId());
    this.grant = undefined;
  }
}

declare module 'fastify' {
  interface FastifyRequest {
    exchange: Exchange;
  }
}

/** A request's path, without its query. */
export const pathOf = ({ url }: FastifyRequest): string => {
  const question = url.indexOf('?');
  return question === -1 ? url : url.slice(0, question);
};
