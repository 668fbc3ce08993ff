// What is said when a copy does not hold.

/** The bytes are not what their page says; the caller knows which step that is a fault of. */
export class Unreadable extends Error {}

/** Where checking stops: a code of docs/formats/export.md, the entry where one is at fault, a sentence for people. */
export class Fault extends Error {
  constructor(
    readonly code: string,
    sentence: string,
    readonly entry?: number,
  ) {
    super(sentence);
  }

  get line(): string {
    return this.entry === undefined ? `fault ${this.code}` : `fault ${this.code} ${this.entry}`;
  }
}

/** Runs `read`; what it finds unreadable is this fault. */
export async function orFault<T>(code: string, entry: number | undefined, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Unreadable) throw new Fault(code, error.message, entry);
    throw error;
  }
}
