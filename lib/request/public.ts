/**
 * Yours: what opens without a session, and why it may; all else is guarded. A page or a handler by its
 * method and path, a server action by its file and name, a file by its path; a page of a slot, a
 * layout or metadata by its source. The middleware lets these paths through, and `manage guards`
 * fails on whatever is open and not named, and on whatever is named and not open.
 *
 * For example `"page /about": "tells strangers what this is"`, where the page begins with `anyVisitor()`.
 */
export const PUBLIC: Readonly<Record<string, string>> = {
  "page /": "the start page says who is signed in, if anybody",
  "file /favicon.ico": "the icon of the site",
  "file /icon.svg": "the icon of the site",
};
