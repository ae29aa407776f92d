// What a source brings in, and from where.
import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { root } from "../root";
import { child, children, type Node, nodesIn, textOf } from "./syntax";

export interface Import {
  /** A path of ours without its ending, such as `lib/env`, or the name of a package. */
  readonly from: string;
  readonly isOurs: boolean;
  /** Types alone: nothing of it is there at run time. */
  readonly isType: boolean;
  /** The names that are taken by value. */
  readonly names: readonly string[];
  /** What these are called in this file. */
  readonly locals: readonly string[];
  /** `export … from`: handed on to others. */
  readonly isHandedOn: boolean;
}

/** Everything that a source imports or hands on, by value or as a type. */
export function importsOf(path: string, statements: readonly Node[]): Import[] {
  return [...nodesIn(statements)].flatMap((node) => importOf(path, node));
}

/** A path of ours without its ending. */
export function withoutEnding(path: string): string {
  return path.replace(/\.(tsx?|mjs)$/, "");
}

function importOf(path: string, node: Node): Import[] {
  const isHandedOn = /^Export(Named|All)Declaration$/.test(node.type);
  const isImport = /^(Import(Declaration|Expression)|TSImportType)$/.test(node.type);
  if (!isHandedOn && !isImport) return [];
  const specifier = textOf(child(node, "source") ?? child(node, "argument"), "value");
  if (!specifier) return [];
  const specifiers = children(node.specifiers);
  const byValue = specifiers.filter((each) => kindOf(each) !== "type");
  const isType =
    node.type === "TSImportType" ||
    kindOf(node) === "type" ||
    (specifiers.length > 0 && byValue.length === 0);
  const named = (field: string) =>
    isType ? [] : byValue.map((each) => textOf(child(each, field), "name"));
  const called = { names: named("imported"), locals: named("local") };
  return [{ ...target(path, specifier), ...called, isType, isHandedOn }];
}

function kindOf(node: Node): string {
  return textOf(node, "importKind") || textOf(node, "exportKind");
}

function target(path: string, specifier: string): { from: string; isOurs: boolean } {
  if (specifier.startsWith("@/")) return { from: ours(specifier.slice(2)), isOurs: true };
  if (!specifier.startsWith(".")) return { from: packageOf(specifier), isOurs: false };
  return { from: ours(normalize(join(dirname(path), specifier))), isOurs: true };
}

function ours(path: string): string {
  return existsSync(join(root, `${path}.ts`)) ? path : withoutEnding(path);
}

// `next/headers` stays whole: its parts are different doors.
function packageOf(specifier: string): string {
  if (/^(node:|next\/)/.test(specifier)) return specifier;
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}
