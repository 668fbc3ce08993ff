// What a copy is read from: a folder that was picked, or a zip.

import { sha256Of, type Bytes } from "./bytes.ts";
import { Unreadable } from "./fault.ts";
import { pace } from "./pace.ts";

export interface Files {
  readonly sizes: ReadonlyMap<string, number>;
  chunks(path: string): AsyncIterable<Uint8Array>;
}

export async function read(files: Files, path: string): Promise<Bytes> {
  const whole = new Uint8Array(files.sizes.get(path) ?? 0);
  let at = 0;
  for await (const chunk of files.chunks(path)) {
    await pace();
    if (at + chunk.length > whole.length) throw new Unreadable(`\`${path}\` changed while it was read`);
    whole.set(chunk, at);
    at += chunk.length;
  }
  return at === whole.length ? whole : whole.slice(0, at);
}

export const hashOf = (files: Files, path: string): Promise<Bytes> => sha256Of(files.sizes.get(path) ?? 0, files.chunks(path));

/** The bytes of a file on disk, a piece at a time. */
export async function* pieces(blob: Blob): AsyncIterable<Uint8Array> {
  const reader = blob.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

export class Folder implements Files {
  readonly sizes = new Map<string, number>();

  constructor(private readonly blobs: Map<string, Blob>) {
    for (const [path, blob] of blobs) this.sizes.set(path, blob.size);
  }

  async *chunks(path: string): AsyncIterable<Uint8Array> {
    const blob = this.blobs.get(path);
    if (!blob) throw new Unreadable(`\`${path}\` is not there`);
    yield* pieces(blob);
  }
}
