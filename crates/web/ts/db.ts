// What the phone keeps: its key, its count, what is not yet sent, and receipts of what was.

export interface Me {
  /** Id of the person, or of nobody until enrolled. */
  person: string;
  name: string;
  duty: string;
  origin: string;
  /** The board key that was seen at enrolment; a page with another is not believed. */
  boardKey: string;
  /** The log's key that was seen at enrolment, for receipts. */
  logKey?: string;
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

/** A statement that the node acknowledged, with what shows that it did. */
export interface Receipt {
  /** Id of the statement. */
  id: string;
  origin: string;
  kind: string;
  /** What was sent, byte for byte: it can be sent again. */
  submission: string;
  /** Number of the entry, and when the node said it was recorded. */
  index: number;
  at: number;
  admitted: boolean;
  /** The head that the node said covers it. */
  size: number;
  root: string;
  epoch: number;
  /** The signed note over that head, when the answer carried it. */
  note?: string;
  /** The entry's bytes, base64, and a tlog-proof; once they were had and checked. */
  entry?: string;
  proof?: string;
  /** The proof's size, when there is one. */
  proved?: number;
  /** Why it was not taken when it was sent again after a take-over. */
  again?: string;
}

/** A head that this phone was shown and checked. */
export interface SeenHead {
  size: number;
  root: string;
  epoch: number;
  note: string;
  /** When, by this phone's clock. */
  at: number;
}

/** What this phone knows of one record. */
export interface Known {
  origin: string;
  /** The log's key as first seen here, 64 hex. */
  logKey: string;
  /** This node signed an epoch with a head once; from then on a bare number is not believed. */
  signsEpoch?: boolean;
  last?: SeenHead;
  /** What the node's record no longer contains; until it contains it again. */
  missing?: { head: SeenHead; found: number; shown: boolean };
  /** A spare went on without this head. */
  lost?: { head: SeenHead; found: number };
  /** Entry 0, base64, with its proof and the proof's size: a copy that stands alone begins with it. */
  first?: { entry: string; proof: string; proved: number };
}

/** Newest receipts kept. At two kilobytes each this is a phone's photograph or two, and weeks of work. */
export const RECEIPTS_MAX = 2_000;

let opened: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open("coldproof", 2);
    request.onupgradeneeded = (event) => {
      if (event.oldVersion < 1) {
        request.result.createObjectStore("me");
        request.result.createObjectStore("unsent", { autoIncrement: true });
      }
      request.result.createObjectStore("receipts", { keyPath: "id" }).createIndex("at", "at");
      request.result.createObjectStore("known", { keyPath: "origin" });
    };
    request.onsuccess = () => {
      // A newer page in another tab goes first.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    // An older page in another tab holds it: nothing waits for that, STOP least of all.
    request.onblocked = () => reject(new Error("Another tab with an older page is open: close it."));
    request.onerror = () => reject(request.error);
  }).catch((fault) => {
    opened = undefined;
    throw fault;
  });
  return opened;
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

type Store = "me" | "unsent" | "receipts" | "known";

async function store(name: Store, mode: IDBTransactionMode): Promise<IDBObjectStore> {
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

/** Keeps a receipt; the oldest go when there are too many. */
export async function keepReceipt(receipt: Receipt): Promise<void> {
  const all = await store("receipts", "readwrite");
  await done(all.put(receipt));
  let over = (await done(all.count())) - RECEIPTS_MAX;
  if (over <= 0) return;
  await new Promise<void>((resolve, reject) => {
    const oldest = all.index("at").openCursor();
    oldest.onerror = () => reject(oldest.error);
    oldest.onsuccess = () => {
      const cursor = oldest.result;
      if (!cursor || over <= 0) return resolve();
      over -= 1;
      cursor.delete();
      cursor.continue();
    };
  });
}

/** Receipts of one record, oldest entry first. */
export async function receipts(origin: string): Promise<Receipt[]> {
  const all = (await done((await store("receipts", "readonly")).getAll())) as Receipt[];
  return all.filter((one) => one.origin === origin).sort((a, b) => a.index - b.index || a.at - b.at);
}

export const loadKnown = async (origin: string): Promise<Known | undefined> =>
  (await done((await store("known", "readonly")).get(origin))) as Known | undefined;

export const saveKnown = async (known: Known): Promise<void> => void (await done((await store("known", "readwrite")).put(known)));
