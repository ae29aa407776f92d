import { describe, expect, it } from "vitest";
import { z } from "zod";
import { BadCursor, pageOf, readCursor } from "@/lib/cursor";

const Place = z.tuple([z.int(), z.uuid()]);
const PLACE: [number, string] = [1_795_433_910_299, "01a208b1-4b44-7780-9f36-147d32fc8f5f"];
const cursorAt = (place: readonly (string | number)[]) =>
  pageOf([], 1, place, () => []).nextCursor ?? "";

describe("a cursor", () => {
  it("stands for the place that it was made of", () => {
    expect(readCursor(cursorAt(PLACE), Place)).toEqual(PLACE);
  });

  it("stands in an address as it is", () => {
    expect(cursorAt(PLACE)).toMatch(/^[\w-]+$/);
  });

  it("is the beginning where there is none", () => {
    expect(readCursor(undefined, Place)).toBeNull();
  });

  const text = (words: string) => Buffer.from(words).toString("base64url");
  it.each([
    ["nothing", ""],
    ["no base64url", "%%%"],
    ["no JSON", text("[1,")],
    ["another list's", cursorAt([1, 2])],
    ["SQL", text(`[1,"' OR 1=1 -- "]`)],
    ["an object", text('{"0":1,"1":"x"}')],
    ["a time beyond all", text(`[1e99,"${PLACE[1]}"]`)],
  ])("is refused when it is %s", (_, cursor) => {
    expect(() => readCursor(cursor, Place)).toThrow(BadCursor);
  });
});

describe("a page", () => {
  const placeOf = (row: number) => [row];
  const One = z.tuple([z.int()]);

  it("leaves out the row that was asked for one too many, and goes on behind its own last", () => {
    const { rows, nextCursor } = pageOf([1, 2, 3], 2, null, placeOf);
    expect(rows).toEqual([1, 2]);
    expect(readCursor(nextCursor ?? "", One)).toEqual([2]);
  });

  it("that holds all there is, is the last", () => {
    expect(pageOf([1, 2], 2, null, placeOf)).toEqual({ rows: [1, 2], nextCursor: null });
    expect(pageOf([], 2, null, placeOf)).toEqual({ rows: [], nextCursor: null });
  });

  it("that found too little up to a border goes on behind that", () => {
    const { rows, nextCursor } = pageOf([1], 2, [9], placeOf);
    expect(rows).toEqual([1]);
    expect(readCursor(nextCursor ?? "", One)).toEqual([9]);
  });

  it("that is full before the border goes on behind its last", () => {
    expect(readCursor(pageOf([1, 2, 3], 2, [9], placeOf).nextCursor ?? "", One)).toEqual([2]);
  });
});
