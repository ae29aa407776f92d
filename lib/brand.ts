/**
 * Yours: what the site is called and how it is drawn. The colours that stylesheets use are in
 * `app/brand.css`; `app/icon.svg` and `app/favicon.ico` are the mark as files.
 *
 * Only what people see follows the brand. What is stored or agreed on keeps the word `gatehouse`
 * (labels of keys, marks of hashes, headers, metrics, types of problems): under another label every
 * session would be signed out, and no password would fit.
 */
export const BRAND = {
  name: "Gatehouse",
  /** Beside the name at the foot of each page. */
  tagline: "sessions that you can see, count, explain and end",
  description: "Sign-in and sessions",
  /** The lines of the mark, on a rounded square of 28 by 28. */
  markLines: ["M7.5 21v-7a6.5 6.5 0 0 1 13 0v7", "M12 21v-6.5a2 2 0 0 1 4 0V21"],
  /** What browsers paint around the page: `--color-surface` of `app/_ui/tokens.css`, as they take it. */
  barColours: { light: "#ffffff", dark: "#14161b" },
} as const;
