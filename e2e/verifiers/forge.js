// What somebody can do who holds the log's key and a device's: every hash and signature of the log is right again, and
// what is wrong is wrong in an entry. Needs copies whose keys are known (verifiers/make.py).

import { Opened } from "./copy.js";
import { cosignLine, logLine, oddR, signWith, signed, stretched, underNothing, underNothingSpelledLarge, withTorsion } from "./keys.js";
import { rootOf, leafOf, sha256 } from "./tree.js";

const TYPE = "application/vnd.coldproof.statement+json";
const ZERO = "0".repeat(64);

/** A copy to which statements can be added. */
class Forger {
  constructor({ files, secrets, dice }) {
    this.copy = new Opened(files, secrets);
    this.secrets = secrets;
    this.dice = dice;
    this.last = new Map();
    this.people = [];
    this.copy.entries.forEach((_, at) => {
      const { said, id, entry } = this.copy.entry(at);
      this.last.set(said.key, { counter: said.counter, id });
      this.at = entry.at;
      if (said.kind === "people.enrol" && entry.outcome.admitted) this.people.push({ key: said.key, person: said.person === ZERO ? id : said.person });
      if (said.kind === "people.enrol" && !entry.outcome.admitted) this.stranger = { key: said.key, person: id };
      if (said.kind === "log.open") this.node = { key: said.open.node_key, person: ZERO };
    });
  }

  get size() {
    return this.copy.entries.length;
  }

  payload(signer, kind, open, more = {}) {
    const { counter, id } = this.last.get(signer.key) ?? { counter: 0, id: ZERO };
    const said = { v: 1, origin: this.secrets.origin, kind, kv: 1, person: signer.person, key: signer.key, counter: counter + 1, prev: id, at: this.at };
    Object.assign(said, { head: { size: 0, root: ZERO, at: this.at }, shown: { lang: "en", words: 1 }, shared: false, open }, more);
    return said;
  }

  sign(key, bytes) {
    return signWith(this.secrets.keys[key], pae(bytes));
  }

  /** The texts of entry, envelope and payload pass through `spell` before they become bytes. */
  enter(signer, kind, open, { more = {}, sign, spell = (text) => text, entry = {}, envelope = {} } = {}) {
    const payload = spelled(spell(JSON.stringify(this.payload(signer, kind, open, more)), "payload"));
    const sig = (sign ?? ((bytes) => this.sign(signer.key, bytes)))(payload);
    const wrapped = { payloadType: TYPE, payload: payload.toString("base64"), signatures: [{ keyid: signer.key, sig: sig.toString("base64") }], ...envelope };
    const bytes = spelled(spell(JSON.stringify(wrapped), "envelope"));
    const whole = { v: 1, at: this.at, statement: bytes.toString("base64"), outcome: { admitted: true }, packs: [], ...entry };
    this.copy.entries.push(spelled(spell(JSON.stringify(whole), "entry")));
    const id = sha256(payload).toString("hex");
    this.last.set(signer.key, { counter: (this.last.get(signer.key)?.counter ?? 0) + 1, id });
    return id;
  }

  /** An invitation and a key that enrols by it. */
  enrol(key, sign, change = {}) {
    const token = sha256("token", Buffer.from(key, "hex")).toString("hex");
    const invite = this.enter(this.node, "people.invite", { token: sha256(Buffer.from(token, "hex")).toString("hex"), role: "armorer", department: "property", duties: [], until: this.at });
    return this.enter({ key, person: ZERO }, "people.enrol", { invite, token, key, means: "device", ...change }, { sign });
  }

  whole(change) {
    return { files: this.copy.whole(change) };
  }
}

const pae = (bytes) => Buffer.concat([Buffer.from(`DSSEv1 ${TYPE.length} ${TYPE} ${bytes.length} `), bytes]);
const spelled = (text) => (Buffer.isBuffer(text) ? text : Buffer.from(text));

/** Something in a last entry that is wrong; the entry is the first fault. */
function last(name, make, must = "fault") {
  return {
    name: `forged: ${name}`,
    must,
    secrets: true,
    code: must === "fault" ? "entry" : undefined,
    make: (given) => {
      const forger = new Forger(given);
      make(forger, given.dice);
      return forger.whole();
    },
  };
}

const NOTE = "sample.note";
const body = { words: "x" };
const someone = (forger, dice) => dice.pick(forger.people);

/** A change of one text of the three, at a place that is there once. */
function spelling(name, where, changes, must = "fault") {
  return last(
    name,
    (forger, dice) => {
      const change = dice.pick(changes);
      const target = where === "any" ? dice.pick(["entry", "envelope", "payload"]) : where;
      forger.enter(someone(forger, dice), NOTE, body, { spell: (text, what) => (what === target ? change(text) : text) });
    },
    must,
  );
}

const nest = (depth) => "[".repeat(depth) + "]".repeat(depth);
const inOutcome = (value) => (text) => text.replace('"admitted":true', `"admitted":true,"more":${value}`);
const inOpen = (value) => (text) => text.replace('"words":"x"', `"words":"x","more":${value}`);

const LAX = ["null", "1.0", "1e3", "1E2", "-0", "01", "+1", ".5", "9007199254740992", "-9007199254740992", "123456789012345678901234567890", "NaN", "True", "'x'", '"\\u0000"', '"\\t"', '"\\b"', '"\\u007f"', '"\\u0085"', '"\\u202E"', '"\u202d"', '"\u2066"', '"\u0080"', '"\\ud83d"', '"\\ude00"', '"\\ud83dx"', '"\\ud83d\\ud83d"', '"\\u12g4"', '"\\x41"', '"a\nb"', '"a', "[1,]", "[,1]", "[1 2]", '{"a":1,}', '{"a":1,"a":1}', '{"a":1,"\\u0061":2}', '{"a" 1}', "{a:1}", '{"\\u0000":1}', '{"a":null}', nest(15), "//x\n1", "undefined", "tru", "", '"\\uD800\\u0041"'];
const FINE = ["9007199254740991", "-9007199254740991", "0", '"\\n"', '"\\/"', '"\\ud83d\\ude00"', '"\\u00e9"', '"\u00a0"', '"\ufeff"', '"\ufffe"', '"\u2028"', '""', "[ ]", "{ }", " \t\r\n 1", nest(14), '{"":1}', '{"__proto__":1,"constructor":2}', '{"a":1,"A":1}', "false"];

const weak = (name, made, must = "fault", code = "entry") => ({
  name: `forged: ${name}`,
  must,
  code: must === "fault" ? code : undefined,
  secrets: true,
  make: (given) => {
    const forger = new Forger(given);
    const { key, sign } = made(given.secrets, given.dice, forger);
    forger.enrol(key.toString("hex"), (bytes) => sign(pae(bytes)));
    return forger.whole();
  },
});

const anySeed = (dice) => dice.bytes(32).toString("hex");

/** A key with torsion in it, whose signature over this very statement holds without the cofactor, or does not. */
function torsion(holds) {
  return {
    name: `forged: a key with a point of order 8 in it, whose signature ${holds ? "holds all the same" : "holds only with the cofactor"}`,
    must: holds ? "says" : "fault",
    code: holds ? undefined : "entry",
    secrets: true,
    make: (given) => {
      for (;;) {
        const forger = new Forger(given);
        const odd = withTorsion(anySeed(given.dice));
        let fate = 0n;
        forger.enrol(odd.key.toString("hex"), (bytes) => {
          fate = odd.fate(pae(bytes));
          return odd.sign(pae(bytes));
        });
        if ((fate === 0n) === holds) return forger.whole();
      }
    },
  };
}

const noteLine = (forger) => forger.copy.files.get("checkpoint").toString();

/** A change of the signed head, by whoever can sign it. */
function head(name, make, must = "fault", code = "checkpoint") {
  return {
    name: `forged: ${name}`,
    must,
    code: must === "fault" ? code : undefined,
    secrets: true,
    make: (given) => {
      const forger = new Forger(given);
      make(forger, given.dice);
      return { files: forger.copy.fix() };
    },
  };
}

const older = (forger, dice, size, root) => {
  const { origin } = forger.copy.manifest;
  const cut = size ?? dice.below(forger.size + 1);
  forger.copy.files.set("cosigned", signed(origin, cut, root ?? rootOf(forger.copy.entries.slice(0, cut).map(leafOf)), forger.secrets));
};

export const FORGED = [
  last("a statement more, as it should be", (forger, dice) => forger.enter(someone(forger, dice), NOTE, body), "says"),
  last("a body beside it, as it should be", (forger, dice) => {
    const [salt, data] = [dice.bytes(32), Buffer.from("no JSON at all")];
    forger.enter(someone(forger, dice), "attachment.add", undefined, { more: { body: sha256(salt, data).toString("hex") } });
    forger.copy.bodies.set(forger.size - 1, { salt, body: data });
  }, "says"),
  { ...last("a body of 60,001 bytes", (forger, dice) => {
    const [salt, data] = [dice.bytes(32), dice.bytes(60_001)];
    forger.enter(someone(forger, dice), NOTE, undefined, { more: { body: sha256(salt, data).toString("hex") } });
    forger.copy.bodies.set(forger.size - 1, { salt, body: data });
  }), code: "body" },
  last("an attachment of 33 MiB, as it should be", (forger, dice) => {
    const data = Buffer.alloc(33 * 1024 * 1024, dice.bytes(4099));
    const digest = sha256(data).toString("hex");
    const [salt, named] = [dice.bytes(32), Buffer.from(JSON.stringify({ sha256: digest, bytes: data.length }))];
    forger.enter(someone(forger, dice), "attachment.add", undefined, { more: { body: sha256(salt, named).toString("hex") } });
    forger.copy.bodies.set(forger.size - 1, { salt, body: named });
    forger.copy.files.set(`attachments/${digest}`, data);
  }, "says"),
  last("a body of 60,000 bytes", (forger, dice) => {
    const [salt, data] = [dice.bytes(32), dice.bytes(60_000)];
    forger.enter(someone(forger, dice), NOTE, undefined, { more: { body: sha256(salt, data).toString("hex") } });
    forger.copy.bodies.set(forger.size - 1, { salt, body: data });
  }, "says"),
  last("a count that jumps", (forger, dice) => forger.enter(someone(forger, dice), NOTE, body, { more: { counter: 99_999 } }), "says"),
  last("a previous statement that was not", (forger, dice) => forger.enter(someone(forger, dice), NOTE, body, { more: { prev: sha256("x").toString("hex") } }), "says"),
  last("a statement for another log", (forger, dice) => forger.enter(someone(forger, dice), NOTE, body, { more: { origin: "ranch.example/other/2021-7f3a" } })),
  last("a payload with a member that is not one", (forger, dice) => forger.enter(someone(forger, dice), NOTE, body, { more: dice.pick([{ v: 2 }, { v: "1" }, { kv: -1 }, { kv: "1" }, { counter: 0 }, { counter: -1 }, { person: "00" }, { prev: ZERO.slice(1) }, { shared: 1 }, { shown: { lang: "en" } }, { shown: { lang: "en", words: 1, more: 1 } }, { head: { size: -1, root: ZERO, at: 1 } }, { head: { size: 1, root: "A".repeat(64), at: 1 } }, { head: [] }, { body: ZERO }, { open: [] }, { open: undefined }, { more: 1 }, { at: "1" }, { kind: 7 }]) })),
  last("an entry with a member that is not one", (forger, dice) => forger.enter(someone(forger, dice), NOTE, body, { entry: dice.pick([{ v: 2 }, { v: "1" }, { at: -1 }, { at: "1" }, { outcome: [] }, { outcome: undefined }, { outcome: "x" }, { packs: {} }, { packs: [1] }, { packs: ["base@1.0.0"] }, { packs: [`base@1.0.0:${"A".repeat(64)}`] }, { packs: [`b se@1.0.0:${ZERO}`] }, { packs: [`base@1:${ZERO}`, `base@1:${ZERO}`] }, { packs: [`b@1:${ZERO}`, `a@1:${ZERO}`] }, { packs: Array.from({ length: 17 }, (_, at) => `a${at + 10}@1:${ZERO}`) }, { packs: [`${"a".repeat(95)}@1:${ZERO}`] }, { statement: "" }, { statement: 1 }, { more: 1 }]) })),
  last("sixteen packs", (forger, dice) => forger.enter(someone(forger, dice), NOTE, body, { entry: { packs: Array.from({ length: 16 }, (_, at) => `a${at + 10}@1:${ZERO}`) } }), "says"),
  last("a pack of 160 bytes", (forger, dice) => forger.enter(someone(forger, dice), NOTE, body, { entry: { packs: [`${"a".repeat(93)}@1:${ZERO}`] } }), "says"),
  last("an envelope with a member that is not one", (forger, dice) => forger.enter(someone(forger, dice), NOTE, body, { envelope: dice.pick([{ payloadType: "application/json" }, { signatures: [] }, { signatures: [{ keyid: ZERO, sig: "AA==" }] }, { payload: "e30" }, { payload: 1 }, { more: 1 }, { signatures: {} }]) })),
  last("two signatures", (forger, dice) => {
    const who = someone(forger, dice);
    const one = { keyid: who.key, sig: forger.sign(who.key, Buffer.from(JSON.stringify(forger.payload(who, NOTE, body)))).toString("base64") };
    forger.enter(who, NOTE, body, { envelope: { signatures: [one, one] } });
  }),
  last("recorded before the entry before it", (forger, dice) => forger.enter(someone(forger, dice), NOTE, body, { entry: { at: forger.at - 1 } })),
  last("an outcome of 24,001 bytes", (forger, dice) => forger.enter(someone(forger, dice), NOTE, body, { entry: { outcome: { a: "x".repeat(24_001 - 8) } } })),
  last("an outcome of 24,000 bytes", (forger, dice) => forger.enter(someone(forger, dice), NOTE, body, { entry: { outcome: { a: "x".repeat(24_000 - 8) } } }), "says"),
  last("an envelope that is too long", (forger, dice) => forger.enter(someone(forger, dice), NOTE, { words: "x".repeat(18_600) })),
  last("an entry that is too long", (forger, dice) => forger.enter(someone(forger, dice), NOTE, body, { spell: (text, what) => (what === "entry" ? text + " ".repeat(60_001 - text.length) : text) })),
  last("an entry of 60,000 bytes", (forger, dice) => forger.enter(someone(forger, dice), NOTE, body, { spell: (text, what) => (what === "entry" ? text + " ".repeat(60_000 - text.length) : text) }), "says"),
  last("a key that nobody enrolled", (forger, dice) => forger.enter({ key: forger.secrets.log, person: someone(forger, dice).person }, NOTE, body)),
  last("a key that enrols and was refused", (forger) => forger.enter(forger.stranger, NOTE, body)),
  last("another person's key", (forger, dice) => {
    const [one, two] = dice.two(forger.people.filter((who, at, all) => all.findIndex((other) => other.person === who.person) === at));
    forger.enter({ key: one.key, person: two.person }, NOTE, body);
  }),
  last("a signature over something else", (forger, dice) => {
    const who = someone(forger, dice);
    forger.enter(who, NOTE, body, { sign: () => forger.sign(who.key, Buffer.from("{}")) });
  }),
  last("a statement entered a second time", (forger, dice) => {
    const at = dice.below(forger.size);
    const { entry } = forger.copy.entry(at);
    forger.copy.entries.push(Buffer.from(JSON.stringify({ ...entry, at: forger.at })));
  }),
  last("a statement a second time, in another envelope", (forger, dice) => {
    const at = dice.below(forger.size);
    const { entry, envelope } = forger.copy.entry(at);
    forger.copy.entries.push(Buffer.from(JSON.stringify({ ...entry, at: forger.at, statement: Buffer.from(JSON.stringify(envelope, null, 1)).toString("base64") })));
  }),
  last("an S with the order added", (forger, dice) => {
    const who = someone(forger, dice);
    forger.enter(who, NOTE, body, { sign: (bytes) => stretched(forger.sign(who.key, bytes)) });
  }),
  last("an invitation that was not", (forger, dice) => {
    const { key } = someone(forger, dice);
    forger.enrol(key, (bytes) => forger.sign(key, bytes), dice.pick([{ invite: ZERO }, { token: ZERO }, { invite: 1 }]));
  }),
  last("an enrolment of another key than its own", (forger) => {
    const [mine, theirs] = [forger.people[0].key, forger.people[1].key];
    const token = sha256("t").toString("hex");
    const invite = forger.enter(forger.node, "people.invite", { token: sha256(Buffer.from(token, "hex")).toString("hex"), role: "x", department: "x", duties: [], until: 1 });
    forger.enter({ key: mine, person: ZERO }, "people.enrol", { invite, token, key: theirs, means: "device" });
  }),
  weak("a key of small order", () => underNothing()),
  weak("a key of small order, spelled beyond the prime", () => underNothingSpelledLarge()),
  weak("an R of small order", (_, dice) => oddR(anySeed(dice), "small")),
  weak("an R with a point of order 8 in it", (_, dice) => oddR(anySeed(dice), "torsion")),
  torsion(true),
  torsion(false),
  spelling("JSON that a lax reader takes, in the outcome", "entry", LAX.map(inOutcome)),
  spelling("JSON that a lax reader takes, in the payload", "payload", LAX.map(inOpen)),
  spelling("JSON spelled otherwise, as it may be, in the outcome", "entry", FINE.map(inOutcome), "says"),
  spelling("JSON spelled otherwise, as it may be, in the payload", "payload", FINE.map(inOpen), "says"),
  spelling("blanks where they may be", "any", [(text) => ` ${text}\n`, (text) => text.replaceAll(":", " : ").replace("application/vnd", "application/vnd"), (text) => text.replace("{", "{\r\n\t")], "says"),
  spelling("a member twice", "any", [(text) => text.replace("{", '{"v":1,"v":1,'), (text) => text.replace("{", '{"v":1,"\\u0076":1,'), (text) => text.replace(/}$/, `,${text.slice(1)}`)]),
  spelling("bytes behind it", "any", [(text) => `${text}x`, (text) => `${text}{}`, (text) => `${text}\u0000`, (text) => `\ufeff${text}`, (text) => `${text},`]),
  spelling("bytes that are not UTF-8", "any", [(text) => Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.of(0xff), Buffer.from("}")]), (text) => Buffer.concat([Buffer.from(text.slice(0, 2)), Buffer.of(0xc1, 0xa1), Buffer.from(text.slice(2))]), (text) => Buffer.concat([Buffer.from(text.slice(0, 2)), Buffer.of(0xed, 0xa0, 0x80), Buffer.from(text.slice(2))])]),
  spelling("base64 spelled otherwise", "entry", [(text) => text.replace(/"statement":"/, '$& '), (text) => text.replace(/"statement":"(....)/, '"statement":"$1\\n'), (text) => text.replace(/"statement":"(.)/, '"statement":"-')]),
  head("a head of nothing", (forger) => {
    forger.copy.entries.length = 0;
    forger.copy.writeBundles().writeTiles().writeSigned();
  }, "fault", "entry"),
  head("a root that is not theirs", (forger, dice) => forger.copy.files.set("checkpoint", signed(forger.copy.manifest.origin, forger.size, dice.bytes(32), forger.secrets)), "fault", "checkpoint"),
  {
    ...head("a root that is not theirs, in the manifest too", () => undefined),
    code: "root",
    make: (given) => {
      const forger = new Forger(given);
      const root = given.dice.bytes(32);
      forger.copy.files.set("checkpoint", signed(forger.copy.manifest.origin, forger.size, root, forger.secrets));
      return { files: forger.copy.fix((manifest) => (manifest.root = root.toString("hex"))) };
    },
  },
  head("a head signed by another key", (forger, dice) => {
    const key = dice.pick(Object.keys(forger.secrets.keys).filter((each) => each !== forger.secrets.log));
    forger.copy.files.set("checkpoint", signed(forger.copy.manifest.origin, forger.size, forger.copy.root, forger.secrets, key));
  }),
  head("the log's signature with the order added to S", (forger) => {
    const all = noteLine(forger).split("\n");
    const bytes = Buffer.from(all[4].split(" ")[2], "base64");
    all[4] = `\u2014 ${forger.copy.manifest.origin} ${Buffer.concat([bytes.subarray(0, 4), stretched(bytes.subarray(4))]).toString("base64")}`;
    forger.copy.files.set("checkpoint", Buffer.from(all.join("\n")));
  }),
  head("an extension line, signed", (forger) => {
    const [text] = noteLine(forger).split("\n\n");
    const longer = `${text}\nmore\n`;
    forger.copy.files.set("checkpoint", Buffer.from(`${longer}\n${logLine(forger.copy.manifest.origin, longer, forger.secrets.log, forger.secrets.keys[forger.secrets.log])}`));
  }),
  head("an older head that fits", (forger, dice) => older(forger, dice), null),
  head("an older head of another root", (forger, dice) => older(forger, dice, undefined, dice.bytes(32)), "fault", "cosigned"),
  head("an older head that is newer", (forger, dice) => older(forger, dice, forger.size + 1 + dice.below(9), dice.bytes(32)), "fault", "cosigned"),
  head("an older head of another log", (forger) => forger.copy.files.set("cosigned", signed("ranch.example/other/2021-7f3a", 1, rootOf(forger.copy.entries.slice(0, 1).map(leafOf)), forger.secrets)), "fault", "cosigned"),
  {
    ...head("cosignatures at odd times", () => undefined, null),
    needs: "policy",
    make: (given) => {
      const forger = new Forger(given);
      const witness = /^witness (\S+) (\S+)/m.exec(forger.copy.files.get("policy").toString());
      const key = Buffer.from(witness[2].split("+").slice(2).join("+"), "base64").subarray(1).toString("hex");
      const [text] = noteLine(forger).split("\n\n");
      const seconds = given.dice.pick([0, 1, 253402300799, 253402300800, "18446744073709551615", 1700000000, 951782400, 4102444799]);
      const line = cosignLine(witness[1], `${text}\n`, key, forger.secrets.keys[key], seconds);
      const all = noteLine(forger).split("\n").slice(0, 5).join("\n");
      forger.copy.files.set("checkpoint", Buffer.from(`${all}\n${line}${given.dice.below(2) ? line : ""}`));
      return { files: forger.copy.fix() };
    },
  },
  ...erasures(),
];

/** Erasures and notices that are and are not by the rules; what is printed must be the same. */
function erasures() {
  const gone = (forger, dice) => {
    const at = dice.pick([...forger.copy.bodies.keys()].filter((each) => forger.copy.entry(each).said.kind === "record.note"));
    forger.copy.bodies.delete(at);
    return forger.copy.entry(at).id;
  };
  const ask = { basis: "court_order", words: "By order.\nNow." };
  const erase = (name, make) => ({ ...last(name, (forger, dice) => {
    const [one, two] = [forger.people[0], forger.people[1]];
    make(forger, gone(forger, dice), one, two, dice);
  }, "says"), needs: "bodies" });
  return [
    erase("an erasure by the rules", (forger, id, one, two) => {
      const of = forger.enter(one, "record.erase", { statements: [id], ...ask });
      forger.enter(two, "record.countersign", { of }, { entry: { outcome: { admitted: true, erased: [id] } } });
    }),
    erase("an erasure that was refused", (forger, id, one, two) => {
      const of = forger.enter(one, "record.erase", { statements: [id], ...ask }, { entry: { outcome: { admitted: false } } });
      forger.enter(two, "record.countersign", { of }, { entry: { outcome: { admitted: true, erased: [id] } } });
    }),
    erase("an erasure that nobody asked for", (forger, id, one, two) => {
      const of = forger.enter(one, NOTE, { statements: [id], ...ask });
      forger.enter(two, "record.countersign", { of }, { entry: { outcome: { admitted: true, erased: [id] } } });
    }),
    erase("an erasure in another entry's answer", (forger, id, one, two) => {
      forger.enter(one, "record.erase", { statements: [id], ...ask }, { entry: { outcome: { admitted: true, erased: [id] } } });
      forger.enter(two, NOTE, body);
    }),
    erase("an erasure whose request is not one", (forger, id, one, two, dice) => {
      const of = forger.enter(one, "record.erase", dice.pick([{ statements: [id], basis: "because", words: "x" }, { statements: [id], basis: "time_over" }, { statements: [id], basis: 1, words: "x" }]));
      forger.enter(two, "record.countersign", { of }, { entry: { outcome: { admitted: true, erased: [id] } } });
    }),
    erase("two erasures of one body", (forger, id, one, two) => {
      for (const basis of ["court_order", "time_over"]) {
        const of = forger.enter(one, "record.erase", { statements: [id], basis, words: basis });
        forger.enter(two, "record.countersign", { of }, { entry: { outcome: { admitted: true, erased: [id] } } });
      }
    }),
    {
      ...last("a notice that leaves out", () => undefined, "says"),
      needs: "bodies",
      make: (given) => {
        const forger = new Forger(given);
        const id = gone(forger, given.dice);
        const at = forger.copy.entries.findIndex((_, each) => forger.copy.entry(each).id === id);
        const items = [
          { from: at, to: at, kinds: [], why: "One." },
          { from: 0, to: at, kinds: ["record.note", "x"], files: true, why: "Two.\nThree." },
          { from: at + 1, to: at, kinds: [], files: false, why: "Nothing." },
          { from: 0, to: 9999, kinds: ["attachment.add"], files: true, why: "Files." },
          { from: "0", to: 9999, kinds: [], why: "Not a number." },
          { from: 0, to: 9999, kinds: [1], why: "Not a kind." },
          { from: 0, to: 9999, kinds: [], files: 1, why: "Not a flag." },
          { from: 0, to: 9999, kinds: [] },
        ];
        const out = Array.from({ length: 1 + given.dice.below(3) }, () => given.dice.pick(items));
        const kind = given.dice.below(6) ? "record.export" : NOTE;
        const admitted = given.dice.below(6) > 0;
        forger.enter(forger.people[0], kind, { to: "counsel\nfor the other side", size: forger.size, out }, { entry: { outcome: { admitted } } });
        return forger.whole((manifest) => (manifest.notice = forger.size - 1));
      },
    },
  ];
}
