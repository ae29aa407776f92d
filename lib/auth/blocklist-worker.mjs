import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { BloomFilter } from "bloomfilter";

// Of each of the three that are looked for; 3 bytes a line.
const FALSE_ALARMS = 1e-5;
const PART_BYTES = 2 ** 16;
const LINES_A_REPORT = 1_000_000;
const LINE_FEED = 10;
// As breached lists are published: SHA-1 in hex, often with how often it was seen.
const SHA1 = /^[0-9a-f]{40}(?=:\d+$|$)/i;
// 64 of its 160 bits: enough to tell ten million apart, and quicker to add.
const DIGEST_KEPT = 16;

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
  return [plain, keyOfDigest(sha1(typed)), keyOfDigest(sha1(plain))].some((key) =>
    filter.test(key),
  );
}

function readFilter(file) {
  const lines = countLines(file);
  const made = BloomFilter.withTargetError(Math.max(lines, 1), FALSE_ALARMS);
  let read = 0;
  for (const part of partsOf(file))
    for (const line of linesOf(part)) {
      if (line !== "") made.add(keyOf(line));
      read += 1;
      if (read % LINES_A_REPORT === 0 || read === lines) parentPort?.postMessage({ read, lines });
    }
  return made;
}

function keyOf(line) {
  return SHA1.test(line) ? keyOfDigest(line) : line.normalize("NFC").toLowerCase();
}

// In capitals: no password in small letters is mistaken for it.
const keyOfDigest = (hex) => `SHA1 ${hex.slice(0, DIGEST_KEPT).toUpperCase()}`;

// It protects nothing: lists are published so.
const sha1 = (text) => createHash("sha1").update(text).digest("hex");

function countLines(file) {
  let lines = 0;
  for (const part of partsOf(file)) {
    lines += 1;
    for (let at = part.indexOf(LINE_FEED); at >= 0; at = part.indexOf(LINE_FEED, at + 1))
      lines += 1;
  }
  return lines;
}

// Without the carriage returns of files from Windows.
function linesOf(part) {
  return part.toString("utf8").replace(/\r$/, "").split(/\r?\n/);
}

// Whole lines, without the last one's feed: so many at a time, since all may be larger than the memory.
function* partsOf(file) {
  const descriptor = openSync(file, "r");
  try {
    let buffer = Buffer.alloc(PART_BYTES);
    let kept = 0;
    for (;;) {
      const bytes = readSync(descriptor, buffer, kept, buffer.length - kept, null);
      const filled = buffer.subarray(0, kept + bytes);
      if (bytes === 0) {
        if (kept > 0) yield filled;
        return;
      }
      const end = filled.lastIndexOf(LINE_FEED);
      if (end >= 0) yield filled.subarray(0, end);
      filled.copyWithin(0, end + 1);
      kept = filled.length - end - 1;
      if (kept === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2);
    }
  } finally {
    closeSync(descriptor);
  }
}
