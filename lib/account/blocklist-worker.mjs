import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { BloomFilter } from "bloomfilter";

// Of each of the three that are looked for; 3 bytes a line.
const FALSE_ALARMS = 1e-5;
const CHUNK_BYTES = 2 ** 18;
const LINES_A_REPORT = 1_000_000;
const LINE_FEED = 10;
// As breached lists are published: SHA-1 in hex, often with how often it was seen.
const SHA1 = /^[0-9a-f]{40}(?=:\d+$|$)/i;

const DIGEST_LENGTH = 40;

/** @type {BloomFilter | undefined} */
let filter;

/**
 * Whether a password is in the file, which is read at the first question. A plain line stands for a
 * password in whatever letter case, a SHA-1 for one exactly or in small letters.
 * @param {{ file: string, password: string }} question
 * @returns {boolean}
 */
export default function isListed({ file, password }) {
  filter ??= readFilter(file);
  const typed = password.normalize("NFC");
  const plain = typed.toLowerCase();
  return [keyOfPlain(plain), sha1(typed), sha1(plain)].some((key) => filter.test(key));
}

function readFilter(file) {
  let lines = 0;
  for (const _ of linesOf(file)) lines += 1;
  const made = BloomFilter.withTargetError(Math.max(lines, 1), FALSE_ALARMS);
  let read = 0;
  for (const line of linesOf(file, "text")) {
    if (line !== "") made.add(keyOf(line));
    read += 1;
    if (read % LINES_A_REPORT === 0 || read === lines) parentPort?.postMessage({ read, lines });
  }
  return made;
}

function keyOf(line) {
  if (line.length >= DIGEST_LENGTH && SHA1.test(line))
    return line.slice(0, DIGEST_LENGTH).toUpperCase();
  return keyOfPlain(line.normalize("NFC").toLowerCase());
}

// A digest is of capitals and digits alone: no plain one is mistaken for it.
const keyOfPlain = (password) => `plain ${password}`;

// It protects nothing: lists are published so.
const sha1 = (text) => createHash("sha1").update(text).digest("hex").toUpperCase();

// A part of the file at a time, since all of it may be larger than the memory.
function* linesOf(file, as = "count") {
  const descriptor = openSync(file, "r");
  try {
    const { size } = fstatSync(descriptor);
    let chunk = Buffer.alloc(CHUNK_BYTES);
    let kept = 0;
    for (let at = 0; at < size; ) {
      const bytes = readSync(descriptor, chunk, kept, chunk.length - kept, at);
      if (bytes === 0) break;
      at += bytes;
      const end = kept + bytes;
      let start = 0;
      const filled = chunk.subarray(0, end);
      let feed = filled.indexOf(LINE_FEED);
      while (feed >= 0) {
        yield as === "count" ? "" : textOf(chunk, start, feed);
        start = feed + 1;
        feed = filled.indexOf(LINE_FEED, start);
      }
      kept = end - start;
      chunk.copyWithin(0, start, end);
      if (kept === chunk.length) chunk = Buffer.concat([chunk], chunk.length * 2);
    }
    if (kept > 0) yield as === "count" ? "" : textOf(chunk, 0, kept);
  } finally {
    closeSync(descriptor);
  }
}

// Without the carriage return of files from Windows.
function textOf(chunk, start, end) {
  return chunk.toString("utf8", start, chunk[end - 1] === 13 ? end - 1 : end);
}
