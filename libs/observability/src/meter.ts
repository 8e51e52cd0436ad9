import { activeBackend, onActivation, type Attributes, type Recorder, type TelemetryBackend } from './backend.js';
import type { MetricDefinition } from './names.js';

export interface Counter {
  add(value: number, attributes?: Attributes): void;
}

export interface Histogram {
  record(value: number, attributes?: Attributes): void;
}

export interface Gauge {
  set(value: number, attributes?: Attributes): void;
}

/** Instruments, to be made once per module. While telemetry is off they do nothing. */
export const meter = {
  /** On hot paths ask first, so that not even the attributes are made. */
  get enabled(): boolean {
    return activeBackend() !== undefined;
  },

  counter(definition: MetricDefinition): Counter {
    return { add: instrument((backend) => backend.counter(definition)) };
  },

  histogram(definition: MetricDefinition): Histogram {
    return { record: instrument((backend) => backend.histogram(definition)) };
  },

  gauge(definition: MetricDefinition): Gauge {
    return { set: instrument((backend) => backend.gauge(definition)) };
  },
};

const instrument = (make: (backend: TelemetryBackend) => Recorder): Recorder => {
  let recorder: Recorder | undefined;
  onActivation((backend) => {
    recorder = backend && make(backend);
  });
  return (value, attributes) => recorder?.(value, attributes);
};
