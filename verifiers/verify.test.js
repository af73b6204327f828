// Tests of verify.js: node --test verifiers/
'use strict';

const test = require('node:test');
const assert = require('node:assert');
const crypto = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const vm = require('node:vm');
const zlib = require('node:zlib');
const { spawnSync } = require('node:child_process');

const SCRIPT = path.join(__dirname, 'verify.js');
const VECTORS = path.join(__dirname, 'vectors');
const { verify, verifyPath, readZip, LIMITS, internals } = require(SCRIPT);
const { hashBytes, hashFields, Hmac, merkleRoot, wordsToBytes, toHex } = internals;

const text = (s) => new TextEncoder().encode(s);
const hex = (bytes) => Buffer.from(bytes).toString('hex');

/* A small generator of numbers that are the same on every run. */
function dice(seed) {
  let state = seed >>> 0;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * n);
  };
}

function folder(name) {
  const dir = path.join(VECTORS, name);
  return new Map(fs.readdirSync(dir).map((file) => [file, new Uint8Array(fs.readFileSync(path.join(dir, file)))]));
}

const vectors = fs.readFileSync(path.join(VECTORS, 'index.tsv'), 'utf8').trim().split('\n').map((line) => line.split('\t'));

// ---- vectors ----

test('there are vectors', () => {
  assert.ok(vectors.length > 50);
});

for (const [name, check] of vectors) {
  test(`vector ${name}: ${check}`, () => {
    const result = verify(folder(name));
    const want = { '-': 0, open: 3 }[check] ?? 1;
    assert.strictEqual(result.error, null);
    assert.strictEqual(result.failed, want === 1 ? check : null, result.lines.join('\n'));
    assert.strictEqual(result.exitCode, want);
    if (want === 1) {
      assert.match(result.lines[result.lines.length - 1], new RegExp(`^FAIL ${check}: .`));
      assert.ok(result.lines.slice(0, -1).every((line) => /^PASS [a-z]+$/.test(line)));
      assert.deepStrictEqual([result.facts, result.rows, result.tasks], [[], [], []]);
    } else {
      assert.ok(result.lines.every((line) => !line.startsWith('FAIL')));
      assert.ok(result.lines.includes(`kind: ${result.kind}`));
    }
  });
}

test('the rows are those of result.tsv', () => {
  for (const [name, check] of vectors.filter((vector) => vector[1] === '-')) {
    const files = folder(name);
    if (!files.has('result.tsv')) continue;
    const { rows } = verify(files);
    const lines = Buffer.from(files.get('result.tsv')).toString().trim().split('\n').map((line) => line.split('\t'));
    assert.deepStrictEqual(rows.map((r) => [r.id, r.ticket, r.status, r.inspectors]), lines.map((l) => l.slice(0, 4)), check);
  }
});

test('void after without draw: the recomputed list is shown', () => {
  const result = verify(folder('good/void-after-commit'));
  const taken = result.rows.filter((row) => row.status === 'M' || row.status === 'S');
  assert.ok(taken.length > 0);
  for (const row of taken) {
    assert.ok(result.lines.includes(`  ${row.id} ${row.status} ${row.inspectors}`));
  }
});

test('facts: late, labels, vacant slots', () => {
  const fact = (name, which) => verify(folder(name)).facts.find((f) => f.name === which).text;
  assert.match(fact('good/late', 'late'), /逾期/);
  assert.match(fact('good/county', 'late'), /按期/);
  assert.match(fact('good/county', 'label'), /B 乙/);
  assert.match(fact('good/none', 'label'), /C 丙/);
  assert.match(fact('good/drand', 'label'), /A 甲/);
  assert.match(fact('good/kl8', 'public'), /kl8:2026123:/);
  assert.match(fact('good/vacant', 'vacant'), /：[1-9]/);
  assert.match(fact('good/county', 'vacant'), /：0$/);
  const commit = fs.readFileSync(path.join(VECTORS, 'good/county/1-commit.txt'));
  assert.ok(fact('good/county', 'commitment').includes(crypto.createHash('sha256').update(commit).digest('hex')));
});

// ---- section 7 ----

const KNOWN = {
  sha256: {
    share: '22a46428c9985cae12ded7937d2f85facaf91baee73192b895e8fcffe6e14755',
    K: 'fc49784acfa6db10c9e01bbc37c30a93b4219e15da2aaad8a7153be90cca20ab',
    T: 'e74d3967477289f3969b5a81e39e8a817af7c52c2361d4ccddbeb2f4555af893',
    root: '36642e73c2540ab121e3a6bf9545b0a24982cd830eb13d3cd19de3ce6c021ec1',
    lot: '3cade55c297d2da6f3187f84a27b6515884338f411b13ab464633dd89e594679',
  },
  sm3: {
    share: 'f38967e8ab0a821907c8bada6579acbede0dbab5e1f846d464681ff4fb7d2835',
    K: 'cc300e6f0de1fd1a8bdb4ec3da9ac4cc9ad5c3d52dc84b95f233f235b26d2fb8',
    T: 'd6af4fd076ab8b6063185f65b8d170546f76da6688de048c1334c1af54687241',
    root: '2706e4e4d41c1ed9c3fe7f7822bf360a67abcc052cc2c00022c1313ec3ded965',
    lot: '2d0596f8b30ae8a0731fe33c08cc9405491f4d30465cd67d3bda716250a4966a',
  },
};

for (const [alg, known] of Object.entries(KNOWN)) {
  test(`known answers, ${alg}`, () => {
    const shares = [1, 2, 3].map((b) => new Uint8Array(32).fill(b));
    assert.strictEqual(hex(hashFields(alg, 'share', '2026-017', '1', shares[0])), known.share);
    const e = hashBytes(alg, text('example-commit\n'));
    const seed = new Hmac(alg, hashFields(alg, 'seed', ...shares));
    const K = wordsToBytes(seed.words('mcd1/draw', e, 'kl8:2026123:01.05.07'), 0);
    assert.strictEqual(hex(K), known.K);
    const key = new Hmac(alg, K);
    assert.strictEqual(hex(wordsToBytes(key.words('mcd1/ticket', '91330000000000001A'), 0)), known.T);
    assert.strictEqual(hex(wordsToBytes(key.words('mcd1/assign', '91330000000000001A', 'I001'), 0)), known.lot);
    assert.strictEqual(hex(merkleRoot(alg, text('a\nb\nc\n'), [0, 2, 4, 6])), known.root);
    const encoded = Buffer.from('0000000b6d6364312f7469636b65740000000141', 'hex');
    assert.strictEqual(hex(hashFields(alg, 'ticket', 'A')), hex(hashBytes(alg, encoded)));
  });
}

// ---- hashing ----

test('hashes against node:crypto', () => {
  const algs = ['sha256', 'sm3'].filter((alg) => crypto.getHashes().includes(alg));
  assert.ok(algs.includes('sha256'));
  const random = dice(1);
  for (const alg of algs) {
    for (let n = 0; n < 400; n++) {
      const bytes = Uint8Array.from({ length: n < 300 ? n : random(5000) }, () => random(256));
      assert.strictEqual(hex(hashBytes(alg, bytes)), crypto.createHash(alg).update(bytes).digest('hex'));
    }
    for (let n = 0; n < 200; n++) {
      const key = Uint8Array.from({ length: 32 }, () => random(256));
      const field = '中x'.repeat(random(40)) + 'y'.repeat(random(80));
      const length = Buffer.alloc(4);
      length.writeUInt32BE(Buffer.byteLength(field));
      const message = Buffer.concat([Buffer.from('0000000b6d6364312f7469636b6574', 'hex'), length, Buffer.from(field)]);
      const got = hex(wordsToBytes(new Hmac(alg, key).words('mcd1/ticket', field), 0));
      assert.strictEqual(got, crypto.createHmac(alg, key).update(message).digest('hex'));
    }
  }
});

test('a message as long as a file may be', () => {
  const bytes = new Uint8Array(LIMITS.fileBytes);
  assert.strictEqual(hex(hashBytes('sha256', bytes)), crypto.createHash('sha256').update(bytes).digest('hex'));
});

test('the Merkle root is that of RFC 9162', () => {
  const hash = (...parts) => crypto.createHash('sha256').update(Buffer.concat(parts.map((p) => Buffer.from(p)))).digest();
  const naive = (leaves) => {
    if (leaves.length === 1) return hash([0], leaves[0]);
    let k = 1;
    while (2 * k < leaves.length) k *= 2;
    return hash([1], naive(leaves.slice(0, k)), naive(leaves.slice(k)));
  };
  for (let n = 1; n <= 70; n++) {
    const leaves = Array.from({ length: n }, (_, i) => 'line'.repeat(i % 40) + i);
    const bytes = text(leaves.map((leaf) => leaf + '\n').join(''));
    const starts = [0];
    for (const leaf of leaves) starts.push(starts[starts.length - 1] + leaf.length + 1);
    assert.strictEqual(hex(merkleRoot('sha256', bytes, starts)), hex(naive(leaves)));
  }
});

// ---- the draw against its definition ----

/* Selection, word for word, with exact integers. */
function selectByDefinition(lines, quota) {
  const before = (a, b) => {
    const [x, y] = [a.T * BigInt(b.weight), b.T * BigInt(a.weight)];
    return x !== y ? (x < y ? -1 : 1) : a.id < b.id ? -1 : 1;
  };
  const taken = [];
  let k = quota;
  for (let tier = 0; tier < 10; tier++) {
    const here = lines.filter((line) => line.tier === tier);
    if (here.length <= k) {
      taken.push(...here);
      k -= here.length;
      continue;
    }
    let left = here;
    while (k > 0) {
      const u = left.reduce((a, b) => (b.weight > a.weight ? b : a));
      if (k * u.weight < left.reduce((sum, line) => sum + line.weight, 0)) break;
      taken.push(u);
      left = left.filter((line) => line !== u);
      k--;
    }
    taken.push(...left.sort(before).slice(0, k));
    break;
  }
  const reserve = lines.filter((line) => !taken.includes(line)).sort((a, b) => a.tier - b.tier || before(a, b));
  return { taken: taken.map((line) => line.i).sort((a, b) => a - b), reserve: reserve.map((line) => line.i) };
}

test('selection and reserve against the definition', () => {
  const random = dice(2);
  let heavy = 0;
  for (let round = 0; round < 3000; round++) {
    const n = 1 + random(12);
    const widths = [1, 3, 50, 4294967295];
    const top = widths[random(4)];
    const pool = { n, ids: [], flags: [], weights: [], tiers: [], strata: [] };
    for (let i = 0; i < n; i++) {
      pool.ids.push('A' + String(i).padStart(3, '0'));
      pool.flags.push('R');
      pool.weights.push(1 + random(top));
      pool.tiers.push(random(1 + random(3)));
    }
    // tickets that are small, close or equal, so that the exact comparison decides
    const values = pool.weights.map((w) => (round % 2 ? BigInt(w) * (1n << BigInt(random(224))) : BigInt(random(4)) << BigInt(64 * random(4))));
    const key = { words: (tag, id) => Int32Array.from({ length: 8 }, (_, k) => (
      Number((values[Number(id.slice(1))] >> BigInt(32 * (7 - k))) & 0xffffffffn) | 0)) };
    const tickets = new internals.Tickets(pool, key);
    const lines = pool.ids.map((id, i) => ({ i, id, T: values[i], weight: pool.weights[i], tier: pool.tiers[i] }));
    const tiers = Array.from({ length: 10 }, (_, t) => lines.filter((line) => line.tier === t).map((line) => line.i));
    const quota = random(n + 1);
    const got = internals.selectStratum(pool, tickets, tiers, quota);
    const want = selectByDefinition(lines, quota);
    assert.deepStrictEqual({ taken: got.taken.sort((a, b) => a - b), reserve: got.reserve }, want);
    assert.strictEqual(got.taken.length, quota);
    if (top > 3) heavy++;
  }
  assert.ok(heavy > 100);
});

/* The greatest number of the slots [target, team] that can be filled at once, by trying everything. */
function greatestFill(slots, free, mayServe) {
  const used = slots.map(() => 0); // bits of inspectors, by target
  const best = (k) => {
    if (k === slots.length) return 0;
    let most = best(k + 1);
    const [target, team] = slots[k];
    for (let i = 0; i < free.length && most < slots.length - k; i++) {
      if (free[i] === 0 || (used[target] >> i) & 1 || !mayServe(i, target, team)) continue;
      free[i]--;
      used[target] ^= 1 << i;
      most = Math.max(most, 1 + best(k + 1));
      free[i]++;
      used[target] ^= 1 << i;
    }
    return most;
  };
  return best(0);
}

/* The assignment, word for word. */
function assignByDefinition(staff, eligible, lot) {
  const decided = staff.caps.map(() => 0);
  const teams = eligible.map(() => []);
  const mayServe = (i, t, team) => (staff.teams[i] & team) !== 0 && eligible[t].includes(i) && !teams[t].includes(i);
  const slots = staff.slotTeams.flatMap((team) => eligible.map((_, t) => [t, team]));
  slots.forEach(([t, team], s) => {
    const free = () => staff.caps.map((cap, i) => cap - decided[i]);
    const F = greatestFill(slots.slice(s), free(), mayServe);
    const candidates = eligible[t].filter((i) => mayServe(i, t, team) && decided[i] < staff.caps[i]);
    candidates.sort((a, b) => decided[a] - decided[b] || (lot(t, a) < lot(t, b) ? -1 : 1));
    const chosen = candidates.find((i) => {
      decided[i]++;
      teams[t].push(i);
      const rest = greatestFill(slots.slice(s + 1), free(), mayServe);
      decided[i]--;
      teams[t].pop();
      return rest === F - 1;
    });
    assert.ok(chosen !== undefined || candidates.length === 0, 'a vacancy only without candidates');
    teams[t].push(chosen === undefined ? -1 : chosen);
    if (chosen !== undefined) decided[chosen]++;
  });
  return teams;
}

test('assignment against the definition, on small random cases', () => {
  const random = dice(3);
  let [vacant, filled] = [0, 0];
  for (let round = 0; round < 3000; round++) {
    const [targets, width, people, kinds] = [1 + random(4), 2 + random(2), 1 + random(6), 1 + random(3)];
    const staff = {
      n: people,
      names: Array.from({ length: people }, (_, i) => 'I' + i),
      teams: Array.from({ length: people }, () => 1 + random((1 << kinds) - 1)),
      caps: Array.from({ length: people }, () => 1 + random(3)),
      slotTeams: Array.from({ length: width }, () => 1 << random(kinds)),
    };
    const eligible = Array.from({ length: targets }, () => {
      const some = staff.names.map((_, i) => i).filter(() => random(3) > 0);
      return some.length > 0 ? some : [random(people)];
    });
    const ids = eligible.map((_, t) => 'T' + t);
    const starts = [0];
    for (const line of eligible) starts.push(starts[starts.length - 1] + line.length);
    const elig = { of: ids.map((_, t) => t), starts, who: Int32Array.from(eligible.flat()) };
    const key = new Hmac('sha256', new Uint8Array(32).fill(round));
    const lot = (t, i) => toHex(wordsToBytes(key.words('mcd1/assign', ids[t], staff.names[i]), 0));
    const got = internals.assign({ ids }, staff, elig, key, ids.map((_, t) => t), { steps: 0 });
    assert.deepStrictEqual(got, assignByDefinition(staff, eligible, lot));
    vacant += got.flat().filter((i) => i < 0).length;
    filled += got.flat().filter((i) => i >= 0).length;
  }
  assert.ok(vacant > 1000 && filled > 1000);
});

// ---- inflate and zip ----

const samples = () => {
  const random = dice(4);
  const list = [new Uint8Array(0), text('a'), text('abc'.repeat(30000)), new Uint8Array(200000)];
  list.push(Uint8Array.from({ length: 150000 }, () => random(256)));
  list.push(Uint8Array.from({ length: 150000 }, () => 97 + Math.floor(Math.sqrt(random(400)))));
  list.push(new Uint8Array(fs.readFileSync(SCRIPT)));
  for (let n = 0; n < 200; n++) list.push(Uint8Array.from({ length: random(400) }, () => random(1 + random(256))));
  return list;
};

test('inflate against node:zlib', () => {
  const { Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE, Z_DEFAULT_STRATEGY } = zlib.constants;
  for (const data of samples()) {
    for (const level of [0, 1, 6, 9]) {
      for (const strategy of [Z_DEFAULT_STRATEGY, Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE]) {
        const packed = zlib.deflateRawSync(data, { level, strategy });
        assert.ok(Buffer.from(internals.inflate(packed, data.length)).equals(Buffer.from(data)));
      }
    }
  }
});

test('inflate refuses what is cut, too long, too short; broken data ends with an error or the wrong bytes', () => {
  const random = dice(5);
  for (const data of samples().slice(1, 80)) {
    const packed = zlib.deflateRawSync(data);
    assert.throws(() => internals.inflate(packed.subarray(0, packed.length - 1), data.length));
    assert.throws(() => internals.inflate(packed, data.length + 1));
    assert.throws(() => internals.inflate(packed, data.length - 1));
    const broken = Uint8Array.from(packed);
    broken[random(broken.length)] ^= 1 << random(8);
    try {
      assert.strictEqual(internals.inflate(broken, data.length).length, data.length);
    } catch (error) {
      assert.match(error.message, /zip/);
    }
  }
});

/* A zip of [[name, bytes, { method, flags, size }]]. */
function makeZip(entries) {
  const [locals, centrals] = [[], []];
  let at = 0;
  for (const [name, bytes, { method = 8, flags = 0, size = bytes.length } = {}] of entries) {
    const data = method === 8 ? zlib.deflateRawSync(bytes) : Buffer.from(bytes);
    const crc = crc32(bytes);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(flags, 6);
    local.writeUInt16LE(method, 8);
    local.writeUInt16LE(Buffer.byteLength(name), 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(flags, 8);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(crc, 16);
    central.writeUInt32LE(data.length, 20);
    central.writeUInt32LE(size, 24);
    central.writeUInt16LE(Buffer.byteLength(name), 28);
    central.writeUInt32LE(at, 42);
    locals.push(local, Buffer.from(name), data);
    centrals.push(central, Buffer.from(name));
    at += 30 + Buffer.byteLength(name) + data.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return new Uint8Array(Buffer.concat([...locals, directory, end]));
}

function crc32(bytes) {
  let crc = ~0;
  for (const b of bytes) {
    crc ^= b;
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function inTemporary(run) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'mcd1-'));
  try {
    return run(dir);
  } finally {
    fs.rmSync(dir, { recursive: true });
  }
}

test('a zip verifies like its folder', () => {
  inTemporary((dir) => {
    vectors.forEach(([name], n) => {
      const files = [...folder(name)];
      const prefix = ['', 'draw/', 'a/b/', 'draw\\'][n % 4];
      const entries = files.map(([file, bytes], i) => [prefix + file, bytes, { method: (i + n) % 2 ? 8 : 0 }]);
      entries.unshift([prefix + '证据.pdf', text('x'), {}], [prefix + 'sub/plan.txt', text('x'), {}]);
      const file = path.join(dir, 'draw.zip');
      fs.writeFileSync(file, makeZip(entries));
      assert.deepStrictEqual(verifyPath(file), verifyPath(path.join(VECTORS, name)));
    });
  });
});

test('zips that are not read', () => {
  const files = [...folder('good/county')];
  const zip = makeZip(files);
  const refused = (bytes) => assert.throws(() => readZip(bytes), Error);
  refused(new Uint8Array(0));
  refused(text('plan.txt'));
  refused(zip.subarray(0, zip.length - 1));
  refused(zip.subarray(100));
  refused(makeZip(files.map(([name, bytes]) => [name, bytes, { flags: 1 }]))); // encrypted
  refused(makeZip(files.map(([name, bytes]) => [name, bytes, { method: 12 }])));
  refused(makeZip(files.map(([name, bytes]) => [name, bytes, { size: bytes.length + 1 }])));
  refused(makeZip(files.map(([name, bytes]) => [name, bytes, { size: 0xffffffff }]))); // zip64
  refused(makeZip([...files, files[0]])); // twice the same name
  refused(makeZip([...files.map(([name, bytes]) => ['a/' + name, bytes]), ...files.map(([name, bytes]) => ['b/' + name, bytes])]));
  const large = readZip(makeZip(files.map(([name, bytes]) => [name, bytes, name === 'pool.tsv' ? { size: LIMITS.fileBytes + 1 } : {}])));
  assert.match(verify(large).lines[0], /^FAIL form: pool\.tsv/);
  const random = dice(6);
  for (let n = 0; n < 2000; n++) {
    const broken = Uint8Array.from(zip);
    for (let k = 0; k <= random(3); k++) broken[random(broken.length)] = random(256);
    try {
      assert.notStrictEqual(verify(readZip(broken)).exitCode, undefined);
    } catch (error) {
      assert.match(error.message, /zip/);
    }
  }
});

// ---- malformed inputs ----

const GOOD = ['good/county', 'good/joint-sm3-weights', 'good/many-subs-joint', 'good/void-after-draw', 'good/open'];

/* verify, with the change of one file's text. */
function changed(name, file, change) {
  const files = folder(name);
  files.set(file, text(change(Buffer.from(files.get(file)).toString())));
  return verify(files);
}

const assertForm = (result, what) => {
  assert.strictEqual(result.error, null, what);
  assert.deepStrictEqual([result.exitCode, result.failed, result.lines.length], [1, 'form', 1], what);
  assert.match(result.lines[0], /^FAIL form: ./, what);
};

test('every file: missing, empty, not UTF-8, without LF at the end, with empty lines, with CR', () => {
  const name = 'good/county';
  for (const file of folder(name).keys()) {
    const optional = /^(sub-|3-reveal)/.test(file); // another kind, or other records
    for (const bytes of [[], [10], [0xff, 10], [0xc0, 0x80, 10], [0xed, 0xa0, 0x80, 10], [0xf4, 0x90, 0x80, 0x80, 10]]) {
      const files = folder(name);
      files.set(file, Uint8Array.from(bytes));
      assertForm(verify(files), file);
    }
    assertForm(changed(name, file, (s) => s.slice(0, -1)), file);
    assertForm(changed(name, file, (s) => s + '\n'), file);
    assertForm(changed(name, file, (s) => '\n' + s), file);
    assertForm(changed(name, file, (s) => s.replace('\n', '\r\n')), file);
    assertForm(changed(name, file, (s) => '\ufeff' + s), file);
    assertForm(changed(name, file, (s) => s.replace('\n', '\t\n')), file);
    const files = folder(name);
    files.delete(file);
    if (!optional) assertForm(verify(files), file);
    files.set(file, new Uint8Array(LIMITS.fileBytes + 1));
    assertForm(verify(files), file);
  }
});

/* Replaces in the first line that has `from`. */
const swap = (from, to) => (s) => {
  assert.ok(s.includes(from), from);
  return s.replace(from, () => to);
};

/* Replaces column `at` of line `row`. */
const cell = (row, at, value) => (s) => {
  const lines = s.split('\n').map((line) => line.split('\t'));
  lines[row][at] = value;
  return lines.map((line) => line.join('\t')).join('\n');
};

/* Replaces the value of a key. */
const set = (key, value) => (s) => {
  const line = s.split('\n').find((l) => l.startsWith(key + '='));
  return swap(line, `${key}=${value}`)(s);
};

const add = (line) => (s) => s + line + '\n';
const h64 = 'a'.repeat(64);

const WRONG_FORMS = [
  ['plan.txt', [swap('mcd1-plan', 'mcd1-Plan'), swap('title=', 'title'), add('title=x'), add('__proto__=x'), add('constructor=x'),
    add('=x'), add('quota.=1'), add('quota.a b=1'), add('ratio.none=1/2'), set('quota.key', '-1'), set('quota.key', '1e3'),
    set('quota.key', '0123'), set('quota.key', '1234567890'), set('ratio.key', '9/100/1'), set('ratio.key', '0/100'),
    set('ratio.key', '101/100'), set('ratio.key', '9'), set('draw', '2026-2'), set('draw', '２026-002'), set('bureau', 'a b'),
    set('bureau', '-a'), set('bureau', 'a'.repeat(41)), set('items', 'a,a'), set('items', 'a,'), set('items', 'a, b'),
    set('window', '2026-04-01..2026-13-01'), set('window', '2026-04-01..2026-06-30..'), set('window', '0000-04-01..2026-06-30'),
    set('exclusions', 'cap,cap'), set('exclusions', '-,cap'), set('slots', 'EP,'), set('slots', Array(9).fill('EP').join(',')),
    set('title', ' x'), set('title', 'x\u00a0'), set('title', '\u3000x'), set('title', 'a\tb'), set('title', 'a\u{e0001}b'),
    set('title', 'a\u{e007f}b'), set('title', 'a\ufff9'), set('title', 'a\u2028b'), set('title', 'a\u0085b')]],
  ['1-commit.txt', [set('alg', 'SHA256'), set('alg', 'md5'), set('plan', 'A'.repeat(64)), set('plan', 'a'.repeat(63)),
    swap('share.2=', 'share.4='), swap('share.2=', 'share.02='), swap('holder.3=', 'holder.4='), add(`share.17=${h64}`),
    add(`share.4=${h64}`), add('holder.4=x'), set('public', 'kl8:202612'), set('public', 'kl8:2026123:'), set('public', 'none '),
    set('public', `drand:${h64}:0`), set('public', `drand:${h64}:01`), set('public', `drand:${h64}:1234567890123456`),
    set('public', `drand:${h64.slice(1)}:1`), set('public', 'dice:100'), set('public', 'dice:020'), set('public', ''),
    set('at', '2026-04-01T24:00:00+08:00'), set('at', '2026-04-31T10:00:00+08:00'), set('at', '2026-04-01T10:00:00Z'),
    set('at', '2026-04-01 10:00:00+08:00'), set('at', '2026-04-01T10:00:00.0+08:00'), set('at', '2026-04-01T10:00:00+24:00'),
    set('at', '2026-04-01T10:00:00+08:60'), set('at', '0000-04-01T10:00:00+08:00'), set('holder.1', '')]],
  ['pool.tsv', [cell(0, 0, 'a1'), cell(0, 0, '-1'), cell(0, 0, '0'.repeat(37)), cell(0, 1, '.a'), cell(0, 2, ''), cell(0, 2, '00'),
    cell(0, 3, '+1'), cell(0, 3, '1.0'), cell(0, 3, '4294967296'), cell(0, 4, 'r'), cell(0, 4, 'X'), cell(0, 4, 'X:'), cell(0, 4, 'R:a'),
    cell(0, 5, ''), cell(0, 5, 'x '), cell(0, 6, 'A'.repeat(32)), cell(0, 6, 'a'.repeat(31)), cell(0, 6, `${'a'.repeat(32)}\t`)]],
  ['staff.tsv', [cell(0, 0, ''), cell(0, 0, 'Z'), cell(0, 1, 'EP,EP'), cell(0, 1, ''), cell(0, 1, 'ep'), cell(0, 2, '01'), cell(0, 2, '-1'),
    cell(0, 2, '1234567890')]],
  ['elig.tsv', [cell(0, 0, '914108230F'), cell(0, 1, ''), cell(0, 1, 'I000,'), cell(0, 1, 'I000,I000'), cell(0, 1, 'I003,I000'),
    (s) => s.slice(s.indexOf('\n') + 1), (s) => s + s.split('\n')[0] + '\n']],
  ['2-draw.txt', [set('prev', '-'), set('public', ''), set('result', h64.slice(1)), add('n=1')]],
  ['3-reveal.txt', [swap('machine.2=', 'machine.4='), add(`machine.4=${h64}`), add('input.4='), set('input.1', 'abc'), set('input.1', 'AB'),
    set('input.1', 'ab'.repeat(1025)), set('machine.1', h64 + 'aa'), set('subs', '-'), set('elig-salt', '-')]],
  ['result.tsv', [cell(0, 0, 'a'), cell(0, 1, '-'), cell(0, 2, 'R'), cell(0, 2, 'S'), cell(0, 3, '?'), cell(0, 4, '-'), cell(0, 4, '')]],
  ['sub-1.txt', [set('n', '0'), set('n', '01'), set('sub', '-'), set('draw', '2026-02'), set('at', '')]],
  ['subs.tsv', [cell(0, 0, '0'), cell(1, 0, '1'), cell(0, 1, 'targets'), cell(0, 2, ''), cell(0, 3, '?'), cell(0, 4, '?'), cell(0, 5, '-'),
    cell(0, 5, 'I000,I000'), cell(0, 5, '?,,?'), cell(0, 6, ''), cell(0, 7, ''), cell(0, 7, 'aa'), cell(0, 8, 'aa'), cell(1, 4, '-'), cell(1, 3, '-')]],
];

test('wrong forms FAIL form', () => {
  let n = 0;
  for (const [file, changes] of WRONG_FORMS) {
    for (const change of changes) assertForm(changed('good/county', file, change), `${file} ${n++}`);
  }
  for (const change of [set('public', ''), set('reason', ' '), set('approved-by', 'a\u200bb'), add('x=y'), set('prev', '-')]) {
    assertForm(changed('good/void-before', 'void.txt', change), 'void.txt');
  }
  for (const file of ['2-draw.txt', 'result.tsv', 'sub-1.txt', 'subs.tsv', '3-reveal.txt']) {
    const files = folder('good/void-before');
    files.set(file, folder('good/county').get(file));
    assertForm(verify(files), file);
  }
});

test('what is right by its form does not FAIL form', () => {
  const notForm = (result) => assert.notStrictEqual(result.failed, 'form', result.lines.join('\n'));
  const changes = [
    ['plan.txt', set('title', 'a=b=c 中文，“引号”😀')], ['plan.txt', set('exclusions', '-')], ['plan.txt', set('slots', 'EP')],
    ['plan.txt', set('window', '2026-04-01..2026-04-01')], ['plan.txt', add('quota.a.b.=3')], ['plan.txt', add('quota.constructor=1')],
    ['pool.tsv', cell(0, 3, '4294967295')], ['pool.tsv', cell(0, 2, '9')],
    ['1-commit.txt', set('at', '2024-02-29T00:00:00-23:59')], ['1-commit.txt', set('public', `drand:${h64}:123456789012345`)],
    ['2-draw.txt', set('public', '-')], ['3-reveal.txt', set('input.1', '')], ['3-reveal.txt', set('input.1', 'ab'.repeat(1024))],
    ['sub-1.txt', set('n', '7')], ['subs.tsv', cell(0, 4, '-')], ['subs.tsv', cell(0, 5, '?,?')], ['subs.tsv', cell(1, 4, '?')],
    ['result.tsv', (s) => s + s.split('\n')[0] + '\n'],
  ];
  for (const [file, change] of changes) notForm(changed('good/county', file, change));
  const files = folder('good/county');
  for (const name of ['sub-01.txt', 'sub-5.txt', 'sub-0.txt', 'SUB-4.txt', 'plan.txt.bak', '证据']) files.set(name, text('x'));
  assert.strictEqual(verify(files).exitCode, 0);
});

test('whatever the bytes: never throws, never passes for beyond its means', () => {
  const random = dice(7);
  for (const name of GOOD) {
    const original = folder(name);
    const names = [...original.keys()];
    for (let n = 0; n < 400; n++) {
      const files = new Map(original);
      const file = names[random(names.length)];
      let bytes = [...files.get(file)];
      const at = random(bytes.length);
      switch (random(6)) {
        case 0: bytes[at] = random(256); break;
        case 1: bytes.splice(at, 1 + random(40)); break;
        case 2: bytes.splice(at, 0, ...text(['\t', '\n', '=', ',', '?', '-', '中', '0', '.'][random(9)])); break;
        case 3: bytes = bytes.slice(0, at); break;
        case 4: bytes = [...original.get(names[random(names.length)])]; break;
        default: bytes[at] ^= 1 << random(8);
      }
      files.set(file, Uint8Array.from(bytes));
      const result = verify(files);
      assert.ok([0, 1, 3].includes(result.exitCode), `${name} ${file}: ${result.error}`);
      if (result.exitCode === 1) assert.match(result.lines[result.lines.length - 1], /^FAIL [a-z]+: ./);
      for (const line of result.lines) assert.doesNotMatch(line, /[\n\r\u202e]/);
    }
  }
});

test('called wrongly: exit code 2', () => {
  for (const files of [undefined, null, 1, {}, [], new Map([['plan.txt', 'text']]), new Map([['plan.txt', null]])]) {
    const result = verify(files);
    assert.deepStrictEqual([result.exitCode, result.failed, result.lines], [2, null, []]);
    assert.notStrictEqual(result.error, null);
  }
  const files = folder('good/county');
  files.set('pool.tsv', new Uint8Array(2 * (LIMITS.lines + 1)).map((_, i) => (i % 2 ? 10 : 65)));
  assert.strictEqual(verify(files).exitCode, 2);
});

test('times', () => {
  const { parseTime } = internals;
  for (let n = 0, random = dice(8); n < 5000; n++) {
    const date = new Date((random(2e9) - 1e9) * 60000 + random(60) * 1000);
    const iso = date.toISOString();
    if (!/^\d{4}-/.test(iso) || iso.startsWith('0000')) continue;
    const difference = parseTime(iso.slice(0, 19) + '+00:00') - parseTime('1970-01-01T00:00:00+00:00');
    assert.strictEqual(difference, date.getTime() / 1000);
  }
  assert.strictEqual(parseTime('2026-01-01T00:30:00+08:00'), parseTime('2025-12-31T12:00:00-04:30'));
  for (const bad of ['2026-02-29T00:00:00+08:00', '1900-02-29T00:00:00+08:00', '2026-00-01T00:00:00+08:00', '2026-01-00T00:00:00+08:00']) {
    assert.strictEqual(parseTime(bad), null);
  }
});

// ---- command line and page ----

const node = (args, input) => spawnSync(process.execPath, args, { input, encoding: 'utf8' });

test('command line', () => {
  for (const [name, code] of [['good/county', 0], ['bad/dice-19', 1], ['good/open', 3]]) {
    const run = node([SCRIPT, path.join(VECTORS, name)]);
    assert.strictEqual(run.status, code);
    assert.strictEqual(run.stdout, verify(folder(name)).lines.join('\n') + '\n');
    assert.strictEqual(run.stderr, '');
  }
  for (const args of [[], ['a', 'b'], [path.join(VECTORS, 'nothing')], [SCRIPT], [os.devNull]]) {
    const run = node([SCRIPT, ...args]);
    assert.strictEqual(run.status, 2);
    assert.strictEqual(run.stdout, '');
    assert.match(run.stderr, /^[^\n]+\n$/);
  }
  inTemporary((dir) => {
    assert.strictEqual(node([SCRIPT, dir]).status, 1); // an empty folder: plan.txt is missing
    fs.mkdirSync(path.join(dir, 'plan.txt'));
    assert.strictEqual(node([SCRIPT, dir]).status, 2);
  });
});

test('batch_verify.js', () => {
  const paths = vectors.map(([name]) => path.join(VECTORS, name)).concat(path.join(VECTORS, 'nothing'));
  const run = node([path.join(__dirname, 'batch_verify.js')], paths.join('\n') + '\n');
  const want = paths.map((file) => {
    const { exitCode, failed } = verifyPath(file);
    return `${file}\t${exitCode}\t${failed ?? '-'}\n`;
  });
  assert.strictEqual(run.stdout, want.join(''));
  assert.strictEqual(run.status, 0);
});

test('as a classic script without module, require or process', () => {
  const context = vm.createContext({ TextDecoder, TextEncoder });
  vm.runInContext(fs.readFileSync(SCRIPT, 'utf8'), context);
  context.files = folder('good/county');
  assert.strictEqual(vm.runInContext('Mingcha.verify(files).exitCode', context), 0);
  context.files = folder('bad/bidi-in-name');
  assert.strictEqual(vm.runInContext('Mingcha.verify(files).failed', context), 'form');
});
