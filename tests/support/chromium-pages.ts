// Chromium for the tests of one worker: each visit has a profile of its own, and whatever goes wrong in it
// that its story did not expect fails the test.
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright";
import { afterEach, expect, inject } from "vitest";
import type { SharedApp } from "./running-app";

export interface Visit {
  readonly context: BrowserContext;
  /** Its first tab. */
  readonly page: Page;
  /** Lets a fault pass that belongs to the story, and insists that it comes. */
  expectTrouble(words: RegExp): void;
}

export interface Chromium {
  visit(app: SharedApp, profile?: BrowserContextOptions): Promise<Visit>;
}

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

// Back and forward have to do what they do for people: show the page that was kept.
const UNLIKE_PEOPLE = ["--disable-back-forward-cache"];

interface Watched {
  readonly context: BrowserContext;
  readonly troubles: string[];
  readonly expected: RegExp[];
}

declare global {
  /** The browser of this worker; it ends when the worker closes its pipe. */
  var gatehouseTestBrowser: Promise<Browser> | undefined;
}

function launched(): Promise<Browser> {
  globalThis.gatehouseTestBrowser ??= chromium.launch({
    executablePath: inject("chromiumPath"),
    args: FLAGS,
    ignoreDefaultArgs: UNLIKE_PEOPLE,
  });
  return globalThis.gatehouseTestBrowser;
}

/** Call it at the top of a test file. */
export function chromiumForFile(): Chromium {
  const visits: Watched[] = [];

  afterEach(async () => {
    const over = visits.splice(0);
    for (const { context } of over) await context.close();
    for (const watched of over) expect(surprises(watched)).toEqual([]);
  });

  return {
    async visit(app, profile = {}) {
      const browser = await launched();
      const context = await browser.newContext({ baseURL: app.origin, ...profile });
      const watched = { context, troubles: troublesOf(context, app), expected: [] as RegExp[] };
      visits.push(watched);
      const page = await context.newPage();
      return { context, page, expectTrouble: (words) => watched.expected.push(words) };
    },
  };
}

function troublesOf(context: BrowserContext, { origin }: SharedApp): string[] {
  const troubles: string[] = [];
  // A broken content security policy is among these.
  context.on("console", (message) => {
    if (message.type() === "error") troubles.push(message.text());
  });
  context.on("weberror", (error) => troubles.push(String(error.error())));
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (/^https?:$/.test(url.protocol) && url.origin !== origin)
      troubles.push(`a request to ${url.href}`);
  });
  return troubles;
}

// What was expected and did not come is a surprise as well.
function surprises({ troubles, expected }: Watched): string[] {
  const missing = expected.filter((words) => !troubles.some((trouble) => words.test(trouble)));
  return [
    ...troubles.filter((trouble) => !expected.some((words) => words.test(trouble))),
    ...missing.map((words) => `there was no trouble like ${words}`),
  ];
}
