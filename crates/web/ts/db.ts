// What the phone keeps: its key, its count, and what is not yet sent.

export interface Me {
  /** Id of the person, or of nobody until enrolled. */
  person: string;
  name: string;
  duty: string;
  origin: string;
  /** The board key that was seen at enrolment; a page with another is not believed. */
  boardKey: string;
  /** Public key, 64 hex. */
  key: string;
  /** Non-extractable. */
  pair: CryptoKeyPair;
  /** Count of the last statement made. */
  counter: number;
  /** Id of the last statement made. */
  prev: string;
}

/** Something that must reach the node, exactly as it was made. */
export interface Unsent {
  url: string;
  body: string;
  what: string;
  at: number;
  /** On its way until then, ms UTC: nobody else on this phone sends it meanwhile, or one press would count as two. */
  busy_until?: number;
}

let opened: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("coldproof", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("me");
      request.result.createObjectStore("unsent", { autoIncrement: true });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function store(name: "me" | "unsent", mode: IDBTransactionMode): Promise<IDBObjectStore> {
  return (await open()).transaction(name, mode, mode === "readwrite" ? { durability: "strict" } : {}).objectStore(name);
}

export async function loadMe(): Promise<Me | undefined> {
  try {
    return (await done((await store("me", "readonly")).get("me"))) as Me | undefined;
  } catch {
    return undefined;
  }
}

export const saveMe = async (me: Me): Promise<void> => void (await done((await store("me", "readwrite")).put(me, "me")));

export const keep = async (unsent: Unsent): Promise<number> =>
  Number(await done((await store("unsent", "readwrite")).add(unsent)));

/** It did not get through: anyone on this phone may send it now. */
export const free = async (key: number, unsent: Unsent): Promise<void> =>
  void (await done((await store("unsent", "readwrite")).put({ ...unsent, busy_until: 0 }, key)));

export async function kept(): Promise<[number, Unsent][]> {
  try {
    const all = await store("unsent", "readonly");
    const [keys, values] = await Promise.all([done(all.getAllKeys()), done(all.getAll())]);
    return keys.map((key, i) => [Number(key), values[i] as Unsent]);
  } catch {
    return [];
  }
}

export const forget = async (key: number): Promise<void> => void (await done((await store("unsent", "readwrite")).delete(key)));
