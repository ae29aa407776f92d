import { customType } from "drizzle-orm/mysql-core";
import { parse, stringify } from "uuid";

/** A UUID as 16 bytes: half the size of text, in insert order when it is a UUIDv7 (RFC 9562). */
export const uuidBytes = customType<{ data: string; driverData: Buffer }>({
  dataType: () => "binary(16)",
  toDriver: (uuid) => Buffer.from(parse(uuid)),
  fromDriver: (bytes) => stringify(bytes),
});

/** Fixed-length bytes. Drizzle's own `binary()` reads them back as text and loses some. */
export const bytes = customType<{ data: Buffer; driverData: Buffer; config: { length: number } }>({
  dataType: (config) => `binary(${config?.length ?? 1})`,
});

/**
 * Text compared byte for byte, whatever the server's or the database's own collation: `José` and
 * `Jose` are two people, and emoji are kept.
 */
export const exactText = customType<{ data: string; config: { length: number } }>({
  dataType: (config) =>
    `varchar(${config?.length ?? 255}) character set utf8mb4 collate utf8mb4_bin`,
});
