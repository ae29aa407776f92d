import "server-only";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const USER_ID = /^[1-9]\d{0,14}$/;

/** What Next hands a handler of an address with an id in it. */
export interface WithId {
  readonly params: Promise<{ readonly id: string }>;
}

/** The session id in an address; null when that is none, and nothing can be there. */
export async function sessionIdOf({ params }: WithId): Promise<string | null> {
  const { id } = await params;
  return UUID.test(id) ? id.toLowerCase() : null;
}

/** The user id in an address; null when that is none. */
export async function userIdOf({ params }: WithId): Promise<number | null> {
  const { id } = await params;
  return USER_ID.test(id) ? Number(id) : null;
}
