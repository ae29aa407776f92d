import { child, children, type Node, textOf } from "./syntax";

/** What a file exports under a name: the node that makes it, null where that is in another file. */
export type Export = readonly [name: string, made: Node | null];

/** Everything that a file exports; `*` for all of another file. */
export function exportsOf(statements: readonly Node[]): Export[] {
  const local = new Map(statements.flatMap((statement) => declared(statement)));
  return statements.flatMap((statement) => exportedBy(statement, local));
}

function exportedBy(statement: Node, local: ReadonlyMap<string, Node | null>): Export[] {
  if (statement.type === "ExportAllDeclaration") return [["*", null]];
  if (statement.type === "ExportDefaultDeclaration")
    return [["default", child(statement, "declaration")]];
  if (statement.type !== "ExportNamedDeclaration") return [];
  const declaration = child(statement, "declaration");
  if (declaration) return declared(declaration);
  return children(statement.specifiers).map((specifier) => {
    const name = textOf(child(specifier, "local"), "name");
    return [textOf(child(specifier, "exported"), "name"), local.get(name) ?? null];
  });
}

function declared(statement: Node): Export[] {
  if (statement.type === "FunctionDeclaration")
    return [[textOf(child(statement, "id"), "name"), statement]];
  return children(statement.declarations).map((each) => [
    textOf(child(each, "id"), "name"),
    child(each, "init"),
  ]);
}
