// Request headers that are ours to write: what a client sends under these names is overwritten.

/** The other end of the connection. */
export const PEER_HEADER = "x-gatehouse-peer";

/** Path and query, which a server component does not see. */
export const PATH_HEADER = "x-gatehouse-path";

/** Whoever asks has no such page; `next.config.ts` leads to where nothing is. */
export const HIDDEN_HEADER = "x-gatehouse-hidden";

/** Where that is: Next takes no pages from a folder of such a name. */
export const NOWHERE = "/_hidden/";

/** What a program did by itself: a client's own word for it counts. */
export const BACKGROUND_HEADER = "x-background";
