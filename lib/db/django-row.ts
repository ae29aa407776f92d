import { customType } from "drizzle-orm/mysql-core";

/** The row at Django that a session here goes with. */
export interface DjangoRow {
  /** Its `session_key`. */
  readonly key: string;
  /** Whose it is there. */
  readonly userId: string;
  /** A print of the password's hash that they had there. */
  readonly passwordPrint: string;
  /** Until when Django keeps it, as far as is known: what is gone before then was signed out there. */
  readonly expiresAt: Date;
}

/** A `DjangoRow` as text. */
export const djangoRow = customType<{ data: DjangoRow; driverData: string }>({
  dataType: () => "varchar(200) character set utf8mb4 collate utf8mb4_bin",
  toDriver: ({ key, userId, passwordPrint, expiresAt }) =>
    [key, userId, passwordPrint, expiresAt.getTime()].join(" "),
  fromDriver: (text) => {
    const [key = "", userId = "", passwordPrint = "", expiresAt] = text.split(" ");
    return { key, userId, passwordPrint, expiresAt: new Date(Number(expiresAt)) };
  },
});
