import { z } from "zod";

const LONGEST = 254;

/** A filter of an address. What is empty, too long or there twice does not narrow. */
export const Filter = z.string().trim().min(1).max(LONGEST).optional().catch(undefined);

/** A place in a list; the list itself judges it. */
export const Cursor = z.string().min(1).max(LONGEST).optional().catch(undefined);

/** How many rows a page of the console shows: few enough that all their ids fit into an address. */
export const ROWS_PER_PAGE = 30;
