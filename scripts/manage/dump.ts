import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { streamArray } from "stream-json/streamers/stream-array.js";
import { z } from "zod";
import { Problem, reasonOf } from "../program";

const Item = z.object({ value: z.looseObject({ model: z.string() }) });
const Group = z.object({ pk: z.unknown(), fields: z.object({ name: z.string() }) });

/** What is in a file besides users, as far as it has been read. */
export interface Besides {
  /** How many records of each other model there are. */
  readonly ignored: Record<string, number>;
  /** The names of groups by their primary keys; `dumpdata` writes them before their members. */
  readonly groups: Map<unknown, string>;
}

/**
 * The users in a file that Django's `dumpdata` wrote, one after the other: it may be of any size. Throws a
 * Problem where it is none.
 */
export async function* readDump(path: string, model: string, besides: Besides) {
  const records = streamArray.withParserAsStream();
  const reading = pipeline(createReadStream(path), records);
  // Thrown below, by whoever reads.
  reading.catch(() => {});
  let isEmpty = true;
  try {
    for await (const item of records) {
      const { value } = Item.parse(item);
      if (value.model === model) {
        isEmpty = false;
        yield value;
      } else noteBesides(value, besides);
    }
    await reading;
  } catch (error) {
    throw problemOf(error, path, model);
  }
  if (isEmpty) throw new Problem(`${path} holds no ${model}. ${makeOne(model)}`);
}

function noteBesides(value: { readonly model: string }, { ignored, groups }: Besides): void {
  ignored[value.model] = (ignored[value.model] ?? 0) + 1;
  const group = Group.safeParse(value);
  if (value.model === "auth.group" && group.success)
    groups.set(group.data.pk, group.data.fields.name);
}

const makeOne = (model: string) =>
  `Make it with: python manage.py dumpdata auth.group ${model} > users.json`;

function problemOf(error: unknown, path: string, model: string): unknown {
  const isOfTheSystem = error instanceof Error && "syscall" in error;
  if (isOfTheSystem) return new Problem(`${path} cannot be read: ${reasonOf(error)}`);
  return new Problem(`${path} holds no list of Django's records in JSON. ${makeOne(model)}`);
}
