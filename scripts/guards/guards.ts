// Which calls are guards, and how to see that a page, a handler or an action opens with one.
import { importsOf } from "./imports";
import { child, children, type Node, nodesIn, textOf } from "./syntax";

const PAGE_GUARDS = ["requireSession", "requireRole", "requireRecentProof"];
const ACTION_GUARD = "requireSameOrigin";

/** The modules that make the guards, and what else a list of guards goes by. */
export const DOORS: Readonly<Record<string, readonly string[]>> = {
  "lib/request/guards": PAGE_GUARDS,
  "lib/request/origin": [ACTION_GUARD],
  "lib/request/handler": ["withSession", "withoutSession"],
  "lib/request/problem": ["otherMethod", "notFoundProblem"],
};

/** Handlers that do nothing but refuse, by what makes their answer. */
const REFUSALS: Readonly<Record<string, string>> = {
  otherMethod: "405 for everybody",
  notFoundProblem: "404 for everybody",
};

/** The names in a file that mean what they say. */
export type Guards = ReadonlySet<string>;

/**
 * The guards of a file: imported from the door under their own names and only ever called. One that
 * is declared, taken as a parameter, passed on or assigned to as well may be something else where it
 * is called, whatever it is called.
 */
export function guardsIn(path: string, statements: readonly Node[]): Guards {
  const brought = importsOf(path, statements).flatMap(({ from, names, locals }) =>
    names.filter((name, index) => DOORS[from]?.includes(name) && locals[index] === name),
  );
  const body = statements.filter(({ type }) => type !== "ImportDeclaration");
  const nodes = [...nodesIn(body)];
  const called = new Set(nodes.map((node) => plainCallee(node)));
  const other = nodes.filter((node) => !called.has(node)).map((node) => textOf(node, "name"));
  return new Set(brought.filter((name) => !other.includes(name)));
}

/** The guards that a page opens with, in words; null where its first statement is none. */
export function pageGuard(page: Node | null, guards: Guards): string | null {
  const calls = leadingGuards(page, guards);
  return calls[0] && PAGE_GUARDS.includes(calls[0].name) ? inWords(calls) : null;
}

interface ActionGuard {
  /** Whether its first statement refuses other origins. */
  readonly isFromHere: boolean;
  /** Whether the second is the guard of a page. */
  readonly isSignedIn: boolean;
  readonly words: string;
}

/** What a server action opens with. */
export function actionGuard(action: Node | null, guards: Guards): ActionGuard {
  const calls = leadingGuards(action, guards);
  const isFromHere = calls[0]?.name === ACTION_GUARD;
  const isSignedIn = isFromHere && PAGE_GUARDS.includes(calls[1]?.name ?? "");
  return { isFromHere, isSignedIn, words: inWords(calls) };
}

interface HandlerGuard {
  /** Whether strangers are let through to what it does. */
  readonly isOpen: boolean;
  readonly words: string;
}

/** The guard that a route handler is made by; null where it is made by none. */
export function handlerGuard(handler: Node | null, guards: Guards): HandlerGuard | null {
  const name = calleeOf(handler, guards);
  const [work, options = null, ...more] = children(handler?.arguments);
  const named = optionWords(options);
  if (!/^with(out)?Session$/.test(name) || !named || more.length > 0) return null;
  // What it takes is parsed before it refuses, by code of whoever wrote the schema.
  const refusal = options ? null : refusalOf(work ?? null, guards);
  return {
    isOpen: name === "withoutSession" && !refusal,
    words: refusal ?? `${name}(${named[0]})`,
  };
}

/** Whether a value is written out, down to its last part: nothing is read or called for it. */
export function isWrittenOut(value: Node | null): boolean {
  if (value?.type === "Literal") return true;
  if (value?.type === "UnaryExpression") return isWrittenOut(child(value, "argument"));
  if (value?.type === "TemplateLiteral") return children(value.expressions).length === 0;
  if (value?.type === "ArrayExpression") return children(value.elements).every(isWrittenOut);
  if (value?.type !== "ObjectExpression") return false;
  return children(value.properties).every((each) => {
    return each.type === "Property" && !each.computed && isWrittenOut(child(each, "value"));
  });
}

function inWords(calls: readonly GuardCall[]): string {
  return calls.map(({ name, given }) => `${name}(${given})`).join(", ");
}

interface GuardCall {
  readonly name: string;
  readonly given: string;
}

/** The guards that a function awaits one after another before anything else. */
function leadingGuards(made: Node | null, guards: Guards): GuardCall[] {
  if (made?.type !== "FunctionDeclaration" || !made.async || made.generator) return [];
  // A default value of a parameter is worked out before the first statement.
  if ([...nodesIn(made.params)].some(({ type }) => WORK.test(type))) return [];
  const calls = children(child(made, "body")?.body).map((statement) =>
    guardCall(statement, guards),
  );
  const end = calls.indexOf(null);
  return calls.slice(0, end < 0 ? calls.length : end).filter((call) => call !== null);
}

const WORK = /^(Call|New|Await|Import|TaggedTemplate)Expression$/;

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

/** The guard that a statement awaits before anything else, whatever is then done with its answer. */
function guardCall(node: Node | null, guards: Guards): GuardCall | null {
  if (!node) return null;
  if (node.type === "VariableDeclaration")
    return guardCall(children(node.declarations)[0] ?? null, guards);
  const first = child(node, FIRST[node.type] ?? "");
  if (node.type !== "AwaitExpression") return guardCall(first, guards);
  const given = children(first?.arguments);
  const name = calleeOf(first, guards);
  return name && given.every(isWrittenOut) ? { name, given: given.map(wordsOf).join(", ") } : null;
}

/** The guard that a call calls; empty where it calls something else. */
function calleeOf(call: Node | null, guards: Guards): string {
  const name = textOf(plainCallee(call), "name");
  return guards.has(name) ? name : "";
}

function plainCallee(call: Node | null): Node | null {
  return call?.type === "CallExpression" ? child(call, "callee") : null;
}

// `async (request) => otherMethod(request, ["GET"])`, and nothing worked out besides.
function refusalOf(work: Node | null, guards: Guards): string | null {
  // A default value of a parameter is worked out before the refusal.
  if (!children(work?.params).every(({ type }) => type === "Identifier")) return null;
  const response = child(work, "body");
  const refusal = REFUSALS[calleeOf(response, guards)] ?? null;
  const [request, ...written] = children(response?.arguments);
  const isPlain = (!request || request.type === "Identifier") && written.every(isWrittenOut);
  return isPlain ? refusal : null;
}

/** What a guard asks for, in words; null where that is not written out at the guard itself. */
function optionWords(options: Node | null): [string] | null {
  if (!options) return [""];
  if (options.type !== "ObjectExpression") return null;
  const named = children(options.properties);
  // What a handler takes keeps nobody out.
  const asked = named.filter((each) => textOf(child(each, "key"), "name") !== "body");
  if (![...asked].every((each) => each.type === "Property" && isWrittenOut(child(each, "value"))))
    return null;
  return [asked.length > 0 ? `{ ${asked.map(pairWords).join(", ")} }` : ""];
}

function pairWords(pair: Node): string {
  return `${textOf(child(pair, "key"), "name")}: ${wordsOf(child(pair, "value"))}`;
}

function wordsOf(value: Node | null): string {
  if (value?.type === "Literal") return JSON.stringify(value.value);
  return value?.type === "ObjectExpression"
    ? `{ ${children(value.properties).map(pairWords).join(", ")} }`
    : "…";
}
