import { child, type Node, nodesIn, textOf } from "@/scripts/guards/syntax";
import { holds } from "./rule";

const APPROVED = /^(sha-?(256|384|512)|HKDF|hex|base64(url)?)$/i;
const FROM_CRYPTO = [
  "createHash",
  "createHmac",
  "randomBytes",
  "randomInt",
  "randomUUID",
  "timingSafeEqual",
];

// Hashes of passwords that other systems made are compared there, with what they were made by.
const WORKER = "lib/auth/password-worker.mjs";
const FOR_FOREIGN_HASHES = ["pbkdf2Sync", "scryptSync"];

// Lists of breached passwords are published as SHA-1: there it finds a line and protects nothing.
const BLOCKLIST = "lib/auth/blocklist-worker.mjs";

// What Django signed before 3.1 is verified by SHA-1; nothing is signed with it.
const DJANGO = "lib/django/signing.ts";
const FOR_WHAT_IS_THERE = [BLOCKLIST, DJANGO];

const ours = (path: string) => /^(lib|app)\/|^middleware\.ts$/.test(path);

holds(
  "CR-6: hashes and keys come from SHA-2 alone",
  ({ path, statements }) => {
    if (!ours(path)) return [];
    const named = [...nodesIn(statements)].filter(isAlgorithm).flatMap((node) => literalsIn(node));
    const isAllowed = (name: string) =>
      APPROVED.test(name) || (FOR_WHAT_IS_THERE.includes(path) && name === "sha1");
    return named.filter((name) => !isAllowed(name)).map((name) => `names ${name}`);
  },
  {
    breaks: [
      ["lib/a.ts", 'createHash("sha1").update(x);'],
      ["lib/a.ts", 'createHmac("md5", "sha256");'],
      ["lib/a.ts", 'crypto.subtle.digest("SHA-1", x);'],
      ["lib/a.ts", 'const p = { name: "HKDF", hash: "SHA-1" };'],
    ],
    keeps: [
      ["lib/auth/blocklist-worker.mjs", 'createHash("sha1").update(x);'],
      ["lib/a.ts", 'createHash("sha256").update("md5");'],
      ["lib/a.ts", 'const p = { name: "HKDF", hash: "SHA-256" };'],
    ],
  },
);

holds(
  "CR-6: of Node's cryptography only what needs no choice of cipher is used",
  ({ path, imports }) => {
    if (!ours(path)) return [];
    const used = imports.filter(({ from }) => from === "node:crypto").flatMap(({ names }) => names);
    const allowed = path === WORKER ? [...FROM_CRYPTO, ...FOR_FOREIGN_HASHES] : FROM_CRYPTO;
    return used.filter((name) => !allowed.includes(name)).map((name) => `uses ${name}`);
  },
  {
    breaks: [
      ["lib/a.ts", 'import { createCipheriv } from "node:crypto";'],
      ["lib/a.ts", 'import { pbkdf2Sync } from "node:crypto";'],
    ],
    keeps: [
      ["lib/a.ts", 'import { randomBytes } from "node:crypto";'],
      ["lib/auth/password-worker.mjs", 'import { scryptSync } from "node:crypto";'],
    ],
  },
);

holds(
  "SID-1: chance comes from the system's generator; only a timer may use the other",
  ({ path, text, statements }) => {
    if (!ours(path) || path === "lib/db/leader.ts") return [];
    return [...nodesIn(statements)]
      .filter(({ type, start, end }) => {
        return type === "MemberExpression" && text.slice(start, end) === "Math.random";
      })
      .map(({ start }) => `Math.random at ${start}`);
  },
  {
    breaks: [["lib/session/token.ts", "const secret = Math.random().toString(36);"]],
    keeps: [["lib/session/token.ts", "// Math.random would not do\nrandomBytes(32);"]],
  },
);

holds(
  "CR-5: no hash or secret is compared but by timingSafeEqual",
  ({ path, statements }) => {
    if (!ours(path)) return [];
    return [...nodesIn(statements)].filter(isComparison).map(({ start }) => `compares at ${start}`);
  },
  {
    breaks: [
      ["lib/a.ts", "if (row.secretHash === hashSecret(secret)) accept();"],
      ["lib/a.ts", "if (secret != stored) refuse();"],
      ["lib/a.ts", "if (row.passwordHash.equals(hash)) accept();"],
      ["lib/a.ts", "if (Buffer.compare(secretHash, other) === 0) accept();"],
    ],
    keeps: [
      [
        "lib/a.ts",
        "const fits = secretHash !== null && timingSafeEqual(secretHash, hashSecret(secret));",
      ],
      ["lib/a.ts", 'if (typeof s !== "string") refuse();'],
      ["lib/a.ts", "if (url.hash === other.hash) go();"],
    ],
  },
);

function isAlgorithm(node: Node): boolean {
  if (node.type === "Property") return textOf(child(node, "key"), "name") === "hash";
  const callee = child(node, "callee");
  const name = textOf(callee, "name") || textOf(child(callee, "property"), "name");
  return /^(createHash|createHmac|digest)$/.test(name);
}

// The algorithm is named first; what follows may be any text.
function literalsIn(node: Node): string[] {
  const [first] = Array.isArray(node.arguments) ? node.arguments : [node.value];
  return [...nodesIn(first)]
    .filter(({ type }) => type === "Literal")
    .map((literal) => textOf(literal, "value"))
    .filter((name) => name !== "");
}

const SECRET = /(secret|secretHash|passwordHash)$/i;

function isComparison(node: Node): boolean {
  if (node.type === "BinaryExpression" && /^[!=]==?$/.test(textOf(node, "operator"))) {
    const sides = [child(node, "left"), child(node, "right")];
    const isWithNothing = sides.some((side) => side?.type === "Literal" && side.value === null);
    return !isWithNothing && sides.some((side) => SECRET.test(nameOf(side)));
  }
  if (node.type !== "CallExpression") return false;
  const callee = child(node, "callee");
  const method = textOf(child(callee, "property"), "name");
  const [first] = Array.isArray(node.arguments) ? node.arguments : [];
  const parts = [child(callee, "object"), ...[...nodesIn(first)].slice(0, 1)];
  return /^(equals|compare)$/.test(method) && parts.some((part) => SECRET.test(nameOf(part)));
}

function nameOf(node: Node | null): string {
  return textOf(node, "name") || textOf(child(node, "property"), "name");
}
