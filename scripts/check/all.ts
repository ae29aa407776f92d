import { CAPACITY_CHECKS } from "./capacity";
import type { Check } from "./check";
import { DURABILITY_CHECKS } from "./durability";
import { GRANT_CHECKS } from "./grants";
import { KEEPING_CHECKS } from "./keeping";
import { LIMIT_CHECKS } from "./limits";
import { PACKAGE_CHECKS } from "./packages";
import { PASSWORD_CHECKS } from "./passwords";
import { PEOPLE_CHECKS } from "./people";
import { PROXY_CHECKS } from "./proxies";
import { PURGE_CHECKS } from "./purging";
import { QUERY_CHECKS } from "./queries";
import { SECRET_CHECKS } from "./secrets";
import { SERVER_CHECKS } from "./server";
import { TABLE_CHECKS } from "./tables";
import { TLS_CHECKS } from "./tls";
import { TRANSPORT_CHECKS } from "./transport";

/** What the settings and the installed packages tell, without a database. */
export const WITHOUT_DATABASE: readonly Check[] = [
  ...SECRET_CHECKS,
  ...TRANSPORT_CHECKS,
  ...LIMIT_CHECKS,
  ...PASSWORD_CHECKS,
  ...KEEPING_CHECKS,
  ...PACKAGE_CHECKS,
];

/** What the database tells; in this order, since later ones need what earlier ones look for. */
export const WITH_DATABASE: readonly Check[] = [
  ...SERVER_CHECKS,
  ...DURABILITY_CHECKS,
  ...GRANT_CHECKS,
  ...TLS_CHECKS,
  ...CAPACITY_CHECKS,
  ...TABLE_CHECKS,
  ...QUERY_CHECKS,
  ...PURGE_CHECKS,
  ...PEOPLE_CHECKS,
  ...PROXY_CHECKS,
];
