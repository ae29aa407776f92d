import { customType } from "drizzle-orm/mysql-core";

/** The ways of proving oneself. A new one goes to the end: so its lists go to the end of theirs. */
const METHODS = ["password", "totp", "recovery_code", "passkey", "django"] as const;
export type Method = (typeof METHODS)[number];

/** Those that stand beside a password, or above it. */
export const FACTORS = ["totp", "recovery_code", "passkey"] as const satisfies Method[];

/** Every list of methods as JSON, in the order of `METHODS`; the bits of its place say which. */
const METHOD_LISTS = Array.from({ length: 2 ** METHODS.length }, (_, place) =>
  JSON.stringify(METHODS.filter((_, bit) => place & (2 ** bit))),
);

/**
 * One of the `METHOD_LISTS`: a byte, where the text would be the longest part of a row but one. In
 * capitals, since drizzle-kit takes a small `enum` apart at each comma.
 */
export const methodList = customType<{ data: readonly Method[]; driverData: string }>({
  dataType: () => `ENUM(${METHOD_LISTS.map((list) => `'${list}'`).join()})`,
  toDriver: (methods) => JSON.stringify(METHODS.filter((method) => methods.includes(method))),
  fromDriver: (list) => JSON.parse(list),
});
