/** As much of Kafka's protocol as it takes to ask a broker who it is. */

const METADATA = 3;
const API_VERSIONS = 18;
const CLIENT = 'rapport';

const int16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);
const text = (value: string): Buffer => Buffer.concat([int16(value.length), Buffer.from(value)]);
/** Of the newer, "flexible" messages: the length plus one, as a variable-length number. */
const compactText = (value: string): Buffer => Buffer.concat([Buffer.from([value.length + 1]), Buffer.from(value)]);
const noTags = Buffer.from([0]);

const request = (api: number, version: number, ...body: readonly Buffer[]): Buffer => {
  const message = Buffer.concat([int16(api), int16(version), Buffer.alloc(4), text(CLIENT), ...body]);
  const length = Buffer.alloc(4);
  length.writeInt32BE(message.length);
  return Buffer.concat([length, message]);
};

export const apiVersionsRequest = request(API_VERSIONS, 3, noTags, compactText(CLIENT), compactText('0'), noTags);
/** Of no topic, so of the brokers alone. */
export const metadataRequest = request(METADATA, 1, Buffer.alloc(4));

export const brokerCount = (metadata: Buffer): number => metadata.readInt32BE(0);

/** Levels of the feature `metadata.version` that came first with a release. */
const releases: readonly (readonly [level: number, release: string])[] = [
  [1, '3.0'],
  [2, '3.1'],
  [3, '3.2'],
  [4, '3.3'],
  [8, '3.4'],
  [9, '3.5'],
  [12, '3.6'],
  [15, '3.7'],
  [20, '3.8'],
  [21, '3.9'],
  [22, '4.0'],
  [26, '4.1'],
  [28, '4.2'],
  [30, 'newer than 4.2'],
];

/** The release that a broker is of: its version is not told, but what it supports is. Undefined when it tells nothing. */
export const releaseOf = (apiVersions: Buffer): string | undefined => {
  const level = supportedFeatures(apiVersions).get('metadata.version');
  return level === undefined ? undefined : releases.findLast(([first]) => first <= level)?.[1];
};

/** Newest level of each. An older broker answers in the form of version 0, which has none. */
const supportedFeatures = (apiVersions: Buffer): Map<string, number> => {
  const features = new Map<string, number>();
  if (apiVersions.readInt16BE(0) !== 0) return features;
  const reader = new Reader(apiVersions, 2);
  for (let left = reader.count(); left > 0; left -= 1) reader.skip(6).skipTags();
  reader.skip(4);
  for (let tags = reader.varint(); tags > 0; tags -= 1) {
    const [tag, size] = [reader.varint(), reader.varint()];
    if (tag !== 0) reader.skip(size);
    else readFeatures(reader, features);
  }
  return features;
};

const readFeatures = (reader: Reader, into: Map<string, number>): void => {
  for (let left = reader.count(); left > 0; left -= 1) {
    const name = reader.text();
    into.set(name, reader.skip(2).int16());
    reader.skipTags();
  }
};

class Reader {
  constructor(
    private readonly bytes: Buffer,
    private at: number,
  ) {}

  varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes.readUInt8(this.at++);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  /** Of a compact array, which holds one more than its length. */
  count(): number {
    return this.varint() - 1;
  }

  int16(): number {
    this.at += 2;
    return this.bytes.readInt16BE(this.at - 2);
  }

  text(): string {
    const length = this.count();
    this.at += length;
    return this.bytes.toString('utf8', this.at - length, this.at);
  }

  skip(bytes: number): this {
    this.at += bytes;
    return this;
  }

  skipTags(): void {
    for (let left = this.varint(); left > 0; left -= 1) {
      this.varint();
      this.skip(this.varint());
    }
  }
}
