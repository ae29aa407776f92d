import { existsSync, statfsSync } from "node:fs";
import { dirname } from "node:path";

const MEGABYTE = 1024 * 1024;

/** Null when `folder` (which may not exist yet) has `megabytes` of room, else what to tell people. */
export function lackOfSpace(folder, megabytes) {
  let place = folder;
  while (!existsSync(place)) place = dirname(place);
  const { bavail, bsize } = statfsSync(place);
  const free = Math.floor((bavail * bsize) / MEGABYTE);
  if (free >= megabytes) return null;
  return `Not enough disk space: ${free} MB are free at ${place}, ${megabytes} MB are needed. Free some space and start again.`;
}
