/** The request header in which the middleware notes path and query: a server component sees neither. */
export const PATH_HEADER = "x-gatehouse-path";
