// A program that starts a session at a given time, asks what it is worth about its end, and prints
// what it saw: run in several time zones, it must print the same.

import { closeDatabase } from "@/lib/db/connection";
import { startSession } from "@/lib/session/lifecycle";
import { resumeSession } from "@/lib/session/resume";
import { findUser } from "@/lib/users/users";
import { given } from "../../support/given";
import { METHODS } from "../../support/signed-in";

const [userId = "", start = ""] = process.argv.slice(2);
const user = await findUser(userId);
if (!user) throw new Error(`there is no user ${userId}`);
const now = new Date(start);
const device = { ipAddress: "192.0.2.7", userAgent: "" };
const { session, token } = await given(
  startSession({ user, methods: METHODS, persistent: true, device, replaced: [] }, now),
);
const end = session.expiresAt.getTime();
const asked = [end - 1, end].map((time) => resumeSession(token, new Date(time)));
const [before, at] = await Promise.all(asked);
const seen = before?.state === "live" ? before.session : null;
console.log(JSON.stringify({ zone: now.getTimezoneOffset(), seen, at: at?.state }));
await closeDatabase();
