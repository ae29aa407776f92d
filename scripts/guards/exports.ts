// What a file exports, and every form of it that hides what is exported.
import { child, children, type Node, nodesIn, textOf } from "./syntax";

export interface Export {
  /** What others import; empty where the form does not tell. */
  readonly name: string;
  /** The function or value behind it; null where the form does not tell. */
  readonly made: Node | null;
  readonly at: Node;
  /** Why nothing can be said of it; null where it is plain. */
  readonly fault: string | null;
}

/**
 * Everything that a file exports by value. Plain are `export const a = …`, `export function a`,
 * `export { a, a as b }` of what was declared so, and `export default function`. Whatever else is
 * there is a fault: what it serves may stand in another file, or come about while the app runs.
 */
export function exportsOf(statements: readonly Node[]): Export[] {
  const local = new Map(statements.flatMap(declared).map((each) => [each.name, each]));
  const found = [...statements.flatMap((each) => exportedBy(each, local)), ...commonJs(statements)];
  const assigned = namesAssignedIn(statements);
  return found.map((each) => {
    const own = textOf(child(each.made, "id"), "name") || textOf(child(each.at, "local"), "name");
    const isAssigned = assigned.has(each.name) || assigned.has(own);
    return isAssigned ? hidden(each.at, "is assigned to again", each.name) : each;
  });
}

type Local = ReadonlyMap<string, Export>;

function exportedBy(statement: Node, local: Local): Export[] {
  if (textOf(statement, "exportKind") === "type") return [];
  if (statement.type === "ExportDefaultDeclaration") return [defaultExport(statement)];
  if (statement.type !== "ExportNamedDeclaration")
    return /^(Export|TS(Export|NamespaceExport))/.test(statement.type)
      ? [hidden(statement, "is of a form that hands on what is made elsewhere")]
      : [];
  if (child(statement, "source")) return [hidden(statement, "is made in another file")];
  const declaration = child(statement, "declaration");
  if (declaration) return declared(declaration);
  return children(statement.specifiers)
    .filter((specifier) => textOf(specifier, "exportKind") !== "type")
    .map((specifier) => specified(specifier, local));
}

function defaultExport(statement: Node): Export {
  const made = child(statement, "declaration");
  if (made?.type === "FunctionDeclaration")
    return { name: "default", made, at: statement, fault: null };
  return hidden(statement, "is not written as `export default async function`", "default");
}

function specified(specifier: Node, local: Local): Export {
  const exported = child(specifier, "exported");
  const name = textOf(exported, "name") || textOf(exported, "value");
  const behind = local.get(textOf(child(specifier, "local"), "name"));
  if (exported?.type !== "Identifier") return hidden(specifier, "has a text for its name", name);
  if (name === "default") return hidden(specifier, "is not written as a function", name);
  if (!behind) return hidden(specifier, "is not declared in this file as it should be", name);
  return { ...behind, name, at: specifier };
}

/** What a statement declares, or all that cannot be said of it. */
function declared(statement: Node): Export[] {
  const name = textOf(child(statement, "id"), "name");
  if (statement.type === "FunctionDeclaration")
    return [{ name, made: statement, at: statement, fault: null }];
  if (statement.type === "VariableDeclaration")
    return children(statement.declarations).map((each) => variable(each, statement));
  if (!/^(Class|TSEnum)Declaration$/.test(statement.type)) return [];
  return [hidden(statement, "is neither a function nor a constant", name)];
}

function variable(declarator: Node, statement: Node): Export {
  const name = textOf(child(declarator, "id"), "name");
  if (!name) return hidden(declarator, "is taken out of another value");
  if (statement.kind !== "const") return hidden(declarator, "is not a constant", name);
  return { name, made: child(declarator, "init"), at: declarator, fault: null };
}

// A function's name may be assigned to like a variable's, and what is exported changes with it.
function namesAssignedIn(statements: readonly Node[]): Set<string> {
  const targets = [...nodesIn(statements)].map((node) => {
    if (/^(AssignmentExpression|For(In|Of)Statement)$/.test(node.type)) return node.left;
    return node.type === "UpdateExpression" ? node.argument : null;
  });
  const names = [...nodesIn(targets)].map((node) => textOf(node, "name"));
  return new Set(names.filter((name) => name !== ""));
}

function commonJs(statements: readonly Node[]): Export[] {
  const names = [...nodesIn(statements)].filter(
    (node) => node.type === "Identifier" && /^(module|exports)$/.test(textOf(node, "name")),
  );
  return names.map((node) => hidden(node, "is exported by the way of CommonJS"));
}

function hidden(at: Node, fault: string, name = ""): Export {
  return { name, made: null, at, fault };
}
