// What happens to the zip or the folder that a copy stands in. Form "zip" gives bytes, form "folder" files and links.

import { endOf64, pack } from "./zip.js";

const LIES = {
  "a local header that says another size": (file, where) => where === "local" && (file.size += 1),
  "a directory that says another size": (file, where) => where === "directory" && (file.size += 1),
  "a size that both headers lie about": (file) => (file.size += 1),
  "a smaller size that both headers lie about": (file) => (file.size -= 1),
  "a packed size that both headers lie about": (file) => (file.packedSize -= 1),
  "a wrong checksum in both headers": (file) => (file.crc = (file.crc ^ 1) >>> 0),
  "a local checksum": (file, where) => where === "local" && (file.crc = (file.crc ^ 1) >>> 0),
  "a local name": (file, where) => where === "local" && (file.name = Buffer.from(`${file.path.slice(0, -1)}_`)),
  "a local method": (file, where) => where === "local" && (file.method = file.method === 0 ? 8 : 0),
  "a method that is not taken": (file) => (file.method = 12),
  "encryption": (file) => (file.flags |= 1),
  "a data descriptor": (file) => (file.flags |= 8),
  "a flag in one place": (file, where) => where === "local" && (file.flags |= 2),
  "a time in one place": (file, where) => where === "local" && (file.time ^= 32),
  "a version in one place": (file, where) => where === "local" && (file.needed = 10),
  "an extra field": (file) => (file.extra = Buffer.from("555409000310a9c36110a9c361", "hex")),
  "half an extra field": (file) => (file.extra = Buffer.from("0100", "hex")),
  "a comment on a file": (file) => (file.comment = Buffer.from("see")),
  "a link": (file) => (file.outer = 0o120777 * 65536),
  "a folder by its type": (file) => (file.outer = 0o040755 * 65536),
  "a file cut out of its neighbours": (file, where) => where === "local" && (file.after = Buffer.from("between")),
  "bytes behind a packed file": (file) => {
    file.packed = Buffer.concat([file.packed, Buffer.of(0)]);
    file.packedSize += 1;
  },
  "a packed file cut short": (file) => {
    file.packed = file.packed.subarray(0, -1);
    file.packedSize -= 1;
  },
  "an offset": (file, where) => where === "directory" && (file.offset += 1),
};

const HARMLESS = {
  "an empty extra field of ZIP64": (file) => (file.extra = Buffer.from("01000000", "hex")),
  "names marked as UTF-8": (file) => (file.flags |= 0x800),
  "flags that tell how hard it was packed": (file) => (file.flags |= 6),
  "another date": (file) => (file.date ^= 1),
  "no type of file": (file) => (file.outer = 0),
};

function lying(tell) {
  return ({ files, dice }) => {
    const path = dice.pick([...files.keys()].filter((name) => files.get(name).length > 8));
    return { zip: pack(files, { store: stored(dice), lie: (file, where) => file.path === path && tell(file, where, dice) }) };
  };
}

const stored = (dice) => {
  const every = dice.below(4);
  return (path) => every === 0 || (every === 1 && path.length % 2 === 0);
};

function named(change, must = "fault") {
  return { must, make: ({ files, dice }) => ({ zip: pack(change([...files], dice)) }) };
}

function around(change) {
  return ({ files, dice }) => ({ zip: pack(files, { around: (parts) => change(parts, dice) }) });
}

export const ZIP = [
  ...Object.entries(LIES).map(([name, tell]) => ({ name: `zip: ${name}`, must: "fault", code: "shape", form: "zip", make: lying(tell) })),
  ...Object.entries(HARMLESS).map(([name, tell]) => ({ name: `zip: ${name}`, must: "holds", form: "zip", make: lying(tell) })),
  { name: "zip: a name that climbs", code: "shape", form: "zip", ...named((files, dice) => [...files, [dice.pick(["../up", "/etc/x", "a/../b", "./x", "..\\up", "C:\\x", "tile//0", "packs/../x", "a\u0000b", "a\nb", "\u00e9", "README.txt/", "x".repeat(1025)]), Buffer.from("x")]]) },
  { name: "zip: a folder entry", code: "shape", form: "zip", ...named((files, dice) => [[dice.pick(["tile/", "keys/"]), Buffer.alloc(0)], ...files]) },
  { name: "zip: a file twice", code: "shape", form: "zip", ...named((files, dice) => [...files, dice.pick(files)]) },
  { name: "zip: a file twice but for its case", code: "shape", form: "zip", ...named((files) => [...files, ["readme.TXT", Buffer.from("x")]]) },
  { name: "zip: files in another order", form: "zip", ...named((files) => files.reverse(), "holds") },
  { name: "zip: everything stored", form: "zip", must: "holds", make: ({ files }) => ({ zip: pack(files, { store: () => true }) }) },
  { name: "zip: bytes before it", code: "shape", form: "zip", must: "fault", make: around((parts, dice) => (parts.before = dice.bytes(1 + dice.below(20)))) },
  { name: "zip: bytes after it", code: "shape", form: "zip", must: "fault", make: around((parts, dice) => (parts.tail = dice.bytes(1 + dice.below(20)))) },
  { name: "zip: a comment", code: "shape", form: "zip", must: "fault", make: around((parts) => (parts.end = { comment: Buffer.from("hello") })) },
  { name: "zip: a file that the directory does not have", code: "shape", form: "zip", must: "fault", make: around((parts, dice) => parts.directory.splice(dice.below(parts.directory.length), 1)) },
  { name: "zip: a number of files that is not theirs", code: "shape", form: "zip", must: "fault", make: around((parts, dice) => (parts.end = { count: parts.directory.length + dice.pick([-1, 1, 1000]) })) },
  { name: "zip: a directory that begins elsewhere", code: "shape", form: "zip", must: "fault", make: around((parts, dice) => (parts.end = { begin: dice.below(99) })) },
  { name: "zip: a bomb", code: "shape", form: "zip", must: "fault", make: ({ files }) => ({ zip: pack([...files, ["attachments/" + "0".repeat(64), Buffer.alloc(40_000_000)]]) }) },
  { name: "zip: ZIP64 end records", form: "zip", must: "holds", make: ({ files }) => ({ zip: with64(pack(files)) }) },
  { name: "zip: cut off", code: "shape", form: "zip", must: "fault", make: ({ files, dice }) => {
    const zip = pack(files);
    return { zip: zip.subarray(0, dice.below(zip.length)) };
  } },
  { name: "zip: no zip at all", code: "shape", form: "zip", must: "fault", make: ({ dice }) => ({ zip: dice.bytes(dice.below(400)) }) },
  { name: "zip: a bit of a packed copy", form: "zip", make: ({ files, dice }) => {
    const zip = pack(files, { store: stored(dice) });
    zip[dice.below(zip.length)] ^= 1 << dice.below(8);
    return { zip };
  } },
  { name: "zip: a bit of the directory", form: "zip", make: ({ files, dice }) => {
    const zip = pack(files, { store: stored(dice) });
    const begin = zip.readUInt32LE(zip.length - 6);
    zip[begin + dice.below(zip.length - begin)] ^= 1 << dice.below(8);
    return { zip };
  } },
];

function with64(zip) {
  const end = zip.length - 22;
  const [count, size, begin] = [zip.readUInt16LE(end + 10), zip.readUInt32LE(end + 12), zip.readUInt32LE(end + 16)];
  return Buffer.concat([zip.subarray(0, end), endOf64({ count, size, begin })]);
}

export const FOLDER = [
  { name: "folder: a link in place of a file", code: "shape", form: "folder", must: "fault", skip: ["html"], make: ({ files, dice }) => ({ files, links: [dice.pick([...files.keys()])] }) },
  { name: "folder: a name with a backslash", code: "shape", form: "folder", must: "fault", make: ({ files }) => (files.set("a\\b", Buffer.from("x")), { files }) },
  { name: "folder: nothing in it", code: "shape", form: "folder", must: "fault", make: () => ({ files: new Map() }) },
];
