// Runs before each unit file: what the modules of the file before remember is forgotten. A worker
// keeps the packages, which take most of the time to load.
import { vi } from "vitest";

vi.resetModules();
