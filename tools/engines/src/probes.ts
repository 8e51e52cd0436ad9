import { probeEventStore } from './eventstoredb/probe-event-store.js';
import { probeKafka } from './kafka/probe-kafka.js';
import { probeMongo } from './mongo/probe-mongo.js';
import type { Probes } from './until-ready.js';

export const probes: Probes = { kafka: probeKafka, mongodb: probeMongo, eventstoredb: probeEventStore };
