import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the project. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Where everything is kept that the project makes for itself. */
export const dataFolder = join(root, ".data");
