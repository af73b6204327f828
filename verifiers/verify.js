/*
 * verify.js: an independent verifier of mcd1 draws (明察: draws for inspections that anyone can verify).
 *
 * One classic script without dependencies, for Node 18 or later and for browsers from Chrome 90 on.
 *
 *   node verify.js FOLDER        a folder with the files of one draw
 *   node verify.js DRAW.zip      the same, zipped
 *
 * Prints one line for each check, `PASS name` or `FAIL name: what`, and stops at the first FAIL.
 * Exit code: 0 everything passes, 1 a FAIL, 2 beyond its means, unreadable or called wrongly,
 * 3 the draw is still open and what can be checked by now passes.
 *
 * In a page: Mingcha.verify(files) with files a Map from name to Uint8Array; Mingcha.readZip(bytes) gives such a Map.
 *
 * How to read this file: its sections follow those of the specification, docs/mcd1.md.
 *   A  hashing            sha256, sm3, HMAC, E(), Merkle root                      (docs/mcd1.md 2)
 *   B  forms              text files, values, integers, times, records            (docs/mcd1.md 2)
 *   C  the files          plan, commitment, records, pool, staff, elig ...        (docs/mcd1.md 3)
 *   D  the public value   its rules                                               (docs/mcd1.md 4)
 *   E  the draw           key, tickets, order, selection, assignment              (docs/mcd1.md 5)
 *   F  substitution                                                               (docs/mcd1.md 5)
 *   G  the checks         one function each, in order                             (docs/mcd1.md 6)
 *   H  zip                a small reader with its own inflate
 *   I  command line
 * Nothing here asks for the time, for chance, or for the network; no floating point number decides anything
 * (the order of tickets uses one as a shortcut, with a proven margin, and exact integers inside it).
 */
'use strict';

const Mingcha = (() => {

/* What this program refuses to take on. The first three are the specification's (more is a wrong form),
 * the others are its own means (more is exit code 2). */
const LIMITS = {
  fileBytes: 256 * 1024 * 1024,
  shares: 16,
  slots: 8,
  totalBytes: 768 * 1024 * 1024, // of all files together
  lines: 1000000, // of one file; sums of weights stay below 2^53
  pairs: 8000000, // of a taken target and an inspector who may serve there
  steps: 4e9, // looks at a pair of a target and an inspector
  zipEntries: 65534,
};

/* A wrong draw: the message becomes that of the FAIL line. */
class Refusal extends Error {}
/* Not a judgment about the draw: this program can't or won't do it (exit code 2). */
class Beyond extends Error {}

function refuse(message) {
  throw new Refusal(message);
}

/* ================================================================================================
 * A  Hashing
 * ============================================================================================== */

const SHA256_START = Int32Array.of(
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19);

const SHA256_K = Int32Array.of(
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2);

const W = new Int32Array(68); // the message schedule, used by both hashes

function loadBlock(bytes, at) {
  for (let i = 0; i < 16; i++, at += 4) {
    W[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  }
}

/* FIPS 180-4, 6.2.2. */
function sha256Block(state, bytes, at) {
  loadBlock(bytes, at);
  for (let i = 16; i < 64; i++) {
    const x = W[i - 15];
    const y = W[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    W[i] = (s1 + W[i - 7] + s0 + W[i - 16]) | 0;
  }
  let a = state[0], b = state[1], c = state[2], d = state[3];
  let e = state[4], f = state[5], g = state[6], h = state[7];
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + (g ^ (e & (f ^ g))) + SHA256_K[i] + W[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) | (c & (a | b)))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0;
    d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  state[0] = (state[0] + a) | 0; state[1] = (state[1] + b) | 0;
  state[2] = (state[2] + c) | 0; state[3] = (state[3] + d) | 0;
  state[4] = (state[4] + e) | 0; state[5] = (state[5] + f) | 0;
  state[6] = (state[6] + g) | 0; state[7] = (state[7] + h) | 0;
}

const SM3_START = Int32Array.of(
  0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e);

/* T(j) <<< (j mod 32) */
const SM3_T = Int32Array.from({ length: 64 }, (_, j) => {
  const t = j < 16 ? 0x79cc4519 : 0x7a879d8a;
  return j % 32 === 0 ? t : (t << (j % 32)) | (t >>> (32 - (j % 32)));
});

/* GB/T 32905-2016, 5.3. */
function sm3Block(state, bytes, at) {
  loadBlock(bytes, at);
  for (let j = 16; j < 68; j++) {
    const u = W[j - 3];
    const v = W[j - 13];
    const x = W[j - 16] ^ W[j - 9] ^ ((u << 15) | (u >>> 17));
    const p1 = x ^ ((x << 15) | (x >>> 17)) ^ ((x << 23) | (x >>> 9));
    W[j] = p1 ^ ((v << 7) | (v >>> 25)) ^ W[j - 6];
  }
  let a = state[0], b = state[1], c = state[2], d = state[3];
  let e = state[4], f = state[5], g = state[6], h = state[7];
  for (let j = 0; j < 64; j++) {
    const a12 = (a << 12) | (a >>> 20);
    const x = (a12 + e + SM3_T[j]) | 0;
    const ss1 = (x << 7) | (x >>> 25);
    const ff = j < 16 ? a ^ b ^ c : (a & b) | (c & (a | b));
    const gg = j < 16 ? e ^ f ^ g : g ^ (e & (f ^ g));
    const tt1 = (ff + d + (ss1 ^ a12) + (W[j] ^ W[j + 4])) | 0;
    const tt2 = (gg + h + ss1 + W[j]) | 0;
    d = c; c = (b << 9) | (b >>> 23); b = a; a = tt1;
    h = g; g = (f << 19) | (f >>> 13); f = e; e = tt2 ^ ((tt2 << 9) | (tt2 >>> 23)) ^ ((tt2 << 17) | (tt2 >>> 15));
  }
  state[0] ^= a; state[1] ^= b; state[2] ^= c; state[3] ^= d;
  state[4] ^= e; state[5] ^= f; state[6] ^= g; state[7] ^= h;
}

const utf8 = new TextEncoder();

/* A running hash. After end() the digest is in `state`, as eight 32-bit words, big-endian. */
class Hash {
  constructor(alg) {
    this.compress = alg === 'sm3' ? sm3Block : sha256Block;
    this.initial = alg === 'sm3' ? SM3_START : SHA256_START;
    this.state = new Int32Array(8);
    this.block = new Uint8Array(64);
    this.used = 0; // bytes waiting in block
    this.length = 0; // bytes taken so far
  }

  start() {
    return this.resume(this.initial, 0);
  }

  resume(state, length) {
    this.state.set(state);
    this.used = 0;
    this.length = length;
    return this;
  }

  byte(value) {
    this.block[this.used++] = value;
    this.filled(1);
  }

  /* n more bytes were put into the block. */
  filled(n) {
    this.length += n;
    if (this.used === 64) {
      this.compress(this.state, this.block, 0);
      this.used = 0;
    }
  }

  bytes(data, from = 0, to = data.length) {
    const { block } = this;
    while (from < to) {
      if (this.used === 0 && to - from >= 64) {
        this.compress(this.state, data, from);
        this.length += 64;
        from += 64;
        continue;
      }
      const n = Math.min(64 - this.used, to - from);
      for (let i = 0; i < n; i++) block[this.used + i] = data[from + i];
      from += n;
      this.used += n;
      this.filled(n);
    }
    return this;
  }

  /* Text of code points below 128. */
  ascii(text) {
    const { block } = this;
    for (let from = 0; from < text.length;) {
      const n = Math.min(64 - this.used, text.length - from);
      for (let i = 0; i < n; i++) block[this.used + i] = text.charCodeAt(from + i);
      from += n;
      this.used += n;
      this.filled(n);
    }
    return this;
  }

  /* One field of E(): its length in bytes as 4 bytes big-endian, then its bytes; text as UTF-8. */
  field(data) {
    if (typeof data === 'string' && !isAscii(data)) data = utf8.encode(data);
    const n = data.length;
    this.byte(n >>> 24);
    this.byte((n >>> 16) & 255);
    this.byte((n >>> 8) & 255);
    this.byte(n & 255);
    return typeof data === 'string' ? this.ascii(data) : this.bytes(data);
  }

  end() {
    const high = Math.floor(this.length / 0x20000000); // of the length in bits
    const low = (this.length << 3) >>> 0;
    this.byte(0x80);
    if (this.used > 56) {
      this.block.fill(0, this.used);
      this.compress(this.state, this.block, 0);
      this.used = 0;
    }
    this.block.fill(0, this.used, 56);
    putWord(high, this.block, 56);
    putWord(low, this.block, 60);
    this.compress(this.state, this.block, 0);
    return this;
  }

  digest() {
    this.end();
    return wordsToBytes(this.state, 0);
  }
}

function isAscii(text) {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

/* RFC 2104 with a key of 32 bytes; the states after the two pads are computed once. */
class Hmac {
  constructor(alg, key) {
    this.hash = new Hash(alg);
    this.inner = this.afterPad(key, 0x36);
    this.outer = this.afterPad(key, 0x5c);
    this.digestBytes = new Uint8Array(32);
  }

  afterPad(key, pad) {
    const block = new Uint8Array(64).fill(pad);
    for (let i = 0; i < key.length; i++) block[i] ^= key[i];
    this.hash.start().bytes(block);
    return this.hash.state.slice();
  }

  /* HMAC(key, E(tag, a[, b])): its words, valid until the next call. `tag` is with its "mcd1/". */
  words(tag, a, b) {
    const hash = this.hash.resume(this.inner, 64).field(tag).field(a);
    if (b !== undefined) hash.field(b);
    hash.end();
    putBytes(hash.state, 0, this.digestBytes, 0);
    return hash.resume(this.outer, 64).bytes(this.digestBytes).end().state;
  }
}

function putBytes(words, at, out, to) {
  for (let i = 0; i < 8; i++) putWord(words[at + i], out, to + 4 * i);
}

function putWord(word, out, to) {
  out[to] = word >>> 24;
  out[to + 1] = (word >>> 16) & 255;
  out[to + 2] = (word >>> 8) & 255;
  out[to + 3] = word & 255;
}

function wordsToBytes(words, at) {
  const out = new Uint8Array(32);
  putBytes(words, at, out, 0);
  return out;
}

function toHex(bytes) {
  let text = '';
  for (const b of bytes) text += (b < 16 ? '0' : '') + b.toString(16);
  return text;
}

/* Of a text that is known to be hex. */
function fromHex(text) {
  const out = new Uint8Array(text.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = parseInt(text.substr(2 * i, 2), 16);
  return out;
}

/* H(bytes) */
function hashBytes(alg, bytes) {
  return new Hash(alg).start().bytes(bytes).digest();
}

/* H(E(tag, parts ...)) */
function hashFields(alg, tag, ...parts) {
  const hash = new Hash(alg).start().field('mcd1/' + tag);
  for (const part of parts) hash.field(part);
  return hash.digest();
}

/* root(lines), RFC 9162 2.1.1. Line i is the bytes from starts[i] up to (without) the LF before starts[i + 1].
 * Level by level: neighbours are paired and an odd one out moves up as it is, which is the split at the largest
 * power of two smaller than n. */
function merkleRoot(alg, bytes, starts) {
  const hash = new Hash(alg);
  let n = starts.length - 1;
  const level = new Uint8Array(32 * n);
  for (let i = 0; i < n; i++) {
    hash.start().byte(0);
    hash.bytes(bytes, starts[i], starts[i + 1] - 1).end();
    putBytes(hash.state, 0, level, 32 * i);
  }
  while (n > 1) {
    const pairs = n >>> 1;
    for (let i = 0; i < pairs; i++) {
      hash.start().byte(1);
      hash.bytes(level, 64 * i, 64 * i + 64).end();
      putBytes(hash.state, 0, level, 32 * i);
    }
    if (n & 1) level.copyWithin(32 * pairs, 32 * (n - 1), 32 * n);
    n = pairs + (n & 1);
  }
  return level.slice(0, 32);
}

/* ================================================================================================
 * B  Forms
 * ============================================================================================== */

const NAME = /^[0-9A-Za-z][0-9A-Za-z._-]{0,39}$/;
const TARGET = /^[0-9A-Z][0-9A-Z.-]{0,35}$/;
const INTEGER = /^(0|[1-9][0-9]{0,8})$/;
const HEX = /^[0-9a-f]*$/;
const HEX32 = /^[0-9a-f]{32}$/;
const HEX64 = /^[0-9a-f]{64}$/;
const DRAW = /^[0-9]{4}-[0-9]{3}$/;
const DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const TIME = /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})([+-])([0-9]{2}):([0-9]{2})$/;
const FORBIDDEN = /[\u{0}-\u{1f}\u{7f}-\u{9f}\u{61c}\u{180e}\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2060}-\u{2069}\u{feff}\u{fff9}-\u{fffb}\u{e0000}-\u{e007f}]/u;
const BLANKS = '\u0020\u00a0\u3000';

/* Somebody else's text inside a message of ours: short, and harmless to a terminal. */
function show(text) {
  let out = '';
  for (const c of text.slice(0, 80)) {
    const code = c.codePointAt(0);
    const plain = !FORBIDDEN.test(c) && (code < 0xd800 || code > 0xdfff);
    out += plain ? c : '\\u{' + code.toString(16) + '}';
  }
  return '“' + out + (text.length > 80 ? '…' : '') + '”';
}

function isValue(text) {
  return text !== '' && !FORBIDDEN.test(text) && !BLANKS.includes(text[0]) && !BLANKS.includes(text[text.length - 1]);
}

function isInteger(text, least) {
  return INTEGER.test(text) && Number(text) >= least;
}

function isDraw(text) {
  return DRAW.test(text) && !text.endsWith('-000');
}

/* The parts between separators; a bounded split. */
function split(text, separator) {
  const parts = text.split(separator, LIMITS.lines + 1);
  if (parts.length > LIMITS.lines) throw new Beyond('一项内的条目过多');
  return parts;
}

/* A list whose entries all have the form `isEntry`; without repeats, but for `repeatable` entries. */
function isList(entries, isEntry, isRepeatable) {
  if (!entries.every(isEntry)) return false;
  const single = isRepeatable ? entries.filter((x) => !isRepeatable(x)) : entries;
  return new Set(single).size === single.length;
}

const isName = (text) => NAME.test(text);
const isNobody = (text) => text === '?';
const isNameOrNobody = (text) => text === '?' || NAME.test(text);

/* A team: names in slot order, `?` for a vacant slot. */
function isTeam(text) {
  return isList(split(text, ','), isNameOrNobody, isNobody);
}

function daysInMonth(year, month) {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/* Days since 0000-12-31 of a date that is one, else null. */
function dayNumber(year, month, day) {
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  const y = year - 1;
  let days = y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + day;
  for (let m = 1; m < month; m++) days += daysInMonth(year, m);
  return days;
}

function parseDate(text) {
  const m = DATE.exec(text);
  return m && dayNumber(Number(m[1]), Number(m[2]), Number(m[3]));
}

/* The instant of a time, in seconds; null if it is none. */
function parseTime(text) {
  const m = TIME.exec(text);
  if (!m) return null;
  const [year, month, day, hour, minute, second] = m.slice(1, 7).map(Number);
  const [offsetHour, offsetMinute] = [Number(m[8]), Number(m[9])];
  const days = dayNumber(year, month, day);
  if (days === null || hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59) return null;
  const offset = (offsetHour * 60 + offsetMinute) * 60 * (m[7] === '-' ? -1 : 1);
  return ((days * 24 + hour) * 60 + minute) * 60 + second - offset;
}

/* The offsets at which lines start, and after them the length of the file. */
function lineStarts(bytes, name) {
  let n = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) n++;
  if (n > LIMITS.lines) throw new Beyond(`${name} 超过 ${LIMITS.lines} 行，本程序不处理`);
  const starts = new Int32Array(n + 1);
  for (let i = 1; i <= n; i++) starts[i] = bytes.indexOf(10, starts[i - 1]) + 1;
  return starts;
}

function decode(bytes, name) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error.name === 'TypeError') return refuse(`${name} 不是 UTF-8 文本`);
    throw new Beyond(`${name} 太大，本程序无法解码`);
  }
}

/* A text file: { name, bytes, starts, lines }. */
function textFile(files, name) {
  const bytes = files.get(name);
  if (bytes === undefined) refuse(`缺少文件 ${name}`);
  if (bytes.length > LIMITS.fileBytes) refuse(`${name} 超过 256 MiB`);
  if (bytes.length === 0) refuse(`${name} 是空文件`);
  if (bytes[bytes.length - 1] !== 10) refuse(`${name} 最后一行没有以 LF 结束`);
  const starts = lineStarts(bytes, name);
  for (let i = 0; i + 1 < starts.length; i++) {
    if (starts[i + 1] - starts[i] === 1) refuse(`${name} 第 ${i + 1} 行是空行`);
  }
  const lines = decode(bytes, name).split('\n');
  lines.pop();
  return { name, bytes, starts, lines };
}

/* A record: its first line is its type, then `key=value`; gives a Map. `forms` has the form of the value of each
 * single key, which must all be there; `families` the form of (value, rest) of keys like `share.1`, by "share.". */
function readRecord(files, name, type, forms, families = {}) {
  const { lines } = textFile(files, name);
  if (lines[0] !== type) refuse(`${name} 第 1 行应为 ${type}`);
  const singles = new Map(Object.entries(forms));
  const prefixes = new Map(Object.entries(families));
  const record = new Map();
  for (let i = 1; i < lines.length; i++) {
    const at = lines[i].indexOf('=');
    if (at < 0) refuse(`${name} 第 ${i + 1} 行没有等号`);
    const key = lines[i].slice(0, at);
    const value = lines[i].slice(at + 1);
    if (record.has(key)) refuse(`${name} 第 ${i + 1} 行：键 ${show(key)} 重复`);
    const dot = key.indexOf('.') + 1;
    const form = singles.get(key) || prefixes.get(key.slice(0, dot));
    if (form === undefined) refuse(`${name} 第 ${i + 1} 行：不认识的键 ${show(key)}`);
    if (!form(value, key.slice(dot))) refuse(`${name} 第 ${i + 1} 行：${show(key)} 的值 ${show(value)} 形式不对`);
    record.set(key, value);
  }
  for (const key of singles.keys()) if (!record.has(key)) refuse(`${name} 缺少 ${key}`);
  return record;
}

/* A table: a text file of which every line has exactly `width` columns; `row` is called with the columns of each line
 * and its number from 0. */
function readTable(files, name, width, row) {
  const table = textFile(files, name);
  table.lines.forEach((line, i) => {
    const cells = line.split('\t', width + 1);
    if (cells.length !== width) refuse(`${name} 第 ${i + 1} 行应有 ${width} 列`);
    row(cells, i);
  });
  return table;
}

/* ================================================================================================
 * C  The files of a draw
 * ============================================================================================== */

/* The names that mean something in the folder of a draw. */
function isDrawFile(name) {
  return /^(plan\.txt|pool\.tsv|staff\.tsv|elig\.tsv|1-commit\.txt|2-draw\.txt|result\.tsv|subs\.tsv|void\.txt|3-reveal\.txt)$/.test(name)
    || /^sub-[1-9][0-9]*\.txt$/.test(name);
}

const isHex32Bytes = (text) => HEX64.test(text);
const isHashOrNone = (text) => text === '-' || HEX64.test(text);
const isTime = (text) => parseTime(text) !== null;
const isNumber = (least) => (text) => isInteger(text, least);

function isWindow(text) {
  const ends = text.split('..', 3);
  const [from, to] = ends.map(parseDate);
  return ends.length === 2 && from !== null && to !== null && from <= to;
}

function parseRatio(text) {
  const parts = text.split('/', 3);
  if (parts.length !== 2 || !parts.every((x) => isInteger(x, 1))) return null;
  const [num, den] = parts.map(Number);
  return num <= den ? { num, den } : null;
}

/* The j of `share.j`: 1 to 16, decimal. */
const isShareNumber = (text) => INTEGER.test(text) && Number(text) >= 1 && Number(text) <= LIMITS.shares;

function readPlan(files) {
  const record = readRecord(files, 'plan.txt', 'mcd1-plan', {
    bureau: isName,
    plan: isName,
    draw: isDraw,
    title: isValue,
    items: (text) => isList(split(text, ','), isName),
    window: isWindow,
    exclusions: (text) => text === '-' || isList(split(text, ','), isName),
    slots: (text) => split(text, ',').every(isName),
  }, {
    'quota.': (text, stratum) => isName(stratum) && isInteger(text, 0),
    'ratio.': (text, stratum) => isName(stratum) && parseRatio(text) !== null,
  });
  const slots = split(record.get('slots'), ',');
  if (slots.length > LIMITS.slots) refuse(`plan.txt 的 slots 多于 ${LIMITS.slots} 个`);
  const quotas = new Map();
  const ratios = new Map();
  for (const [key, value] of record) {
    if (key.startsWith('quota.')) quotas.set(key.slice(6), Number(value));
    if (key.startsWith('ratio.')) ratios.set(key.slice(6), parseRatio(value));
  }
  for (const stratum of ratios.keys()) {
    if (!quotas.has(stratum)) refuse(`plan.txt 有 ratio.${stratum} 而没有 quota.${stratum}`);
  }
  const reasons = record.get('exclusions') === '-' ? [] : split(record.get('exclusions'), ',');
  return { record, draw: record.get('draw'), slots, quotas, ratios, reasons: new Set(reasons) };
}

function isFlag(text) {
  return text === 'R' || text === 'M' || (text.startsWith('X:') && NAME.test(text.slice(2)));
}

function isWeight(text) {
  return /^[1-9][0-9]{0,9}$/.test(text) && Number(text) <= 4294967295;
}

/* pool.tsv in columns; flags holds 'R', 'M' or 'X', reasons the reason of an 'X'. */
function readPool(files) {
  const pool = {
    table: null, n: 0, ids: [], strata: [], tiers: [], weights: [], flags: [], reasons: [], names: [], lineOf: new Map(),
  };
  let drawable = false;
  pool.table = readTable(files, 'pool.tsv', 7, ([id, stratum, tier, weight, flag, name, salt], i) => {
    const bad = (what) => refuse(`pool.tsv 第 ${i + 1} 行：${what} 形式不对`);
    if (!TARGET.test(id)) bad('id');
    if (!NAME.test(stratum)) bad('stratum');
    if (!/^[0-9]$/.test(tier)) bad('tier');
    if (!isWeight(weight)) bad('weight');
    if (!isFlag(flag)) bad('flag');
    if (!isValue(name)) bad('name');
    if (!HEX32.test(salt)) bad('salt');
    if (i > 0 && !(pool.ids[i - 1] < id)) refuse(`pool.tsv 第 ${i + 1} 行：id 没有按字节严格递增`);
    pool.ids.push(id);
    pool.strata.push(stratum);
    pool.names.push(name);
    pool.flags.push(flag[0]);
    pool.reasons.push(flag.slice(2));
    pool.tiers.push(Number(tier));
    pool.weights.push(Number(weight));
    pool.lineOf.set(id, i);
    drawable = drawable || flag[0] !== 'X';
  });
  pool.n = pool.ids.length;
  if (!drawable) refuse('pool.tsv 没有一行 R 或 M');
  return pool;
}

/* staff.tsv; teams as sets of bits, one bit for each different team of the plan's slots. */
function readStaff(files, plan) {
  const teams = [...new Set(plan.slots)];
  const staff = { table: null, n: 0, names: [], teams: [], caps: [], indexOf: new Map(), slotTeams: [] };
  staff.table = readTable(files, 'staff.tsv', 3, ([name, list, cap], i) => {
    const bad = (what) => refuse(`staff.tsv 第 ${i + 1} 行：${what}`);
    if (!NAME.test(name)) bad('inspector 形式不对');
    if (i > 0 && !(staff.names[i - 1] < name)) bad('inspector 没有按字节严格递增');
    const entries = split(list, ',');
    if (!isList(entries, isName)) bad('teams 形式不对');
    let bits = 0;
    for (const team of entries) {
      if (!teams.includes(team)) bad(`${show(team)} 不是方案中任何岗位的班组`);
      bits |= 1 << teams.indexOf(team);
    }
    if (!isInteger(cap, 1)) bad('cap 形式不对');
    staff.names.push(name);
    staff.teams.push(bits);
    staff.caps.push(Number(cap));
    staff.indexOf.set(name, i);
  });
  staff.n = staff.names.length;
  staff.slotTeams = plan.slots.map((team) => 1 << teams.indexOf(team));
  return staff;
}

/* elig.tsv: the inspectors of line k of the file are who[starts[k]] ... who[starts[k + 1] - 1], as numbers of staff
 * lines, ascending; of[i] is the line k of line i of the pool, -1 if that is excluded. */
function readElig(files, pool, staff) {
  const lines = [];
  for (let i = 0; i < pool.n; i++) if (pool.flags[i] !== 'X') lines.push(i);
  const elig = { table: null, of: new Int32Array(pool.n).fill(-1), starts: new Int32Array(lines.length + 1), who: null };
  let who = new Int32Array(1024);
  let used = 0;
  let n = 0;
  elig.table = readTable(files, 'elig.tsv', 2, ([target, list], k) => {
    const bad = (what) => refuse(`elig.tsv 第 ${k + 1} 行：${what}`);
    if (k >= lines.length || pool.ids[lines[k]] !== target) bad('企业与名单的 R、M 行不一致');
    let last = -1;
    for (const name of list.split(',', staff.n + 1)) {
      const i = staff.indexOf.get(name);
      if (i === undefined) bad(`${show(name)} 不在 staff.tsv 中`);
      if (i <= last) bad('inspectors 没有按字节严格递增');
      last = i;
      if (used === who.length) who = grown(who);
      who[used++] = i;
    }
    elig.of[lines[k]] = k;
    elig.starts[k + 1] = used;
    n = k + 1;
  });
  if (n !== lines.length) refuse('elig.tsv 的行数与名单的 R、M 行不一致');
  elig.who = who.subarray(0, used);
  return elig;
}

function grown(array) {
  const larger = new Int32Array(2 * array.length);
  larger.set(array);
  return larger;
}

function readCommit(files) {
  const record = readRecord(files, '1-commit.txt', 'mcd1-commit', {
    origin: isValue,
    draw: isDraw,
    alg: (text) => text === 'sha256' || text === 'sm3',
    plan: isHex32Bytes,
    pool: isHex32Bytes,
    elig: isHex32Bytes,
    public: (text) => parseRule(text) !== null,
    'open-by': isTime,
    'reveal-by': isTime,
    at: isTime,
  }, {
    'share.': (text, j) => isShareNumber(j) && HEX64.test(text),
    'holder.': (text, j) => isShareNumber(j) && isValue(text),
  });
  const shares = countNumbered(record, '1-commit.txt', 'share.');
  if (shares < 1) refuse('1-commit.txt 没有 share.1');
  if (countNumbered(record, '1-commit.txt', 'holder.') !== shares) refuse('1-commit.txt 的 holder 与 share 数目不一');
  return { record, shares, alg: record.get('alg'), rule: parseRule(record.get('public')) };
}

/* How many keys prefix + 1, prefix + 2 ... there are; there must be no others with that prefix. */
function countNumbered(record, name, prefix) {
  let n = 0;
  while (record.has(prefix + (n + 1))) n++;
  for (const key of record.keys()) {
    if (key.startsWith(prefix) && Number(key.slice(prefix.length)) > n) refuse(`${name} 的 ${prefix}j 编号不连续`);
  }
  return n;
}

function readDraw(files) {
  return readRecord(files, '2-draw.txt', 'mcd1-draw', {
    draw: isDraw, prev: isHex32Bytes, public: isValue, result: isHex32Bytes, at: isTime,
  });
}

function readSub(files, name) {
  return readRecord(files, name, 'mcd1-sub', {
    draw: isDraw, prev: isHex32Bytes, n: isNumber(1), sub: isHex32Bytes, at: isTime,
  });
}

function readVoid(files) {
  return readRecord(files, 'void.txt', 'mcd1-void', {
    draw: isDraw, prev: isHex32Bytes, public: isValue, reason: isValue, 'approved-by': isValue, at: isTime,
  });
}

function isInput(text) {
  return HEX.test(text) && text.length % 2 === 0 && text.length <= 2048;
}

function readReveal(files, commit) {
  const record = readRecord(files, '3-reveal.txt', 'mcd1-reveal', {
    draw: isDraw, prev: isHex32Bytes, 'elig-salt': isHex32Bytes, subs: isHashOrNone, at: isTime,
  }, {
    'machine.': (text, j) => isShareNumber(j) && HEX64.test(text),
    'input.': (text, j) => isShareNumber(j) && isInput(text),
  });
  for (const prefix of ['machine.', 'input.']) {
    if (countNumbered(record, '3-reveal.txt', prefix) !== commit.shares) {
      refuse(`3-reveal.txt 的 ${prefix}j 与承诺的份额数目不一`);
    }
  }
  return record;
}

function readResult(files) {
  return readTable(files, 'result.tsv', 5, ([id, ticket, status, inspectors, salt], i) => {
    const bad = (what) => refuse(`result.tsv 第 ${i + 1} 行：${what} 形式不对`);
    if (!TARGET.test(id)) bad('id');
    if (!/^[MSNX]$/.test(status)) bad('status');
    if (status === 'X' ? ticket !== '-' : !HEX64.test(ticket)) bad('ticket');
    if (status === 'N' || status === 'X' ? inspectors !== '-' : !isTeam(inspectors)) bad('inspectors');
    if (!HEX64.test(salt)) bad('salt');
  });
}

function readSubs(files) {
  const rows = [];
  const table = readTable(files, 'subs.tsv', 9, ([n, kind, target, old, next, team, reason, evidence, salt], i) => {
    const bad = (what) => refuse(`subs.tsv 第 ${i + 1} 行：${what} 形式不对`);
    if (n !== String(i + 1)) bad('n');
    if (kind !== 'target' && kind !== 'inspector') bad('kind');
    if (!TARGET.test(target)) bad('target');
    if (kind === 'target' ? !TARGET.test(old) : !isNameOrNobody(old)) bad('old');
    if (kind === 'target' ? next !== '-' && !TARGET.test(next) : !isNameOrNobody(next)) bad('new');
    if (team === '-' ? kind !== 'target' || next !== '-' : !isTeam(team)) bad('team');
    if (!isValue(reason)) bad('reason');
    if (!isHashOrNone(evidence)) bad('evidence');
    if (!HEX64.test(salt)) bad('salt');
    rows.push({ kind, target, old, next, team, salt });
  });
  return { rows, lines: table.lines };
}

/* ================================================================================================
 * D  The public value
 * ============================================================================================== */

/* The rule in the commitment: { kind, label, ... }, or null. */
function parseRule(text) {
  if (text === 'none') return { kind: 'none', label: 'C' };
  const [kind, a, b, more] = text.split(':', 4);
  if (kind === 'kl8' && b === undefined && /^[0-9]{7}$/.test(a)) return { kind, label: 'A', issue: a };
  if (kind === 'drand' && more === undefined && HEX64.test(a) && /^[1-9][0-9]{0,14}$/.test(b)) {
    return { kind, label: 'A', text };
  }
  if (kind === 'dice' && b === undefined && /^[1-9][0-9]$/.test(a) && Number(a) >= 20) {
    return { kind, label: 'B', count: Number(a) };
  }
  return null;
}

/* 20 different numbers 01-80, two digits each, ascending, joined by `.` */
function isKl8Draw(text) {
  const numbers = text.split('.', 21);
  return numbers.length === 20 && numbers.every((x, i) => (
    /^[0-9]{2}$/.test(x) && x >= '01' && x <= '80' && (i === 0 || numbers[i - 1] < x)));
}

/* Whether a public value has the form of its rule. */
function fitsRule(rule, value) {
  switch (rule.kind) {
    case 'none': return value === 'none';
    case 'kl8': return value.startsWith(`kl8:${rule.issue}:`) && isKl8Draw(value.slice(12));
    case 'drand': return value.startsWith(rule.text + ':') && HEX64.test(value.slice(rule.text.length + 1));
    case 'dice': return value.length === 5 + rule.count && /^dice:[0-9]*$/.test(value);
    default: return false;
  }
}

/* ================================================================================================
 * E  The draw
 * ============================================================================================== */

/* The shares S_1 ... S_n out of the reveal. */
function sharesOf(alg, reveal, n) {
  const shares = [];
  for (let j = 1; j <= n; j++) {
    shares.push(hashFields(alg, 'mix', fromHex(reveal.get('machine.' + j)), fromHex(reveal.get('input.' + j))));
  }
  return shares;
}

/* HMAC with the key K. */
function keyed(alg, shares, e, publicValue) {
  const seed = new Hmac(alg, hashFields(alg, 'seed', ...shares));
  return new Hmac(alg, wordsToBytes(seed.words('mcd1/draw', e, publicValue), 0));
}

/* Compares 256-bit big-endian integers, eight words each. */
function compareWords(a, i, b, j) {
  for (let k = 0; k < 8; k++) {
    const x = a[i + k] >>> 0;
    const y = b[j + k] >>> 0;
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

function bigWords(words, at) {
  let hex = '0x';
  for (let k = 0; k < 8; k++) hex += (words[at + k] >>> 0).toString(16).padStart(8, '0');
  return BigInt(hex);
}

/* The tickets of the pool's lines that are not excluded, T(id) of line i at words 8i ... 8i + 7, and their order. */
class Tickets {
  constructor(pool, key) {
    this.pool = pool;
    this.words = new Int32Array(8 * pool.n);
    this.share = new Float64Array(pool.n); // about T / (2^192 weight), see byWeight
    for (let i = 0; i < pool.n; i++) {
      if (pool.flags[i] === 'X') continue;
      this.words.set(key.words('mcd1/ticket', pool.ids[i]), 8 * i);
      this.share[i] = ((this.words[8 * i] >>> 0) * 4294967296 + (this.words[8 * i + 1] >>> 0)) / pool.weights[i];
    }
  }

  /* (T, id) */
  byTicket(a, b) {
    return compareWords(this.words, 8 * a, this.words, 8 * b) || (this.pool.ids[a] < this.pool.ids[b] ? -1 : 1);
  }

  /* T(a) weight(b) < T(b) weight(a), or they are equal and a < b by bytes.
   * `share` is T / (2^192 weight) but for less than 1 by cutting off T's lower words and a relative error of at most
   * 2^-51 by rounding. So two of them that differ by more than this are in the true order; else exact integers decide. */
  byWeight(a, b) {
    const x = this.share[a];
    const y = this.share[b];
    if (Math.abs(x - y) > 2 + (x + y) * 2 ** -50) return x < y ? -1 : 1;
    const left = bigWords(this.words, 8 * a) * BigInt(this.pool.weights[b]);
    const right = bigWords(this.words, 8 * b) * BigInt(this.pool.weights[a]);
    if (left !== right) return left < right ? -1 : 1;
    return this.pool.ids[a] < this.pool.ids[b] ? -1 : 1;
  }
}

/* The R lines of each stratum, by tier: Map stratum -> [lines of tier 0, ... lines of tier 9]. */
function randomLines(pool) {
  const strata = new Map();
  for (let i = 0; i < pool.n; i++) {
    if (pool.flags[i] !== 'R') continue;
    if (!strata.has(pool.strata[i])) strata.set(pool.strata[i], Array.from({ length: 10 }, () => []));
    strata.get(pool.strata[i])[pool.tiers[i]].push(i);
  }
  return strata;
}

/* Those of a tier that are so heavy that they are taken without chance: while k > 0 and k weight(u) >= W, for u the
 * heaviest left and W the weight of all that are left. All numbers are below 2^53 (LIMITS.lines). */
function heavyOnes(pool, lines, k) {
  const sorted = lines.slice().sort((a, b) => pool.weights[b] - pool.weights[a]);
  let total = sorted.reduce((sum, i) => sum + pool.weights[i], 0);
  let taken = 0;
  while (k > 0 && k * pool.weights[sorted[taken]] >= total) {
    total -= pool.weights[sorted[taken]];
    taken++;
    k--;
  }
  return sorted.slice(0, taken);
}

/* One stratum: { taken, reserve }. */
function selectStratum(pool, tickets, tiers, quota) {
  const taken = [];
  const reserve = [];
  let k = quota;
  let stopped = false;
  for (const lines of tiers) {
    if (!stopped && lines.length <= k) {
      for (const i of lines) taken.push(i);
      k -= lines.length;
      continue;
    }
    const heavy = new Set(stopped ? [] : heavyOnes(pool, lines, k));
    const rest = lines.filter((i) => !heavy.has(i)).sort((a, b) => tickets.byWeight(a, b));
    const first = stopped ? 0 : k - heavy.size;
    for (const i of heavy) taken.push(i);
    rest.forEach((i, place) => (place < first ? taken : reserve).push(i));
    stopped = true;
  }
  return { taken, reserve };
}

/* Selection: { taken: lines of the pool, reserves: Map stratum -> lines }. */
function select(pool, plan, tickets) {
  const taken = [];
  for (let i = 0; i < pool.n; i++) if (pool.flags[i] === 'M') taken.push(i);
  const reserves = new Map();
  for (const [stratum, tiers] of randomLines(pool)) {
    const chosen = selectStratum(pool, tickets, tiers, plan.quotas.get(stratum));
    for (const i of chosen.taken) taken.push(i);
    reserves.set(stratum, chosen.reserve);
  }
  return { taken, reserves };
}

/* ---- Assignment ----
 * The network of docs/mcd1.md 5, held as a matching: each undecided slot has an inspector who would serve there, or nobody.
 * Slot x = (place of its target in the order) * (slots of a task) + (slot of the task).
 * A pair p is an inspector who may serve at a target: who[p]; those of target t are starts[t] ... starts[t + 1] - 1.
 *
 * The matching is a greatest one at all times, so F is the number of slots in it, and nobody has to count it again:
 * it is made so once, and each decision keeps it so (see decide). */
const NONE = -1; // of match: nobody
const FREE = -1; // of holds: the pair serves no slot
const DECIDED = -2; // of holds: this inspector's slot at this target is decided
const NEVER = 0x7fffffff; // of seen: the search needn't come here again

class Network {
  constructor(slotTeams, starts, who, staff, work) {
    const targets = starts.length - 1;
    Object.assign(this, { slotTeams, starts, who, staff, work });
    this.width = slotTeams.length;
    this.slots = targets * this.width;
    this.match = new Int32Array(this.slots).fill(NONE); // the pair that serves a slot
    this.holds = new Int32Array(who.length).fill(FREE); // the slot that a pair serves
    this.held = []; // the undecided slots of an inspector in the matching, a Set each, where there were any
    this.spare = Float64Array.from(staff.caps); // cap less decided tasks less held
    this.decided = new Int32Array(staff.n);
    this.empty = new Set(); // undecided slots with nobody
    // For the search: nodes are the slots and, after them, the inspectors.
    this.mark = 0;
    this.traded = 0; // the mark under which the empty slots were visited
    this.end = NONE; // the inspector with a task to spare that a search found
    this.queued = 0;
    this.seen = new Int32Array(this.slots + staff.n);
    this.goesTo = new Int32Array(this.slots + staff.n); // where the one who leaves this slot would go, or
    this.goesBy = new Int32Array(this.slots + staff.n); // the inspector would, and the pair by which
    this.queue = new Int32Array(this.slots + staff.n);
    for (let x = 0; x < this.slots; x++) this.fill(x);
    this.seen.fill(0);
  }

  put(x, p) {
    const i = this.who[p];
    this.match[x] = p;
    this.holds[p] = x;
    (this.held[i] ??= new Set()).add(x);
    this.spare[i]--;
    this.empty.delete(x);
  }

  clear(x) {
    const p = this.match[x];
    if (p === NONE) return;
    const i = this.who[p];
    this.match[x] = NONE;
    this.holds[p] = FREE;
    this.held[i].delete(x);
    this.spare[i]++;
  }

  /* Adds slot x to the matching if that makes it greater. What a failed search has seen never has a way out later. */
  fill(x) {
    this.mark++;
    const t = Math.floor(x / this.width);
    if (this.search(x, this.starts[t], this.starts[t + 1], false)) return;
    this.empty.add(x);
    for (let q = 0; q < this.queued; q++) this.seen[this.queue[q]] = NEVER;
  }

  /* Puts somebody to slot `start` by one of the pairs from ... to - 1, and moves others so that no other slot loses its
   * inspector (or, with mayTrade, one does and an empty one gets one). Breadth first over: a slot that somebody else
   * would have to take, an inspector who would have to give up a slot. False, and nothing moved, if there is no way. */
  search(start, from, to, mayTrade) {
    this.queued = 0;
    let firstLost = NONE;
    let at = 0;
    if (this.lookAt(start, from, to)) return this.move(start);
    for (;;) {
      if (at === this.queued) {
        if (!mayTrade || firstLost === NONE || this.traded === this.mark) return false;
        this.traded = this.mark;
        spend(this.work, this.empty.size);
        for (const x of this.empty) this.visit(x, firstLost, NONE);
        mayTrade = false;
        continue;
      }
      const node = this.queue[at++];
      if (node < this.slots) {
        if (firstLost === NONE) firstLost = node;
        const t = Math.floor(node / this.width);
        if (this.lookAt(node, this.starts[t], this.starts[t + 1])) return this.move(start);
      } else {
        for (const x of this.held[node - this.slots] || []) this.visit(x, this.goesTo[node], this.goesBy[node]);
      }
    }
  }

  visit(node, goesTo, goesBy) {
    if (this.seen[node] >= this.mark) return false;
    this.seen[node] = this.mark;
    this.goesTo[node] = goesTo;
    this.goesBy[node] = goesBy;
    this.queue[this.queued++] = node;
    return true;
  }

  /* Who could take slot x, among the pairs from ... to - 1? True if one of them has a task to spare. */
  lookAt(x, from, to) {
    spend(this.work, to - from);
    const team = this.slotTeams[x % this.width];
    for (let p = from; p < to; p++) {
      const i = this.who[p];
      if ((this.staff.teams[i] & team) === 0 || this.holds[p] === DECIDED) continue;
      if (this.holds[p] !== FREE) {
        this.visit(this.holds[p], x, p);
      } else if (this.visit(this.slots + i, x, p) && this.spare[i] > 0) {
        this.end = this.slots + i;
        return true;
      }
    }
    return false;
  }

  /* Carries out what the search found, from its end back to its start. */
  move(start) {
    let x = this.goesTo[this.end];
    let p = this.goesBy[this.end];
    for (;;) {
      const nextSlot = this.goesTo[x];
      const nextPair = this.goesBy[x];
      this.clear(x);
      if (p === NONE) this.empty.add(x);
      else this.put(x, p);
      if (x === start) return true;
      x = nextSlot;
      p = nextPair;
    }
  }

  /* The pairs of slot x that may be decided now. */
  candidates(x) {
    const t = Math.floor(x / this.width);
    const team = this.slotTeams[x % this.width];
    const found = [];
    spend(this.work, this.starts[t + 1] - this.starts[t]);
    for (let p = this.starts[t]; p < this.starts[t + 1]; p++) {
      const i = this.who[p];
      if ((this.staff.teams[i] & team) === 0 || this.holds[p] === DECIDED) continue;
      if (this.decided[i] < this.staff.caps[i]) found.push(p);
    }
    return found;
  }

  /* Gives slot x to the first of the candidates (in their order) with which F for the slots after it is one less; the
   * pair is then match[x]. The matching without x stays a greatest one:
   * - x was in it: then F - 1 others were. A candidate will do exactly if all but one of F slots can be kept, x with
   *   this candidate among them, that is, if there is a way to move others without a loss. (The one whom x had in the
   *   matching will do, so there is one.)
   * - x was empty: then F others were in it, and whoever takes x leaves another slot: F - 1, the first will do.
   * - there is no candidate: F others were in it and still are. */
  decide(x, candidates) {
    const wasEmpty = this.match[x] === NONE;
    this.mark++;
    this.clear(x);
    this.empty.delete(x);
    for (const p of candidates) {
      if (wasEmpty ? this.rob(x, p) : this.search(x, p, p + 1, true)) break;
    }
    const p = this.match[x];
    if (p === NONE) return;
    this.holds[p] = DECIDED;
    this.held[this.who[p]].delete(x);
    this.decided[this.who[p]]++;
  }

  /* Lets pair p serve the empty slot x; another slot of this inspector becomes empty. */
  rob(x, p) {
    const lost = this.holds[p] !== FREE ? this.holds[p] : this.held[this.who[p]].values().next().value;
    this.clear(lost);
    this.empty.add(lost);
    this.put(x, p);
    return true;
  }
}

function spend(work, n) {
  work.steps += n;
  if (work.steps > LIMITS.steps) throw new Beyond('计算量超过本程序的限度');
}

/* The lot of inspector i at a target: the words of HMAC(K, E("assign", target, inspector)). */
function lotWords(key, target, name, work) {
  spend(work, 100);
  return key.words('mcd1/assign', target, name);
}

/* Assignment: for each of the targets (lines of the pool in the order (T, id)) the team, an array of numbers of staff
 * lines in slot order, NONE for a vacant slot. */
function assign(pool, staff, elig, key, targets, work) {
  const starts = new Int32Array(targets.length + 1);
  targets.forEach((line, t) => {
    const k = elig.of[line];
    starts[t + 1] = starts[t] + elig.starts[k + 1] - elig.starts[k];
    if (starts[t + 1] > LIMITS.pairs) throw new Beyond('可选人员的总数超过本程序的限度');
  });
  const who = new Int32Array(starts[targets.length]);
  targets.forEach((line, t) => {
    const k = elig.of[line];
    who.set(elig.who.subarray(elig.starts[k], elig.starts[k + 1]), starts[t]);
  });
  const network = new Network(staff.slotTeams, starts, who, staff, work);
  const lots = new Int32Array(8 * who.length);
  const known = new Uint8Array(who.length);
  const width = staff.slotTeams.length;
  for (let r = 0; r < width; r++) {
    for (let t = 0; t < targets.length; t++) {
      const need = (p) => {
        if (known[p] === 0) lots.set(lotWords(key, pool.ids[targets[t]], staff.names[who[p]], work), 8 * p);
        known[p] = 1;
        return 8 * p;
      };
      const order = (p, q) => network.decided[who[p]] - network.decided[who[q]]
        || compareWords(lots, need(p), lots, need(q)) || p - q;
      const x = t * width + r;
      network.decide(x, network.candidates(x).sort(order));
    }
  }
  return targets.map((_, t) => Array.from({ length: width }, (_unused, r) => {
    const p = network.match[t * width + r];
    return p === NONE ? NONE : who[p];
  }));
}

/* The whole draw: { tickets, status: a letter for each line, teams: Map line -> team, reserves }. */
function drawAll(pool, plan, staff, elig, key, work) {
  const tickets = new Tickets(pool, key);
  const { taken, reserves } = select(pool, plan, tickets);
  const status = pool.flags.map((flag) => (flag === 'R' ? 'N' : flag));
  for (const i of taken) if (status[i] === 'N') status[i] = 'S';
  const targets = taken.sort((a, b) => tickets.byTicket(a, b));
  const teams = new Map();
  assign(pool, staff, elig, key, targets, work).forEach((team, t) => teams.set(targets[t], team));
  return { tickets, status, teams, reserves };
}

function teamText(staff, team) {
  return team.map((i) => (i === NONE ? '?' : staff.names[i])).join(',');
}

/* ================================================================================================
 * F  Substitution
 * ============================================================================================== */

/* The present tasks while the rows of subs.tsv apply: Map line of the pool -> { team, replaced }, `replaced` being
 * those who were replaced there before. */
class Tasks {
  constructor(draw, outcome, key) {
    Object.assign(this, draw); // pool, staff, elig, work
    this.reserves = outcome.reserves;
    this.key = key;
    this.used = new Map(); // stratum -> how many of its reserve rows have used
    this.now = new Map();
    for (const [line, team] of outcome.teams) this.now.set(line, { team: team.slice(), replaced: new Set() });
  }

  inspectorsOf(line) {
    const k = this.elig.of[line];
    return this.elig.who.subarray(this.elig.starts[k], this.elig.starts[k + 1]);
  }

  /* The first by lot of those who may serve at slot r, are not on the target and were not replaced there before. */
  nextInspector(line, r, task) {
    let best = NONE;
    let bestLot = null;
    for (const i of this.inspectorsOf(line)) {
      spend(this.work, 1);
      if ((this.staff.teams[i] & this.staff.slotTeams[r]) === 0) continue;
      if (task.team.includes(i) || task.replaced.has(i)) continue;
      const lot = lotWords(this.key, this.pool.ids[line], this.staff.names[i], this.work);
      if (best === NONE || compareWords(lot, 0, bestLot, 0) < 0) {
        best = i;
        bestLot = lot.slice();
      }
    }
    return best;
  }

  /* The successor of a target: the first of its stratum's reserve that no row has used; NONE if there is none or the
   * task was mandatory. */
  successor(line) {
    if (this.pool.flags[line] !== 'R') return NONE;
    const stratum = this.pool.strata[line];
    const reserve = this.reserves.get(stratum);
    const used = this.used.get(stratum) || 0;
    if (used >= reserve.length) return NONE;
    this.used.set(stratum, used + 1);
    return reserve[used];
  }

  /* A row of kind `target`: gives the new target and team as they must be written. */
  giveUp(line) {
    const old = this.now.get(line).team;
    this.now.delete(line);
    const next = this.successor(line);
    if (next === NONE) return { next: '-', team: '-' };
    const allowed = new Set(this.inspectorsOf(next));
    const task = { team: old.map((i) => (allowed.has(i) ? i : NONE)), replaced: new Set() };
    for (let r = 0; r < task.team.length; r++) {
      if (task.team[r] === NONE) task.team[r] = this.nextInspector(next, r, task);
    }
    this.now.set(next, task);
    return { next: this.pool.ids[next], team: teamText(this.staff, task.team) };
  }

  /* A row of kind `inspector`, who holds slot r (or nobody does). */
  replace(line, r) {
    const task = this.now.get(line);
    const next = this.nextInspector(line, r, task);
    if (task.team[r] !== NONE) task.replaced.add(task.team[r]);
    task.team[r] = next;
    return { next: next === NONE ? '?' : this.staff.names[next], team: teamText(this.staff, task.team) };
  }

  /* Applies a row, refusing one that does not follow the order. */
  apply(row, bad) {
    const line = this.pool.lineOf.get(row.target);
    if (line === undefined || !this.now.has(line)) bad(`${row.target} 此时不是在办的任务`);
    let must;
    if (row.kind === 'target') {
      if (row.old !== row.target) bad('target 与 old 不同');
      must = this.giveUp(line);
    } else {
      const old = row.old === '?' ? NONE : this.staff.indexOf.get(row.old);
      const r = old === undefined ? -1 : this.now.get(line).team.indexOf(old);
      if (r < 0) bad(row.old === '?' ? '没有空缺的岗位' : `${row.old} 不在该任务上`);
      must = this.replace(line, r);
    }
    if (row.next !== must.next) bad(`new 应为 ${must.next}，文件写的是 ${row.next}`);
    if (row.team !== must.team) bad(`team 应为 ${must.team}，文件写的是 ${show(row.team)}`);
  }
}

/* ================================================================================================
 * G  The checks
 * ============================================================================================== */

/* What a folder is, by which files it has. */
function kindOf(files, voided) {
  const has = (...names) => names.some((name) => files.has(name));
  const hasDraw = has('2-draw.txt');
  if (!hasDraw && has('result.tsv', 'subs.tsv', 'sub-1.txt')) refuse('有结果或替换而没有 2-draw.txt');
  if (voided && voided.get('public') === '-') {
    if (has('2-draw.txt', 'result.tsv', 'sub-1.txt', 'subs.tsv', '3-reveal.txt')) {
      refuse('void.txt 写 public=-，旁边却有抽取、结果、替换或启封');
    }
    return 'void before';
  }
  if (!has('3-reveal.txt')) return 'open';
  if (!hasDraw && !voided) refuse('有 3-reveal.txt 而没有 2-draw.txt 或 void.txt');
  return voided ? 'void after' : 'revealed';
}

const EARLY = ['form', 'chain', 'commitment', 'plan'];
const ALL = [...EARLY, 'eligibility', 'shares', 'public', 'draw', 'substitutions'];
const CHECKS_OF = { revealed: ALL, 'void after': ALL, 'void before': EARLY, open: [...EARLY, 'public'] };

/* form: everything that sections 2 and 3 of the specification say of one file by itself. Fills the draw. */
function checkForm(draw) {
  const { files } = draw;
  draw.voided = files.has('void.txt') ? readVoid(files) : null;
  draw.kind = kindOf(files, draw.voided);
  draw.plan = readPlan(files);
  draw.pool = readPool(files);
  draw.commit = readCommit(files);
  draw.alg = draw.commit.alg;
  draw.drawn = files.has('2-draw.txt') ? readDraw(files) : null;
  for (let n = 1; files.has(`sub-${n}.txt`); n++) draw.subs.push(readSub(files, `sub-${n}.txt`));
  if (draw.kind !== 'revealed' && draw.kind !== 'void after') return;
  draw.reveal = readReveal(files, draw.commit);
  draw.staff = readStaff(files, draw.plan);
  draw.elig = readElig(files, draw.pool, draw.staff);
  if (draw.drawn) draw.result = readResult(files);
  const hasSubs = files.has('subs.tsv');
  if (hasSubs !== (draw.reveal.get('subs') !== '-')) refuse('subs.tsv 的有无与启封中的 subs 不符');
  if (hasSubs) draw.rows = readSubs(files);
}

/* The records in their order: [name, record]. */
function recordsInOrder(draw) {
  const records = [['1-commit.txt', draw.commit.record]];
  if (draw.drawn) records.push(['2-draw.txt', draw.drawn]);
  draw.subs.forEach((sub, i) => records.push([`sub-${i + 1}.txt`, sub]));
  if (draw.voided) records.push(['void.txt', draw.voided]);
  if (draw.reveal) records.push(['3-reveal.txt', draw.reveal]);
  return records;
}

function hashOfFile(draw, name) {
  return toHex(hashBytes(draw.alg, draw.files.get(name)));
}

/* chain: prev, draw numbers, times, n of the subs. */
function checkChain(draw) {
  const records = recordsInOrder(draw);
  records.forEach(([name, record], i) => {
    if (record.get('draw') !== draw.plan.draw) refuse(`${name} 的抽取编号与方案不同`);
    if (i === 0) return;
    const [before, previous] = records[i - 1];
    if (record.get('prev') !== hashOfFile(draw, before)) refuse(`${name} 的 prev 不是 ${before} 的哈希`);
    if (parseTime(record.get('at')) < parseTime(previous.get('at'))) refuse(`${name} 的时间早于 ${before}`);
  });
  const commit = draw.commit.record;
  const [at, openBy, revealBy] = ['at', 'open-by', 'reveal-by'].map((key) => parseTime(commit.get(key)));
  if (!(at < openBy)) refuse('承诺时间不早于 open-by');
  if (!(openBy < revealBy)) refuse('open-by 不早于 reveal-by');
  if (draw.drawn) {
    const drawnAt = parseTime(draw.drawn.get('at'));
    if (!(at < drawnAt)) refuse('抽取时间不晚于承诺时间');
    if (!(drawnAt <= openBy)) refuse('抽取时间晚于 open-by');
  }
  draw.subs.forEach((sub, i) => {
    if (Number(sub.get('n')) !== i + 1) refuse(`sub-${i + 1}.txt 的 n 是 ${sub.get('n')}`);
  });
}

/* commitment: plan and pool are the committed ones. */
function checkCommitment(draw) {
  const { table } = draw.pool;
  if (draw.commit.record.get('plan') !== hashOfFile(draw, 'plan.txt')) refuse('plan.txt 不是承诺的方案');
  const root = toHex(merkleRoot(draw.alg, table.bytes, table.starts));
  if (draw.commit.record.get('pool') !== root) refuse('pool.tsv 不是承诺的名单');
}

/* plan: two or more slots, strata, quotas, ratios, reasons of exclusion. */
function checkPlan({ plan, pool }) {
  if (plan.slots.length < 2) refuse('每项任务少于两个岗位');
  const counts = new Map();
  for (let i = 0; i < pool.n; i++) {
    if (pool.flags[i] === 'R') counts.set(pool.strata[i], (counts.get(pool.strata[i]) || 0) + 1);
    if (pool.flags[i] === 'X' && !plan.reasons.has(pool.reasons[i])) {
      refuse(`pool.tsv 第 ${i + 1} 行的排除理由 ${pool.reasons[i]} 不在方案中`);
    }
  }
  for (const [stratum, n] of counts) {
    if (!plan.quotas.has(stratum)) refuse(`方案缺少 quota.${stratum}`);
    const quota = plan.quotas.get(stratum);
    if (quota > n) refuse(`quota.${stratum} 为 ${quota}，多于该层的 ${n} 行`);
    const ratio = plan.ratios.get(stratum);
    if (ratio && BigInt(quota) !== ceilDivide(BigInt(n) * BigInt(ratio.num), BigInt(ratio.den))) {
      refuse(`quota.${stratum} 与 ratio.${stratum} 不符`);
    }
  }
  for (const stratum of plan.quotas.keys()) {
    if (!counts.has(stratum)) refuse(`quota.${stratum}：名单中没有该层的 R 行`);
  }
}

function ceilDivide(a, b) {
  return (a + b - 1n) / b;
}

/* Whether those inspectors (numbers of staff lines) can fill all slots of a task, each once. By Hall's theorem: for
 * every set of teams there are at least as many inspectors in any of them as slots of them. */
function canFillTask(staff, inspectors, work) {
  const all = staff.slotTeams.reduce((a, b) => a | b, 0);
  for (let set = 1; set <= all; set++) {
    let need = 0;
    for (const team of staff.slotTeams) if (team & set) need++;
    let i = 0;
    for (; i < inspectors.length && need > 0; i++) if (staff.teams[inspectors[i]] & set) need--;
    if (need > 0) return false;
    spend(work, i);
  }
  return true;
}

/* eligibility: each line can fill a task; staff and elig are the committed ones. */
function checkEligibility(draw) {
  const { staff, elig } = draw;
  for (let k = 0; k + 1 < elig.starts.length; k++) {
    const inspectors = elig.who.subarray(elig.starts[k], elig.starts[k + 1]);
    if (!canFillTask(staff, inspectors, draw.work)) refuse(`elig.tsv 第 ${k + 1} 行的人员不足以组成一个检查组`);
  }
  const sealed = hashFields(draw.alg, 'elig', fromHex(draw.reveal.get('elig-salt')),
    hashBytes(draw.alg, staff.table.bytes), hashBytes(draw.alg, elig.table.bytes));
  if (draw.commit.record.get('elig') !== toHex(sealed)) refuse('staff.tsv 与 elig.tsv 不是承诺的文件');
}

/* shares: n >= 2, each as committed, all different. */
function checkShares(draw) {
  const { alg, commit, reveal } = draw;
  if (commit.shares < 2) refuse('份额少于两个');
  draw.shares = sharesOf(alg, reveal, commit.shares);
  draw.shares.forEach((share, k) => {
    const j = String(k + 1);
    const sealed = toHex(hashFields(alg, 'share', draw.plan.draw, j, share));
    if (commit.record.get('share.' + j) !== sealed) refuse(`第 ${j} 份额不是承诺的份额`);
  });
  if (new Set(draw.shares.map(toHex)).size !== draw.shares.length) refuse('有两个份额相同');
}

/* The public value, null while it is unknown. */
function publicValue(draw) {
  if (draw.drawn) return draw.drawn.get('public');
  return draw.voided && draw.voided.get('public') !== '-' ? draw.voided.get('public') : null;
}

/* public: the value has the form of the rule, and the void's is the draw's. */
function checkPublic(draw) {
  const value = publicValue(draw);
  if (value === null) return;
  if (!fitsRule(draw.commit.rule, value)) {
    refuse(`公共值 ${show(value)} 不合规则 ${draw.commit.record.get('public')}`);
  }
  if (draw.voided && draw.voided.get('public') !== value) refuse('作废记录中的公共值与抽取的不同');
}

/* Writes texts and words (as hex) into bytes, one after the other. */
class LineWriter {
  constructor() {
    this.bytes = new Uint8Array(4096);
    this.length = 0;
  }

  text(text) {
    for (let i = 0; i < text.length; i++) this.bytes[this.length++] = text.charCodeAt(i);
  }

  hex(words, at) {
    for (let k = 0; k < 8; k++) {
      for (let shift = 28; shift >= 0; shift -= 4) {
        const digit = (words[at + k] >>> shift) & 15;
        this.bytes[this.length++] = digit + (digit < 10 ? 48 : 87);
      }
    }
  }

  is(bytes, from, to) {
    if (to - from !== this.length) return false;
    for (let i = 0; i < this.length; i++) if (bytes[from + i] !== this.bytes[i]) return false;
    return true;
  }
}

/* Line i of result.tsv, with its LF. */
function writeResultLine(out, draw, outcome, key, i) {
  const team = outcome.teams.get(i);
  out.length = 0;
  out.text(draw.pool.ids[i] + '\t');
  if (outcome.status[i] === 'X') out.text('-');
  else out.hex(outcome.tickets.words, 8 * i);
  out.text(`\t${outcome.status[i]}\t${team ? teamText(draw.staff, team) : '-'}\t`);
  out.hex(key.words('mcd1/salt', draw.pool.ids[i]), 0);
  out.text('\n');
}

/* draw: tickets, selection and assignment recomputed; result.tsv is that, byte for byte, and its root the draw's.
 * Without a draw the outcome is only recomputed, to be shown. */
function checkDraw(draw) {
  const { pool, plan, staff, elig, result, work } = draw;
  const key = keyed(draw.alg, draw.shares, hashBytes(draw.alg, draw.files.get('1-commit.txt')), publicValue(draw));
  const outcome = drawAll(pool, plan, staff, elig, key, work);
  draw.outcome = outcome;
  draw.tasks = new Tasks(draw, outcome, key);
  if (!draw.drawn) return;
  const { bytes, starts } = result;
  const out = new LineWriter();
  for (let i = 0; i < pool.n; i++) {
    if (i + 1 >= starts.length) refuse('result.tsv 的行数少于名单');
    writeResultLine(out, draw, outcome, key, i);
    if (!out.is(bytes, starts[i], starts[i + 1])) {
      refuse(`result.tsv 第 ${i + 1} 行与重算的不同，应为 ${outcome.status[i]}（${pool.ids[i]}）`);
    }
  }
  if (starts.length - 1 !== pool.n) refuse('result.tsv 的行数多于名单');
  if (draw.drawn.get('result') !== toHex(merkleRoot(draw.alg, bytes, starts))) {
    refuse('result.tsv 的封存根不是抽取记录中的');
  }
}

/* substitutions: as many rows as records, the revealed file, each opens, each follows the order. */
function checkSubstitutions(draw) {
  const { rows, subs, alg } = draw;
  if (rows.rows.length !== subs.length) refuse(`subs.tsv 有 ${rows.rows.length} 行，替换记录有 ${subs.length} 份`);
  if (subs.length === 0) return;
  if (draw.reveal.get('subs') !== hashOfFile(draw, 'subs.tsv')) refuse('subs.tsv 不是启封记录所指的文件');
  rows.rows.forEach((row, i) => {
    const line = rows.lines[i].slice(0, rows.lines[i].lastIndexOf('\t'));
    const sealed = toHex(hashFields(alg, 'sub', fromHex(row.salt), line));
    if (subs[i].get('sub') !== sealed) refuse(`sub-${i + 1}.txt 与 subs.tsv 第 ${i + 1} 行对不上`);
    draw.tasks.apply(row, (what) => refuse(`subs.tsv 第 ${i + 1} 行：${what}`));
  });
}

const CHECKS = {
  form: checkForm,
  chain: checkChain,
  commitment: checkCommitment,
  plan: checkPlan,
  eligibility: checkEligibility,
  shares: checkShares,
  public: checkPublic,
  draw: checkDraw,
  substitutions: checkSubstitutions,
};

const LABELS = { A: 'A 甲', B: 'B 乙', C: 'C 丙（未用公共值，仅凭份额）' };

function labelText(draw) {
  const { label } = draw.commit.rule;
  if (label !== 'A' || !draw.drawn) return LABELS[label];
  const gap = parseTime(draw.drawn.get('at')) - parseTime(draw.commit.record.get('at'));
  return gap < 3600 ? 'A 甲（仅为自称：承诺后不足一小时即抽取）' : LABELS.A;
}

/* What the eye still has to compare, and the state of things: [{ name, text }]. */
function factsOf(draw) {
  const facts = [];
  const fact = (name, text) => facts.push({ name, text });
  const value = publicValue(draw);
  fact('draw', `抽取：${draw.plan.draw} ${draw.plan.record.get('title')}`);
  fact('public', `公共值：${value === null ? `未知（规则 ${draw.commit.record.get('public')}）` : `${value}（请与其来源核对）`}`);
  fact('label', `保证等级：${labelText(draw)}`);
  fact('commitment', `承诺的摘要：${draw.alg} ${hashOfFile(draw, '1-commit.txt')}（请与当时发出的凭条核对）`);
  if (draw.voided) {
    fact('void', `作废：${draw.voided.get('reason')}（批准：${draw.voided.get('approved-by')}）`);
  }
  if (!draw.reveal) return facts;
  const late = parseTime(draw.reveal.get('at')) > parseTime(draw.commit.record.get('reveal-by'));
  fact('late', late ? `启封：逾期，晚于 ${draw.commit.record.get('reveal-by')}` : '启封：按期');
  let vacant = 0;
  for (const { team } of draw.tasks.now.values()) vacant += team.filter((i) => i === NONE).length;
  fact('vacant', `末次替换后空缺岗位：${vacant}`);
  if (draw.drawn) return facts;
  fact('list', `未抽取即作废；按所启封的份额重算，本应抽中 ${draw.outcome.teams.size} 家：`);
  for (const [line, team] of draw.outcome.teams) {
    fact('taken', `  ${draw.pool.ids[line]} ${draw.outcome.status[line]} ${teamText(draw.staff, team)}`);
  }
  return facts;
}

/* The outcome for each line of the pool: [{ id, name, stratum, ticket, status, inspectors }]. */
function rowsOf(draw) {
  const { pool, outcome, staff } = draw;
  if (!outcome) return [];
  return pool.ids.map((id, i) => ({
    id,
    name: pool.names[i],
    stratum: pool.strata[i],
    ticket: draw.result ? draw.result.lines[i].split('\t', 2)[1]
      : outcome.status[i] === 'X' ? '-' : toHex(wordsToBytes(outcome.tickets.words, 8 * i)),
    status: outcome.status[i],
    inspectors: outcome.teams.has(i) ? teamText(staff, outcome.teams.get(i)) : '-',
  }));
}

/* The tasks after the last substitution: [{ id, inspectors }]. */
function tasksOf(draw) {
  if (!draw.tasks) return [];
  return [...draw.tasks.now].map(([line, { team }]) => ({ id: draw.pool.ids[line], inspectors: teamText(draw.staff, team) }));
}

function checkSize(files) {
  let total = 0;
  for (const [name, bytes] of files) {
    if (!isDrawFile(name)) continue;
    if (Object.prototype.toString.call(bytes) !== '[object Uint8Array]') throw new Beyond('文件的内容须为 Uint8Array');
    if (bytes.length <= LIMITS.fileBytes) total += bytes.length;
  }
  if (total > LIMITS.totalBytes) throw new Beyond('全部文件合计太大，本程序不处理');
}

/* Runs the checks in order up to the first FAIL, of which it gives the name; adds to lines. The kind of the folder, and
 * so which checks there are, is known after `form`. */
function runChecks(draw, lines) {
  let names = ['form'];
  for (let i = 0; i < names.length; i++) {
    try {
      CHECKS[names[i]](draw);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      lines.push(`FAIL ${names[i]}: ${error.message}`);
      return names[i];
    }
    lines.push(`PASS ${names[i]}`);
    names = CHECKS_OF[draw.kind];
  }
  return null;
}

function emptyResult() {
  return { lines: [], exitCode: 2, failed: null, kind: null, facts: [], rows: [], tasks: [], error: null };
}

/* Verifies a draw. `files` is a Map from file name to Uint8Array. Never throws. Gives
 *   lines     what is to be printed, line by line
 *   exitCode  0, 1, 2 or 3 as above
 *   failed    the name of the check that failed, or null
 *   kind      'revealed', 'void before', 'void after', 'open', or null where the form does not let it be told
 *   facts     [{ name, text }], only if no check failed
 *   rows      the outcome for each line of the pool, only if no check failed and the key is known
 *   tasks     the tasks after the last substitution, likewise
 *   error     why the exit code is 2, else null */
function verify(files) {
  const result = emptyResult();
  try {
    const draw = {
      files, kind: null, voided: null, drawn: null, subs: [], reveal: null, rows: { rows: [], lines: [] },
      work: { steps: 0 },
    };
    checkSize(files);
    result.failed = runChecks(draw, result.lines);
    result.kind = draw.kind;
    if (result.failed !== null) {
      result.exitCode = 1;
      return result;
    }
    result.facts = factsOf(draw);
    result.rows = rowsOf(draw);
    result.tasks = tasksOf(draw);
    result.lines.push(`kind: ${draw.kind}`);
    for (const fact of result.facts) result.lines.push(fact.text);
    result.exitCode = draw.kind === 'open' ? 3 : 0;
  } catch (error) {
    result.lines = [];
    result.exitCode = 2;
    result.error = error instanceof Beyond ? error.message : `未预料的错误：${error && error.message}`;
  }
  return result;
}

/* ================================================================================================
 * H  Zip
 * ============================================================================================== */

/* Stands for a file that is too large to be read: `form` refuses it. */
function tooLarge() {
  return new Uint8Array(LIMITS.fileBytes + 1);
}

const broken = () => new Beyond('zip 文件已损坏或截断');

/* Bits of deflated data, the lowest first. Beyond the end they are 0, and `take` throws once one is used. */
class Bits {
  constructor(data) {
    this.data = data;
    this.at = 0;
    this.buffer = 0;
    this.count = 0;
  }

  /* The next n (at most 16) bits, not yet taken. */
  peek(n) {
    while (this.count < n) {
      this.buffer |= (this.at < this.data.length ? this.data[this.at] : 0) << this.count;
      this.at++;
      this.count += 8;
    }
    return this.buffer & ((1 << n) - 1);
  }

  drop(n) {
    this.buffer >>>= n;
    this.count -= n;
    if (this.at - (this.count >>> 3) > this.data.length) throw broken();
  }

  take(n) {
    const bits = this.peek(n);
    this.drop(n);
    return bits;
  }

  /* Skips to a byte's boundary; gives the place of the next byte. */
  align() {
    this.drop(this.count & 7);
    this.at -= this.count >>> 3;
    this.buffer = 0;
    this.count = 0;
    return this.at;
  }
}

/* RFC 1951, 3.2.2: a table that has, for each value of the next 15 bits, symbol * 16 + length of the code, or 0. */
function huffman(lengths) {
  const counts = new Uint16Array(16);
  for (const length of lengths) counts[length]++;
  counts[0] = 0;
  const next = new Uint32Array(17);
  for (let bits = 1; bits <= 15; bits++) next[bits + 1] = (next[bits] + counts[bits]) << 1;
  const table = new Uint16Array(1 << 15);
  lengths.forEach((length, symbol) => {
    if (length === 0) return;
    const code = next[length]++;
    if (code >= 1 << length) throw broken();
    let reversed = 0;
    for (let i = 0; i < length; i++) reversed |= ((code >>> i) & 1) << (length - 1 - i);
    for (let i = reversed; i < 1 << 15; i += 1 << length) table[i] = symbol * 16 + length;
  });
  return table;
}

function nextSymbol(bits, table) {
  const entry = table[bits.peek(15)];
  if (entry === 0) throw broken();
  bits.drop(entry & 15);
  return entry >>> 4;
}

const LENGTH_BASE = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073,
  4097, 6145, 8193, 12289, 16385, 24577];
const DISTANCE_BITS = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/* The two tables of a block with dynamic codes (3.2.7). */
function dynamicTables(bits) {
  const literals = bits.take(5) + 257;
  const distances = bits.take(5) + 1;
  const codes = bits.take(4) + 4;
  const codeLengths = new Uint8Array(19);
  for (let i = 0; i < codes; i++) codeLengths[CODE_ORDER[i]] = bits.take(3);
  const table = huffman(codeLengths);
  const lengths = new Uint8Array(literals + distances);
  for (let n = 0; n < lengths.length;) {
    const symbol = nextSymbol(bits, table);
    if (symbol < 16) {
      lengths[n++] = symbol;
      continue;
    }
    if (symbol === 16 && n === 0) throw broken();
    const value = symbol === 16 ? lengths[n - 1] : 0;
    const times = symbol === 16 ? 3 + bits.take(2) : symbol === 17 ? 3 + bits.take(3) : 11 + bits.take(7);
    if (n + times > lengths.length) throw broken();
    lengths.fill(value, n, n += times);
  }
  return [huffman(lengths.subarray(0, literals)), huffman(lengths.subarray(literals))];
}

/* The tables of a block with fixed codes (3.2.6). */
function fixedTables() {
  const lengths = new Uint8Array(288).fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280);
  return [huffman(lengths), huffman(new Uint8Array(30).fill(5))];
}

/* Copies the coded bytes of one block to out from n on; gives the new n. */
function inflateBlock(bits, [literals, distances], out, n) {
  for (;;) {
    const symbol = nextSymbol(bits, literals);
    if (symbol === 256) return n;
    if (symbol < 256) {
      if (n >= out.length) throw broken();
      out[n++] = symbol;
      continue;
    }
    if (symbol > 285) throw broken();
    const length = LENGTH_BASE[symbol - 257] + bits.take(LENGTH_BITS[symbol - 257]);
    const code = nextSymbol(bits, distances);
    if (code > 29) throw broken();
    const distance = DISTANCE_BASE[code] + bits.take(DISTANCE_BITS[code]);
    if (distance > n || n + length > out.length) throw broken();
    for (const end = n + length; n < end; n++) out[n] = out[n - distance];
  }
}

/* RFC 1951: the `size` bytes that were deflated to `data`, no more and no less. */
function inflate(data, size) {
  const out = new Uint8Array(size);
  const bits = new Bits(data);
  let n = 0;
  let last = 0;
  while (last === 0) {
    last = bits.take(1);
    const type = bits.take(2);
    if (type === 3) throw broken();
    if (type !== 0) {
      n = inflateBlock(bits, type === 1 ? fixedTables() : dynamicTables(bits), out, n);
      continue;
    }
    const at = bits.align();
    const length = data[at] | (data[at + 1] << 8);
    if (at + 4 + length > data.length || (length ^ (data[at + 2] | (data[at + 3] << 8))) !== 0xffff) throw broken();
    if (n + length > size) throw broken();
    out.set(data.subarray(at + 4, at + 4 + length), n);
    n += length;
    bits.at = at + 4 + length;
  }
  if (n !== size) throw broken();
  return out;
}

const CRC = Int32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n;
});

function crc32(bytes) {
  let crc = -1;
  for (let i = 0; i < bytes.length; i++) crc = CRC[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  return (crc ^ -1) >>> 0;
}

/* The entries of the central directory: [{ name, flags, method, crc, packed, size, at }]. */
function zipEntries(bytes, view) {
  let end = bytes.length - 22;
  while (end >= 0 && !(view.getUint32(end, true) === 0x06054b50 && end + 22 + view.getUint16(end + 20, true) === bytes.length)) {
    if (end-- < bytes.length - 22 - 65535) break;
  }
  if (end < 0 || view.getUint32(end, true) !== 0x06054b50) throw new Beyond('不是 zip 文件，或已截断');
  const count = view.getUint16(end + 10, true);
  if (view.getUint32(end + 4, true) !== 0 || view.getUint16(end + 8, true) !== count) throw new Beyond('不支持分卷的 zip 文件');
  if (count > LIMITS.zipEntries || view.getUint32(end + 16, true) === 0xffffffff) throw new Beyond('不支持条目过多的 zip 文件和 zip64');
  const entries = [];
  let at = view.getUint32(end + 16, true);
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50) throw broken();
    const nameEnd = at + 46 + view.getUint16(at + 28, true);
    let name = '';
    for (const b of bytes.subarray(at + 46, nameEnd)) name += String.fromCharCode(b);
    entries.push({
      name: name.split('\\').join('/'),
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true),
    });
    at = nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

function readEntry(bytes, view, entry) {
  if (entry.flags & 1) throw new Beyond('不支持加密的 zip 文件');
  if (entry.size === 0xffffffff || entry.packed === 0xffffffff || entry.at === 0xffffffff) throw new Beyond('不支持 zip64');
  if (entry.at + 30 > bytes.length || view.getUint32(entry.at, true) !== 0x04034b50) throw broken();
  const from = entry.at + 30 + view.getUint16(entry.at + 26, true) + view.getUint16(entry.at + 28, true);
  if (from + entry.packed > bytes.length) throw broken();
  if (entry.size > LIMITS.fileBytes) return tooLarge();
  const data = bytes.subarray(from, from + entry.packed);
  if (entry.method !== 0 && entry.method !== 8) throw new Beyond(`不支持 zip 压缩方法 ${entry.method}`);
  const out = entry.method === 8 ? inflate(data, entry.size) : data;
  if (out.length !== entry.size || crc32(out) !== entry.crc) throw broken();
  return out;
}

/* The files of a draw in a zip, as a Map for verify. They may be in a folder of the zip: it is the uppermost that has
 * any; two of them are one too many. Throws an Error if the zip can't be read. */
function readZip(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = zipEntries(bytes, view)
    .map((entry) => ({ entry, folders: entry.name.split('/').slice(0, -1), base: entry.name.split('/').pop() }))
    .filter(({ base }) => isDrawFile(base));
  const depth = found.reduce((least, { folders }) => Math.min(least, folders.length), Infinity);
  const top = found.filter(({ folders }) => folders.length === depth);
  const files = new Map();
  let total = 0;
  for (const { entry, folders, base } of top) {
    if (folders.join('/') !== top[0].folders.join('/')) throw new Beyond('zip 文件中有不止一个抽取的文件夹');
    if (files.has(base)) throw new Beyond(`zip 文件中有两个 ${base}`);
    if (entry.size <= LIMITS.fileBytes) total += entry.size;
    if (total > LIMITS.totalBytes) throw new Beyond('zip 文件展开后太大');
    files.set(base, readEntry(bytes, view, entry));
  }
  return files;
}

/* ================================================================================================
 * I  Command line (Node only)
 * ============================================================================================== */

/* The files of a draw in a folder or a zip file. */
function readPath(fs, path) {
  const { size, isFolder } = statPath(fs, path);
  if (!isFolder) {
    if (size > LIMITS.totalBytes) throw new Beyond('zip 文件太大，本程序不处理');
    return readZip(fs.readFileSync(path));
  }
  const files = new Map();
  for (const name of fs.readdirSync(path)) {
    if (!isDrawFile(name)) continue;
    const file = path + '/' + name;
    const found = statPath(fs, file);
    if (found.isFolder) throw new Beyond(`${name} 是一个文件夹`);
    files.set(name, found.size > LIMITS.fileBytes ? tooLarge() : fs.readFileSync(file));
  }
  return files;
}

/* Only folders and regular files: reading anything else might never end. */
function statPath(fs, path) {
  const stat = fs.statSync(path);
  if (!stat.isFile() && !stat.isDirectory()) throw new Beyond('既不是文件，也不是文件夹');
  return { size: stat.size, isFolder: stat.isDirectory() };
}

/* Verifies what is at a path; like verify, and exit code 2 if it can't be read. */
function verifyPath(path) {
  let files;
  try {
    files = readPath(require('fs'), path);
  } catch (error) {
    const result = emptyResult();
    result.error = error instanceof Beyond ? error.message : `无法读取（${(error && error.code) || error}）`;
    return result;
  }
  return verify(files);
}

function main(args) {
  if (args.length !== 1) {
    process.stderr.write('用法：node verify.js 文件夹或zip文件\n');
    return 2;
  }
  const result = verifyPath(args[0]);
  if (result.exitCode === 2) process.stderr.write(result.error.replace(/\s+/g, ' ') + '\n');
  else process.stdout.write(result.lines.join('\n') + '\n');
  return result.exitCode;
}

return {
  verify, verifyPath, readZip, main, LIMITS,
  // for tests
  internals: { hashBytes, hashFields, Hmac, merkleRoot, wordsToBytes, toHex, inflate, assign, Tickets, selectStratum, parseTime },
};
})();

if (typeof module === 'object' && module !== null && module.exports) {
  module.exports = Mingcha;
  if (require.main === module) {
    process.stdout.on('error', () => process.exit(2));
    process.exitCode = Mingcha.main(process.argv.slice(2));
  }
}
