// A copy taken apart, and put together again: with or without what makes it look whole.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { leafOf, number, proofOf, rootOf, sha256, tilesOf, width } from "./tree.js";
import { signed } from "./keys.js";

export function load(folder, under = "") {
  const files = new Map();
  for (const item of readdirSync(join(folder, under), { withFileTypes: true })) {
    const path = under + item.name;
    if (item.isDirectory()) for (const [inner, data] of load(folder, `${path}/`)) files.set(inner, data);
    else files.set(path, readFileSync(join(folder, path)));
  }
  return files;
}

export function save(files, folder) {
  for (const [path, data] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), data);
  }
}

export const manifestOf = (files) => JSON.parse(files.get("manifest.json"));

/** Writes the manifest that these files ask for; `change` may lie in it. */
export function fixManifest(files, change = () => undefined) {
  const manifest = manifestOf(files);
  const paths = [...files.keys()].filter((path) => path !== "manifest.json").sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
  manifest.files = paths.map((path) => ({ path, bytes: files.get(path).length, sha256: sha256(files.get(path)).toString("hex") }));
  manifest.attachments = paths
    .filter((path) => path.startsWith("attachments/"))
    .map((path) => ({ sha256: path.slice(12), bytes: files.get(path).length }));
  change(manifest);
  files.set("manifest.json", Buffer.from(JSON.stringify(manifest)));
  return files;
}

/** An export as entries and bodies; with `secrets` anything can be signed. */
export class Opened {
  constructor(files, secrets) {
    this.files = new Map(files);
    this.secrets = secrets;
    this.manifest = manifestOf(files);
    this.entries = [];
    this.bodies = new Map();
    const { size } = this.manifest;
    for (let first = 0; first < size; first += 256) {
      const count = Math.min(256, size - first);
      const bundle = files.get(`tile/entries/${number(first / 256)}${width(count)}`);
      for (let at = 0; at < bundle.length; at += 2 + bundle.readUInt16BE(at)) {
        this.entries.push(bundle.subarray(at + 2, at + 2 + bundle.readUInt16BE(at)));
      }
      const bodies = files.get(`bodies/${number(first / 256)}`) ?? Buffer.alloc(0);
      for (let at = 0; at < bodies.length; ) {
        const end = at + 37 + bodies.readUInt32BE(at + 33);
        this.bodies.set(first + bodies[at], { salt: bodies.subarray(at + 1, at + 33), body: bodies.subarray(at + 37, end) });
        at = end;
      }
    }
  }

  entry(index) {
    const entry = JSON.parse(this.entries[index]);
    const envelope = JSON.parse(Buffer.from(entry.statement, "base64"));
    const payload = Buffer.from(envelope.payload, "base64");
    return { entry, envelope, payload, said: JSON.parse(payload), id: sha256(payload).toString("hex") };
  }

  writeBundles() {
    for (const path of this.files.keys()) if (/^(tile\/entries|bodies)\//.test(path)) this.files.delete(path);
    for (let first = 0; first < this.entries.length; first += 256) {
      const part = this.entries.slice(first, first + 256);
      const lengths = part.map((entry) => Buffer.of(entry.length >> 8, entry.length & 255));
      this.files.set(`tile/entries/${number(first / 256)}${width(part.length)}`, Buffer.concat(part.flatMap((entry, at) => [lengths[at], entry])));
      const kept = part.flatMap((_, slot) => (this.bodies.has(first + slot) ? [bodyRecord(slot, this.bodies.get(first + slot))] : []));
      if (kept.length > 0) this.files.set(`bodies/${number(first / 256)}`, Buffer.concat(kept));
    }
    return this;
  }

  writeTiles() {
    for (const path of this.files.keys()) if (/^tile\/[0-9]/.test(path)) this.files.delete(path);
    for (const [path, data] of tilesOf(this.entries.map(leafOf))) this.files.set(path, data);
    return this;
  }

  get root() {
    return rootOf(this.entries.map(leafOf));
  }

  /** The three lines over the entries as they are now, with the signature lines that stood there. */
  writeUnsigned() {
    const lines = this.files.get("checkpoint").toString().split("\n");
    lines[1] = String(this.entries.length);
    lines[2] = this.root.toString("base64");
    this.files.set("checkpoint", Buffer.from(lines.join("\n")));
    return this;
  }

  /** The same, signed with the log's own key. */
  writeSigned() {
    this.files.set("checkpoint", signed(this.manifest.origin, this.entries.length, this.root, this.secrets));
    return this;
  }

  fix(change = () => undefined) {
    return fixManifest(this.files, (manifest) => {
      manifest.size = this.entries.length;
      manifest.root = this.root.toString("hex");
      change(manifest);
    });
  }

  /** Everything anew, signed: what only the holder of the log's key can do. */
  whole(change) {
    this.writeBundles().writeTiles().writeSigned();
    return this.fix(change);
  }

  proof(index) {
    const hashes = proofOf(this.entries.map(leafOf), index).map((hash) => `${hash.toString("base64")}\n`);
    return Buffer.concat([Buffer.from(`c2sp.org/tlog-proof@v1\nindex ${index}\n${hashes.join("")}\n`), this.files.get("checkpoint")]);
  }
}

export function bodyRecord(slot, { salt, body }) {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([Buffer.of(slot), salt, length, body]);
}
