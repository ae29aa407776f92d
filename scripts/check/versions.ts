/** Below these, a package has a published weakness, or is not the one that this is built on. */
export const FLOORS: Readonly<Record<string, string>> = {
  next: "16.4.1",
  react: "19.3.1",
  "react-dom": "19.3.1",
  "drizzle-orm": "0.45.2",
  mysql2: "3.23.1",
  "iron-session": "9.0.0",
};

/** Whether a version is one or newer; one with a hyphen comes before the same one without. */
export function isAtLeast(version: string, floor: string): boolean {
  const [core = "", before] = version.split("-");
  const parts = core.split(".").map(Number);
  const least = floor.split(".").map(Number);
  for (const [place, part] of parts.entries())
    if (part !== least[place]) return part > (least[place] ?? 0);
  return before === undefined;
}
