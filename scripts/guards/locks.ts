// Which calls are locks, and how to see that a page, a handler or an action opens with one.
import { child, children, type Node, textOf } from "./syntax";

const PAGE_LOCKS = ["requireSession", "requireRole", "anyVisitor", "requireStranger"];
const HANDLER_LOCKS = ["withSession", "withoutSession"];
const ACTION_LOCK = "requireSameOrigin";
const FURTHER_LOCKS = ["requireRecentProof"];

/** Handlers that do nothing but refuse, by what makes their answer. */
const REFUSALS: Readonly<Record<string, string>> = {
  otherMethod: "405 for everybody",
  notFoundProblem: "404 for everybody",
};

/** The locks that a page opens with, in words; null where its first statement is none. */
export function pageGuard(page: Node | null): string | null {
  return leadingLocks(page, PAGE_LOCKS);
}

/** The same of a server action: the first refuses other origins. */
export function actionGuard(action: Node | null): string | null {
  return leadingLocks(action, [ACTION_LOCK]);
}

/** The lock that a route handler is made by, in words; null where it is made by none. */
export function handlerGuard(handler: Node | null): string | null {
  if (!HANDLER_LOCKS.includes(calleeOf(handler))) return null;
  const [work, options] = children(handler?.arguments);
  const refusal = REFUSALS[calleeOf(child(work ?? null, "body"))];
  return refusal ?? `${calleeOf(handler)}(${options ? optionWords(options) : ""})`;
}

function leadingLocks(made: Node | null, first: readonly string[]): string | null {
  const [opening, ...rest] = children(child(made, "body")?.body).map(lockCall);
  if (!opening || !first.includes(calleeOf(opening))) return null;
  const isOther = (call: Node | null) =>
    ![...PAGE_LOCKS, ...FURTHER_LOCKS].includes(calleeOf(call));
  const end = rest.findIndex(isOther);
  const locks = [opening, ...(end < 0 ? rest : rest.slice(0, end))];
  return locks.map((lock) => `${calleeOf(lock)}(${argumentWords(lock)})`).join(", ");
}

// Where a statement's first work is. Nothing else is looked into: what stands behind a condition
// or within a function of its own need not run.
const FIRST: Readonly<Record<string, string>> = {
  ExpressionStatement: "expression",
  VariableDeclarator: "init",
  ChainExpression: "expression",
  MemberExpression: "object",
  LogicalExpression: "left",
  AwaitExpression: "argument",
};

/** The call that a statement awaits before anything else, whatever is then done with its answer. */
function lockCall(node: Node | null): Node | null {
  if (!node) return null;
  if (node.type === "VariableDeclaration") return lockCall(children(node.declarations)[0] ?? null);
  const first = child(node, FIRST[node.type] ?? "");
  return node.type === "AwaitExpression" ? first : lockCall(first);
}

function calleeOf(call: Node | null): string {
  return call?.type === "CallExpression" ? textOf(child(call, "callee"), "name") : "";
}

function argumentWords(call: Node | null): string {
  return children(call?.arguments).map(valueWords).join(", ");
}

function optionWords(options: Node): string {
  const pairs = children(options.properties).map((property) => {
    return `${textOf(child(property, "key"), "name")}: ${valueWords(child(property, "value"))}`;
  });
  return `{ ${pairs.join(", ")} }`;
}

function valueWords(value: Node | null): string {
  return value?.type === "Literal" ? JSON.stringify(value.value) : "…";
}
