export * from './engine.js';
export { EngineControl, type EngineState } from './control/engine-control.js';
export { startEventStore } from './eventstoredb/start-event-store.js';
export { startKafka } from './kafka/start-kafka.js';
export { type MongoOptions, startMongo } from './mongo/start-mongo.js';
export { engine, type EngineUnderTest, missingEngines, type MissingEngine } from './reach/announcement.js';
