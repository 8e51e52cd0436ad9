import type { ChannelOptions, ServerOptions } from '@grpc/grpc-js';

/** A piece of an upload fits; so does a batch. */
const LARGEST_REQUEST = 8 * 1024 * 1024;
/** A page of large records fits. */
const LARGEST_ANSWER = 64 * 1024 * 1024;

/** Balances over every address of the target; tries again where, and only where, no handler can have spoken. */
const SERVICE_CONFIG = {
  loadBalancingConfig: [{ round_robin: {} }],
  methodConfig: [
    {
      name: [{}],
      retryPolicy: {
        maxAttempts: 4,
        initialBackoff: '0.05s',
        maxBackoff: '1s',
        backoffMultiplier: 3,
        retryableStatusCodes: ['UNAVAILABLE'],
      },
    },
  ],
};

export const channelOptions: ChannelOptions = {
  'grpc.max_send_message_length': LARGEST_REQUEST,
  'grpc.max_receive_message_length': LARGEST_ANSWER,
  'grpc.service_config': JSON.stringify(SERVICE_CONFIG),
  // What a name server might say about retries is none of its business.
  'grpc.service_config_disable_resolution': 1,
  // The whole of a large message is kept until its call is answered, so that it can be sent again.
  'grpc.per_rpc_retry_buffer_size': LARGEST_REQUEST,
  'grpc.retry_buffer_size': 16 * LARGEST_REQUEST,
  'grpc.keepalive_time_ms': 20_000,
  'grpc.keepalive_timeout_ms': 5_000,
  'grpc.keepalive_permit_without_calls': 1,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 2_000,
  'grpc.dns_min_time_between_resolutions_ms': 2_000,
  // Channels of one backend are there to have a connection each.
  'grpc.use_local_subchannel_pool': 1,
};

export const serverOptions: ServerOptions = {
  'grpc.max_receive_message_length': LARGEST_REQUEST,
  'grpc.max_send_message_length': LARGEST_ANSWER,
  'grpc.keepalive_time_ms': 20_000,
  'grpc.keepalive_timeout_ms': 5_000,
};
