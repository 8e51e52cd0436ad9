/** One document per subject: its key, or what is left of it. Never removed, so that no new key can take its place. */
export interface KeyDocument {
  /** `<tenant>/<id>` */
  readonly _id: string;
  readonly wrapped?: Buffer;
  readonly destroyedAt?: string;
}

export const BUFFERS = { promoteBuffers: true } as const;
