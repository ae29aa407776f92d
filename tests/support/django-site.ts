// What a Django site has left in the database of a test file: its tables, people and sessions.
import { pbkdf2Sync, randomBytes } from "node:crypto";
import { authHashOf } from "@/lib/django/auth-hash";
import { writeSessionText } from "@/lib/django/session-text";
import { newUser, PASSWORD, type TestUser } from "@/tests/helpers/people";
import { change, number } from "./sql";

export const DJANGO_KEYS = ["the-key-of-the-site-0123456789", "the-key-before-it-0123456789"];
export const WITH_DJANGO = { DJANGO_SECRET_KEYS: DJANGO_KEYS.join(",") };
export const DJANGO_SALT = "django.contrib.sessions.SessionStore";
const BACKEND = "django.contrib.auth.backends.ModelBackend";
const ITERATIONS = 1000;

/** A password as Django stores it. */
export function storedAtDjango(password: string): string {
  const key = pbkdf2Sync(password, "salt", ITERATIONS, 32, "sha256").toString("base64");
  return `pbkdf2_sha256$${ITERATIONS}$salt$${key}`;
}

const STORED = storedAtDjango(PASSWORD);
const DAY_MS = 86_400_000;

/** Makes the tables as Django's own migrations do. */
export async function makeDjangoTables(): Promise<void> {
  await change(`CREATE TABLE IF NOT EXISTS django_session (
    session_key varchar(40) NOT NULL PRIMARY KEY, session_data longtext NOT NULL,
    expire_date datetime(6) NOT NULL, KEY (expire_date))`);
  await change(`CREATE TABLE IF NOT EXISTS auth_user (
    id int AUTO_INCREMENT PRIMARY KEY, password varchar(128) NOT NULL, last_login datetime(6),
    is_superuser tinyint(1) NOT NULL, username varchar(150) NOT NULL UNIQUE,
    first_name varchar(150) NOT NULL, last_name varchar(150) NOT NULL, email varchar(254) NOT NULL,
    is_staff tinyint(1) NOT NULL, is_active tinyint(1) NOT NULL, date_joined datetime(6) NOT NULL)`);
}

/** Somebody with an account at both. */
export interface MovedUser extends TestUser {
  /** Their primary key there. */
  readonly djangoId: string;
}

/** Somebody who has an account at the Django site and was imported from there. */
export async function movedUser(wanted: Parameters<typeof newUser>[0] = {}): Promise<MovedUser> {
  const user = await newUser(wanted);
  const { insertId } = await change(
    `INSERT INTO auth_user (password, is_superuser, username, first_name, last_name, email, is_staff,
      is_active, date_joined) VALUES (?, 0, ?, '', '', ?, 0, 1, UTC_TIMESTAMP(6))`,
    [STORED, user.username, user.email],
  );
  const djangoId = String(insertId);
  await change(
    "INSERT INTO identities (issuer, subject, user_id, created_at) VALUES ('django', ?, ?, UTC_TIMESTAMP(3))",
    [djangoId, user.id],
  );
  return { ...user, djangoId };
}

interface Wanted {
  /** What signs it, and its user's hash; the site's newest key if left out. */
  readonly secret?: string;
  readonly text?: string;
  readonly password?: string;
  readonly expiresAt?: Date;
}

/** Signs somebody in at the Django site. The cookie that their browser has of it. */
export async function signInAtDjango(
  { djangoId }: Pick<MovedUser, "djangoId">,
  { secret = DJANGO_KEYS[0] ?? "", text, password = STORED, ...wanted }: Wanted = {},
): Promise<{ readonly key: string; readonly cookie: string }> {
  const now = new Date();
  const { expiresAt = new Date(now.getTime() + 14 * DAY_MS) } = wanted;
  const content = {
    _auth_user_id: djangoId,
    _auth_user_backend: BACKEND,
    _auth_user_hash: authHashOf(password, secret),
  };
  const data = text ?? writeSessionText(content, { secrets: [secret], salt: DJANGO_SALT }, now);
  const key = randomBytes(16).toString("hex");
  await change("INSERT INTO django_session VALUES (?, ?, ?)", [key, data, expiresAt]);
  return { key, cookie: `sessionid=${key}` };
}

export const hasDjangoRow = async (key: string) =>
  (await number("SELECT COUNT(*) FROM django_session WHERE session_key = ?", [key])) === 1;
