// Runs before each end-to-end file, once it has its database.
import { afterAll } from "vitest";
import { lookThroughLogs } from "./running-app";

afterAll(lookThroughLogs);
