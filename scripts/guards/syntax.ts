// A source as a tree: enough of it to ask what a file imports and what its statements are.
import { createRequire } from "node:module";
import { z } from "zod";

export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

interface Parser {
  parse(text: string, options: object): { program: { body: unknown } };
}

// Babel's, which Next brings for its own use: TypeScript 7 gives programs no parser, and the gate
// has to work where the tools for tests are not installed.
const babel: Parser = createRequire(import.meta.url)("next/dist/compiled/babel/parser");

/** The statements of a file of TypeScript or JavaScript, with or without JSX. */
export function parse(path: string, text: string): Node[] {
  const languages = [
    ...(/\.tsx?$/.test(path) ? ["typescript"] : []),
    ...(path.endsWith("x") ? ["jsx"] : []),
  ];
  const { program } = babel.parse(text, {
    sourceType: "module",
    sourceFilename: path,
    plugins: ["estree", ...languages],
    createImportExpressions: true,
    attachComment: false,
  });
  return children(program.body);
}

/** Every node in there, outermost first. */
export function* nodesIn(value: unknown): Generator<Node> {
  if (isNode(value)) yield value;
  if (typeof value !== "object" || value === null) return;
  for (const part of Object.values(value)) yield* nodesIn(part);
}

/** A field that holds one node; null where it holds none. */
export function child(node: Node | null, field: string): Node | null {
  const value = node?.[field];
  return isNode(value) ? value : null;
}

/** The nodes of a list. */
export function children(value: unknown): Node[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** A field that holds a text; empty where it holds none. */
export function textOf(node: Node | null, field: string): string {
  const value = node?.[field];
  return typeof value === "string" ? value : "";
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

/** Whether a statement is that directive, however its text is spelt. */
export function isDirective(node: Node, words: string): boolean {
  return node.type === "ExpressionStatement" && child(node, "expression")?.value === words;
}

/** The line that a node begins on, from 1. */
export function lineOf({ loc }: Node): number {
  return z.object({ start: z.object({ line: z.number() }) }).parse(loc).start.line;
}
