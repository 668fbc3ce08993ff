// What happens to files without any key: an accident, or somebody who can write the files and the manifest.
//
// Each kind of corruption: `name`; `must`: "fault", "holds" (as before), "says" (holds, and says something else), or nothing
// where only agreement is asked; `code`: the fault that it must be; `make`: from a copy to a changed one.

import { bodyRecord, fixManifest, manifestOf, Opened } from "./copy.js";
import { vkey } from "./keys.js";
import { sha256 } from "./tree.js";

const VOUCHED = /^(tile|bodies|attachments|packs|entries|first)/;

function flip(data, dice) {
  const out = Buffer.from(data);
  const bit = dice.below(out.length * 8);
  out[bit >> 3] ^= 1 << (bit & 7);
  return out;
}

const matching = (files, pattern) => [...files.keys()].filter((path) => pattern.test(path) && files.get(path).length > 0);

/** A bit of a file that this pattern finds. */
function flipIn(pattern, isFixed) {
  return ({ files, dice }) => {
    const path = dice.pick(matching(files, pattern));
    files.set(path, flip(files.get(path), dice));
    return { files: isFixed ? fixManifest(files) : files };
  };
}

function textOf(change) {
  return ({ files, dice, secrets, other }) => {
    const text = files.get("checkpoint").toString();
    files.set("checkpoint", Buffer.from(change(text, { dice, secrets, other, files })));
    return { files: fixManifest(files) };
  };
}

const lines = (text) => text.split("\n");
const unknown = (name, dice) => `\u2014 ${name} ${dice.bytes(68).toString("base64")}\n`;

/** Both formats. */
export const ANY = [
  { name: "a bit of any file", must: "fault", make: flipIn(/^(?!manifest)/, false) },
  { name: "a bit of what is vouched for, manifest fixed", must: "fault", make: flipIn(VOUCHED, true) },
  { name: "a bit of what only the manifest names, manifest fixed", make: flipIn(/^(?!manifest|tile|bodies|attachments|packs|entries|first)/, true) },
  { name: "a bit of the manifest", make: flipIn(/^manifest/, false) },
  { name: "a bit of the checkpoint", must: "fault", make: flipIn(/^checkpoint/, false) },
  {
    name: "a bit of the checkpoint's three lines, manifest fixed",
    must: "fault",
    code: "checkpoint",
    make: ({ files, dice }) => {
      const note = files.get("checkpoint");
      const end = note.indexOf("\n\n");
      files.set("checkpoint", Buffer.concat([flip(note.subarray(0, end), dice), note.subarray(end)]));
      return { files: fixManifest(files) };
    },
  },
  {
    name: "a byte more or less",
    must: "fault",
    make: ({ files, dice }) => {
      const path = dice.pick(matching(files, /^(?!manifest)/));
      const data = files.get(path);
      files.set(path, dice.below(2) ? data.subarray(0, -1) : Buffer.concat([data, dice.bytes(1)]));
      return { files };
    },
  },
  {
    name: "a file cut off, manifest fixed",
    must: "fault",
    make: ({ files, dice }) => {
      const path = dice.pick(matching(files, VOUCHED));
      files.set(path, files.get(path).subarray(0, dice.below(files.get(path).length)));
      return { files: fixManifest(files) };
    },
  },
  {
    name: "a file gone",
    must: "fault",
    code: "shape",
    make: ({ files, dice }) => (files.delete(dice.pick([...files.keys()])), { files }),
  },
  {
    name: "a needed file gone, manifest fixed",
    must: "fault",
    make: ({ files, dice }) => {
      files.delete(dice.pick(matching(files, /^(tile|checkpoint|keys\/log|first|receipts\/0)/)));
      return { files: fixManifest(files) };
    },
  },
  {
    name: "an optional file gone, manifest fixed",
    make: ({ files, dice }) => {
      files.delete(dice.pick(matching(files, /^(README|verify|mine|certificate|defects|custody|receipts\/3|keys\/keys|policy|cosigned)/)));
      return { files: fixManifest(files) };
    },
  },
  {
    name: "a file that does not belong, manifest fixed",
    must: "fault",
    code: "shape",
    make: ({ files, dice }) => {
      const paths = ["notes.txt", "tile/6/000", "tile/0/00", "tile/0/0000", "tile/0/x000/000", "tile/entries/000.p/256", "tile/entries/000.p/0", "tile/entries/000.p/01", "bodies/000.p/3", "attachments/abc", "keys/other", "receipts/01.tlog-proof", "receipts/x", "packs/abc/x", ".hidden", "README.TXT", "custody/1.txt", "entries/1.txt", "a b", "tile/x/000", "Manifest.json"];
      files.set(dice.pick(paths), Buffer.from("x"));
      return { files: fixManifest(files) };
    },
  },
  {
    name: "a file renamed",
    must: "fault",
    code: "shape",
    make: ({ files, dice }) => {
      const path = dice.pick(matching(files, /^(tile|bodies|checkpoint|README|attachments|entries)/));
      files.set(`${path}x`, files.get(path));
      files.delete(path);
      return { files: dice.below(2) ? fixManifest(files) : files };
    },
  },
  {
    name: "two files for each other, manifest fixed",
    must: "fault",
    make: ({ files, dice }) => {
      const [one, two] = dice.two(matching(files, /^(tile|bodies|attachments|entries|receipts)/));
      const held = files.get(one);
      if (held.equals(files.get(two))) files.set(one, Buffer.concat([held, held]));
      else files.set(one, files.get(two)).set(two, held);
      return { files: fixManifest(files) };
    },
  },
  { name: "thousands of signature lines", must: "fault", code: "checkpoint", make: textOf((text, { dice }) => text + Array.from({ length: 3000 }, (_, at) => unknown(`n${at}.example/x`, dice)).join("")) },
  { name: "sixteen signature lines", must: "holds", make: textOf((text, { dice }) => text + Array.from({ length: 16 - lines(text).slice(4, -1).length }, (_, at) => unknown(`n${at}.example/x`, dice)).join("")) },
  { name: "seventeen signature lines", must: "fault", code: "checkpoint", make: textOf((text, { dice }) => text + Array.from({ length: 17 - lines(text).slice(4, -1).length }, (_, at) => unknown(`n${at}.example/x`, dice)).join("")) },
  { name: "the log's signature twice", must: "holds", make: textOf((text) => `${text}${lines(text)[4]}\n`) },
  {
    name: "the log's signature twice, one of them wrong",
    must: "fault",
    code: "checkpoint",
    make: textOf((text) => {
      const [, name, data] = lines(text)[4].split(" ");
      const bytes = Buffer.from(data, "base64");
      bytes[40] ^= 1;
      return `${text}\u2014 ${name} ${bytes.toString("base64")}\n`;
    }),
  },
  { name: "the log's signature gone", must: "fault", code: "checkpoint", make: textOf((text, { dice }) => [...lines(text).slice(0, 4), unknown("n.example/x", dice)].join("\n")) },
  { name: "a line in the checkpoint that is no signature", must: "fault", code: "checkpoint", make: textOf((text, { dice }) => text + dice.pick(["- a.example/x AAAAAAAA\n", "\u2014 a.example/x\n", "\u2014 a.example/x AAAA\n", "\u2014  a.example/x AAAAAAAA\n", "\u2014 a.example/x AAAAAAAA \n", "\u2014 a+b AAAAAAAA\n", "\n", "x\n", "\u2014 a.example/x AAAAAAB=\n", "\u2014 a.example/x AAAAAAA\n"])) },
  {
    name: "a checkpoint of another form",
    must: "fault",
    code: "checkpoint",
    make: textOf((text, { dice }) =>
      dice.pick([
        () => text.slice(0, -1),
        () => text.replaceAll("\n", "\r\n"),
        () => text.replace("\n\n", "\nmore\n\n"),
        () => text.replace("\n\n", "\n"),
        () => text.replace(/\n(\d+)\n/, "\n0$1\n"),
        () => text.replace(/\n(\d+)\n/, "\n+$1\n"),
        () => text.replace(/\n(\d+)\n/, "\n$1 \n"),
        () => text.replace(/=\n\n/, "\n\n"),
        () => `\ufeff${text}`,
        () => `${text}\u0000`,
        () => "",
      ])(),
    ),
  },
  {
    name: "the base64 of the root or signature spelled otherwise",
    must: "fault",
    code: "checkpoint",
    make: textOf((text, { dice }) => {
      const all = lines(text);
      const at = dice.pick([2, 4]);
      const next = { A: "B", Q: "R", g: "h", w: "x", E: "F", I: "J", M: "N", U: "V", Y: "Z", c: "d", k: "l", o: "p", s: "t", 0: "1", 4: "5", 8: "9" };
      all[at] = all[at].replace(/(.)=(=?)$/, (_, digit, more) => `${next[digit] ?? "B"}=${more}`);
      return all.join("\n");
    }),
  },
  {
    name: "another log's checkpoint",
    must: "fault",
    code: "checkpoint",
    make: ({ files, other }) => (files.set("checkpoint", other.files.get("checkpoint")), { files: fixManifest(files) }),
  },
  {
    name: "another log's key",
    must: "fault",
    code: "checkpoint",
    make: ({ files, other, dice }) => {
      const origin = manifestOf(files).origin;
      const [name, id, key] = files.get("keys/log.vkey").toString().trim().split("+");
      const raw = Buffer.from(other.files.get("keys/log.vkey").toString().trim().split("+").slice(2).join("+"), "base64").subarray(1).toString("hex");
      const wrong = [`${vkey(origin, 1, raw)}\n`, `${name}+${id}+${key}`, `${name}+${id}+${key}\r\n`, ` ${name}+${id}+${key}\n`, `${name}+00000000+${key}\n`, `${name}+${id.toUpperCase()}x+${key}\n`, other.files.get("keys/log.vkey").toString(), ""];
      files.set("keys/log.vkey", Buffer.from(dice.pick(wrong)));
      return { files: fixManifest(files) };
    },
  },
  {
    name: "another origin",
    must: "fault",
    code: "checkpoint",
    make: ({ files, dice }) => {
      const { origin } = manifestOf(files);
      const changed = `${origin.slice(0, -1)}${origin.endsWith("a") ? "b" : "a"}`;
      const how = dice.below(3);
      if (how !== 1) files.set("checkpoint", Buffer.from(files.get("checkpoint").toString().replaceAll(origin, changed)));
      return { files: fixManifest(files, (manifest) => how > 0 && (manifest.origin = changed)) };
    },
  },
  {
    name: "a lie in the manifest",
    must: "fault",
    make: ({ files, dice }) => {
      const lies = [
        (manifest) => (manifest.size += 1),
        (manifest) => (manifest.root = "0".repeat(64)),
        (manifest) => (manifest.v = 2),
        (manifest) => (manifest.format = "coldproof"),
        (manifest) => (manifest.more = 1),
        (manifest) => delete manifest.made_at,
        (manifest) => (manifest.made_at = -1),
        (manifest) => (manifest.files[0].bytes += 1),
        (manifest) => manifest.files.reverse(),
        (manifest) => manifest.files.pop(),
        (manifest) => manifest.files.push(manifest.files.at(-1)),
        (manifest) => (manifest.files[0].sha256 = manifest.files[0].sha256.toUpperCase()),
        (manifest) => (manifest.files[2].sha256 = sha256("x").toString("hex")),
        (manifest) => manifest.attachments.push({ sha256: sha256("x").toString("hex"), bytes: 1 }),
        (manifest) => (manifest.program = null),
        (manifest) => (manifest.person = manifest.person ? undefined : "0".repeat(64)),
        (manifest) => (manifest.format = manifest.person ? "coldproof-export" : "coldproof-copy"),
        (manifest) => manifest.files.push({ path: "zzz", bytes: 1, sha256: "0".repeat(64) }),
      ];
      return { files: fixManifest(files, dice.pick(lies)) };
    },
  },
  {
    name: "JSON in the manifest that a lax reader takes",
    must: "fault",
    code: "shape",
    make: ({ files, dice }) => {
      const text = files.get("manifest.json").toString();
      const spelled = [
        text.replace('"v":1', '"v":1,"v":1'),
        text.replace('"v":1', '"v":1,"\\u0076":1'),
        text.replace('"v":1', '"v":1.0'),
        text.replace('"v":1', '"v":1e0'),
        text.replace('"v":1', '"v":01'),
        text.replace('"v":1', '"v":true'),
        text.replace('"v":1', '"v":"1"'),
        text.replace(/"size":/, '"size":-'),
        `${text} x`,
        `\ufeff${text}`,
        `${text}\u0000`,
        text.replace('"version":"', '"version":"\\u0000'),
        text.replace('"version":"', '"version":"\\ud800'),
        text.replace('"version":"', '"version":"\u202e'),
        text.replace('"version":"', '"version":"\u007f'),
        text.replace('"version":"', '"version":"\t'),
        text.replace('"version":"', '"version":"\\x'),
        text.slice(0, -1),
        text.replace("{", "{,"),
        text.replace(/}$/, ",}"),
        `[${text}]`,
        "",
      ];
      files.set("manifest.json", dice.below(9) === 0 ? Buffer.concat([Buffer.from(text.slice(0, 40)), Buffer.of(0xc0, 0x80), Buffer.from(text.slice(40))]) : Buffer.from(dice.pick(spelled)));
      return { files };
    },
  },
  {
    name: "JSON in the manifest spelled otherwise, as it may be",
    must: "holds",
    make: ({ files, dice }) => {
      const manifest = manifestOf(files);
      const turned = Object.fromEntries(Object.entries(manifest).reverse());
      const text = dice.pick([JSON.stringify(manifest, null, 2), `\n\t ${JSON.stringify(turned)}\r\n`, JSON.stringify(manifest).replace('"origin"', '"\\u006frigin"')]);
      files.set("manifest.json", Buffer.from(text));
      return { files };
    },
  },
];

const opened = ({ files, secrets }) => new Opened(files, secrets);

/** How far somebody without the log's key can go in making it look whole. */
function repaired(copy, dice) {
  const how = dice.below(3);
  copy.writeBundles();
  if (how > 0) copy.writeTiles();
  if (how > 1) copy.writeUnsigned();
  return { files: how > 1 ? copy.fix() : fixManifest(copy.files) };
}

function moved(change) {
  return (given) => {
    const copy = opened(given);
    change(copy, given.dice);
    return repaired(copy, given.dice);
  };
}

/** The bodies of one bundle as records, changed, put back. */
function bundle(change) {
  return ({ files, dice }) => {
    const path = dice.pick(matching(files, /^bodies/));
    const data = files.get(path);
    const records = [];
    for (let at = 0; at < data.length; ) {
      const end = at + 37 + data.readUInt32BE(at + 33);
      records.push({ slot: data[at], salt: data.subarray(at + 1, at + 33), body: data.subarray(at + 37, end) });
      at = end;
    }
    const changed = change(records, dice) ?? records;
    const out = Buffer.isBuffer(changed) ? changed : Buffer.concat(changed.map((record) => bodyRecord(record.slot, record)));
    files.set(path, out);
    return { files: fixManifest(files) };
  };
}

const whole = (records) => Buffer.concat(records.map((record) => bodyRecord(record.slot, record)));

/** Exports alone. */
export const EXPORT = [
  { name: "an entry left out", must: "fault", make: moved((copy, dice) => copy.entries.splice(dice.below(copy.entries.length), 1)) },
  {
    name: "an entry twice",
    must: "fault",
    make: moved((copy, dice) => {
      const at = dice.below(copy.entries.length);
      copy.entries.splice(at, 0, copy.entries[at]);
    }),
  },
  {
    name: "two entries in each other's place",
    must: "fault",
    make: moved((copy, dice) => {
      const [one, two] = dice.two(copy.entries.map((_, at) => at));
      [copy.entries[one], copy.entries[two]] = [copy.entries[two], copy.entries[one]];
    }),
  },
  { name: "the last entries left out", must: "fault", make: moved((copy, dice) => copy.entries.splice(1 + dice.below(copy.entries.length - 1))) },
  {
    name: "an entry cut off",
    must: "fault",
    make: moved((copy, dice) => {
      const at = dice.below(copy.entries.length);
      copy.entries[at] = copy.entries[at].subarray(0, dice.below(copy.entries[at].length));
    }),
  },
  {
    name: "another answer to a statement",
    must: "fault",
    make: moved((copy) => {
      const at = copy.entries.findIndex((entry) => entry.includes('"admitted":true'));
      copy.entries[Math.max(at, 0)] = Buffer.from(copy.entries[Math.max(at, 0)].toString().replace(/"admitted": ?true/, '"admitted":false'));
    }),
  },
  {
    name: "another time of an entry",
    must: "fault",
    make: moved((copy, dice) => {
      const at = dice.below(copy.entries.length);
      copy.entries[at] = Buffer.from(copy.entries[at].toString().replace(/("at": ?)(\d+)/, (_, head, time) => head + (Number(time) + dice.below(9) - 4 || 1)));
    }),
    // A change of nothing would hold.
    unless: (before, after) => before.get("tile/entries/000.p/63")?.equals(after.get("tile/entries/000.p/63")) || sameBundles(before, after),
  },
  { name: "an older checkpoint, manifest not fixed", must: "fault", code: "checkpoint", secrets: true, make: ({ files, secrets, dice }) => (files.set("checkpoint", Buffer.from(dice.pick(Object.values(secrets.older)), "base64")), { files: fixManifest(files) }) },
  {
    name: "an older checkpoint, manifest fixed",
    must: "fault",
    code: "entry",
    secrets: true,
    make: ({ files, secrets, dice }) => {
      const [size, note] = dice.pick(Object.entries(secrets.older));
      files.set("checkpoint", Buffer.from(note, "base64"));
      const root = Buffer.from(files.get("checkpoint").toString().split("\n")[2], "base64").toString("hex");
      return { files: fixManifest(files, (manifest) => Object.assign(manifest, { size: Number(size), root })) };
    },
  },
  {
    name: "a whole older copy, which holds for what it has",
    must: "says",
    secrets: true,
    make: (given) => {
      const copy = opened(given);
      const [size, note] = given.dice.pick(Object.entries(given.secrets.older));
      copy.entries.length = Number(size);
      for (const at of copy.bodies.keys()) if (at >= size) copy.bodies.delete(at);
      copy.writeBundles().writeTiles();
      copy.files.set("checkpoint", Buffer.from(note, "base64"));
      for (const path of copy.files.keys()) if (/^(attachments|cosigned|receipts|packs)/.test(path)) copy.files.delete(path);
      return { files: copy.fix((manifest) => delete manifest.notice) };
    },
  },
  { name: "the tree of another size", must: "fault", code: "tile", make: ({ files, dice }) => (files.set(dice.pick(["tile/0/001.p/7", "tile/0/x001/000", "tile/3/000.p/1", "tile/0/000.p/1", "tile/1/001"]), dice.bytes(32)), { files: fixManifest(files) }) },
  { name: "a bundle past the last", must: "fault", code: "entry", make: ({ files, dice }) => (files.set(dice.pick(["tile/entries/002", "tile/entries/x001/000", "tile/entries/000.p/1"]), dice.bytes(32)), { files: fixManifest(files) }) },
  { name: "bodies past the last", must: "fault", code: "body", make: ({ files, dice }) => (files.set(dice.pick(["bodies/002", "bodies/x001/000"]), dice.bytes(38)), { files: fixManifest(files) }) },
  { name: "bytes behind a bundle's last entry", must: "fault", code: "entry", make: ({ files, dice }) => {
    const path = dice.pick(matching(files, /^tile\/entries/));
    files.set(path, Buffer.concat([files.get(path), dice.pick([Buffer.of(0), Buffer.of(0, 0), Buffer.of(0, 2, 123, 125)])]));
    return { files: fixManifest(files) };
  } },
  { name: "a length in a bundle", must: "fault", code: "entry", make: ({ files, dice }) => {
    const path = dice.pick(matching(files, /^tile\/entries/));
    const data = Buffer.from(files.get(path));
    data.writeUInt16BE(dice.pick([0, 1, 0xffff, data.readUInt16BE(0) - 1, data.readUInt16BE(0) + 1]), 0);
    files.set(path, data);
    return { files: fixManifest(files) };
  } },
  { name: "two bodies for each other", must: "fault", code: "body", needs: "bodies", make: bundle((records, dice) => {
    const [one, two] = dice.two(records);
    [one.body, two.body, one.salt, two.salt] = [two.body, one.body, two.salt, one.salt];
  }) },
  { name: "two salts for each other", must: "fault", code: "body", needs: "bodies", make: bundle((records, dice) => {
    const [one, two] = dice.two(records);
    [one.salt, two.salt] = [two.salt, one.salt];
  }) },
  { name: "a body beside another entry", must: "fault", code: "body", needs: "bodies", make: bundle((records, dice) => {
    const at = dice.below(records.length - 1);
    const gap = records[at].slot + 1;
    if (records[at + 1].slot !== gap) records[at].slot = gap;
    else records[at].slot = records.splice(at + 1, 1)[0].slot;
  }) },
  { name: "a body beside an open statement", must: "fault", code: "body", needs: "bodies", make: bundle((records, dice) => {
    records.unshift({ slot: dice.below(2), salt: dice.bytes(32), body: Buffer.from("{}") });
  }), only: (files) => matching(files, /^bodies/).length === 1 },
  { name: "a bundle of bodies in another order", must: "fault", code: "body", needs: "bodies", make: bundle((records, dice) => dice.pick([
    () => [...records.slice(1), records[0]],
    () => [records[0], ...records],
    () => Buffer.concat([whole(records), dice.bytes(1 + dice.below(40))]),
    () => whole(records).subarray(0, -1 - dice.below(30)),
    () => Buffer.alloc(0),
    () => [...records, { ...records.at(-1), slot: 255 }],
  ])()) },
  {
    name: "a body gone, manifest fixed",
    must: "says",
    needs: "bodies",
    make: bundle((records, dice) => {
      records.splice(dice.below(records.length), 1);
    }),
    // Without the body that names it, an attachment is nobody's.
    only: (files) => matching(files, /^attachments/).length === 0,
  },
  {
    name: "every body gone, manifest fixed",
    must: "says",
    needs: "bodies",
    make: ({ files }) => {
      for (const path of files.keys()) if (/^(bodies|attachments)/.test(path)) files.delete(path);
      return { files: fixManifest(files) };
    },
  },
  { name: "an attachment gone, manifest fixed", must: "says", needs: "attachments", make: ({ files, dice }) => (files.delete(dice.pick(matching(files, /^attachments/))), { files: fixManifest(files) }) },
  { name: "an attachment that nobody named", must: "fault", code: "attachment", make: ({ files, dice }) => {
    const data = dice.bytes(99);
    files.set(`attachments/${sha256(data).toString("hex")}`, data);
    return { files: fixManifest(files) };
  } },
  { name: "an attachment under another's name", must: "fault", code: "attachment", needs: "attachments", make: ({ files, dice }) => {
    const path = dice.pick(matching(files, /^attachments/));
    const data = Buffer.from(files.get(path));
    data[dice.below(data.length)] ^= 255;
    files.set(path, data);
    return { files: fixManifest(files) };
  } },
  { name: "a pack with a file more, less or other", must: "fault", code: "pack", needs: "packs", make: ({ files, dice }) => {
    const path = dice.pick(matching(files, /^packs/));
    const folder = path.slice(0, 71);
    const how = dice.below(3);
    if (how === 0) files.set(`${folder}more.cedar`, Buffer.from("permit"));
    else if (how === 1) files.delete(path);
    else files.set(path, Buffer.concat([files.get(path), Buffer.from("\n")]));
    return { files: fixManifest(files) };
  } },
  { name: "a pack that no entry names", must: "fault", code: "pack", make: ({ files }) => {
    const data = Buffer.from('id = "x"\n');
    const long = (value) => { const out = Buffer.alloc(8); out.writeBigUInt64BE(BigInt(value)); return out; };
    const digest = sha256("coldproof pack v1\n", long(9), "pack.toml", long(data.length), data).toString("hex");
    files.set(`packs/${digest}/pack.toml`, data);
    return { files: fixManifest(files) };
  } },
  { name: "another notice in the manifest", needs: "notice", make: ({ files, dice }) => ({ files: fixManifest(files, (manifest) => (manifest.notice = dice.pick([0, 1, manifest.size - 2, manifest.size, 2 ** 53 - 1]))) }) },
  { name: "no notice in the manifest", must: "says", needs: "notice", make: ({ files }) => ({ files: fixManifest(files, (manifest) => delete manifest.notice) }) },
  { name: "another policy in the copy", needs: "policy", make: ({ files, dice }) => {
    const text = files.get("policy").toString();
    const changed = [
      () => text.replace(/^quorum.*$/m, "quorum none"),
      () => text.replace(/^quorum.*$/m, ""),
      () => `${text}quorum none\n`,
      () => text.replace(/^log.*$/m, ""),
      () => text.replace(/^witness.*$/m, ""),
      () => text.replace(/any/, "2"),
      () => text.replace(/any/, "0"),
      () => text.replace(/any/, "01"),
      () => text.replaceAll(" ", "\t  "),
      () => text.replaceAll("\n", "\r\n"),
      () => text.replace(/^group.*$/m, "group outside 1 nobody"),
      () => `${text}group late any outside\n`,
      () => `${text}# ${"x".repeat(70000)}\n`,
      () => `${text}\n  # \u00e9\n`,
      () => text.slice(0, -1),
      () => "",
    ];
    files.set("policy", Buffer.from(dice.pick(changed)()));
    return { files: fixManifest(files) };
  } },
  { name: "a bit of a known cosignature, manifest fixed", must: "fault", needs: "policy", make: ({ files, dice }) => {
    const path = files.has("cosigned") ? "cosigned" : "checkpoint";
    const all = lines(files.get(path).toString());
    const [mark, name, data] = all[5].split(" ");
    const bytes = Buffer.from(data, "base64");
    bytes[4 + dice.below(72)] ^= 1 << dice.below(8);
    all[5] = `${mark} ${name} ${dice.below(4) ? bytes.toString("base64") : bytes.subarray(0, -1 - dice.below(20)).toString("base64")}`;
    files.set(path, Buffer.from(all.join("\n")));
    return { files: fixManifest(files) };
  }, code: "checkpoint|cosigned" },
];

function sameBundles(before, after) {
  return [...before].every(([path, data]) => !path.startsWith("tile/entries/") || after.get(path)?.equals(data));
}

/** Own copies alone. */
export const COPY = [
  { name: "a receipt for another entry", must: "fault", code: "root", make: ({ files, dice }) => {
    const [one, two] = dice.two(matching(files, /^receipts/));
    files.set(one, files.get(two));
    return { files: fixManifest(files) };
  } },
  { name: "a receipt spelled otherwise", must: "fault", code: "root", make: ({ files, dice }) => {
    const path = dice.pick(matching(files, /^receipts/));
    const text = files.get(path).toString();
    const changed = [
      () => text.replace("index ", "index 0"),
      () => text.replace(/index \d+/, "index 1"),
      () => text.replace("@v1", "@v2"),
      () => text.replace("\n\n", "\n"),
      () => text.replace(/\n([^\n]{44})\n/, "\n$1\n$1\n"),
      () => text.replace(/\n([^\n]{44})\n/, "\n"),
      () => text.replace(/\n([^\n]{40})[^\n]{4}\n/, "\n$1\n"),
      () => `${text}\n`,
      () => text.replace(/(index \d+\n)/, `$1${"A".repeat(43)}=\n`.repeat(1)),
      () => text.replace(/(index \d+\n)/, (line) => line + `${"A".repeat(43)}=\n`.repeat(64)),
    ];
    files.set(path, Buffer.from(dice.pick(changed)()));
    return { files: fixManifest(files) };
  }, unless: (before, after) => [...before].every(([path, data]) => !path.startsWith("receipts/") || after.get(path)?.equals(data)) },
  { name: "an entry of one's own left out", must: "says", make: ({ files, dice }) => {
    const path = dice.pick(matching(files, /^entries\/.*\.entry$/));
    const at = path.slice(8, -6);
    for (const gone of [path, `entries/${at}.body`, `entries/${at}.salt`, `receipts/${at}.tlog-proof`]) files.delete(gone);
    return { files: fixManifest(files) };
  } },
  { name: "a text of one's own left out", must: "says", make: ({ files, dice }) => {
    const path = dice.pick(matching(files, /\.body$/));
    files.delete(path);
    files.delete(path.replace(".body", ".salt"));
    return { files: fixManifest(files) };
  } },
  { name: "half of what belongs together", must: "fault", code: "shape", make: ({ files, dice }) => (files.delete(dice.pick(matching(files, /\.(body|salt|tlog-proof)$/))), { files: fixManifest(files) }) },
  { name: "two texts of one's own for each other", must: "fault", code: "body", make: ({ files, dice }) => {
    const [one, two] = dice.two(matching(files, /\.body$/));
    const held = files.get(one);
    files.set(one, files.get(two)).set(two, held);
    return { files: fixManifest(files) };
  } },
  { name: "another person's copy", must: "fault", code: "entry", make: ({ files, dice }) => ({ files: fixManifest(files, (manifest) => (manifest.person = sha256(dice.bytes(4)).toString("hex"))) }) },
  { name: "another first entry", must: "fault", make: ({ files, dice }) => (files.set("first.entry", files.get(dice.pick(matching(files, /^entries\/.*\.entry$/)))), { files: fixManifest(files) }), code: "checkpoint" },
  { name: "an older checkpoint over the receipts", must: "fault", code: "root", secrets: true, make: ({ files, secrets, dice }) => {
    const [size, note] = dice.pick(Object.entries(secrets.older));
    files.set("checkpoint", Buffer.from(note, "base64"));
    const root = Buffer.from(files.get("checkpoint").toString().split("\n")[2], "base64").toString("hex");
    return { files: fixManifest(files, (manifest) => Object.assign(manifest, { size: Number(size), root })) };
  } },
];

