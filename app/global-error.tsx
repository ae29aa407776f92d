"use client";

import "./globals.css";
import { ErrorMessage, type ErrorMessageProps } from "@/app/_ui/error-message";
import { BRAND } from "@/lib/brand";

/** Stands in for the root layout when that one fails, hence the document of its own. */
export default function GlobalError(props: ErrorMessageProps) {
  return (
    <html lang="en">
      <body>
        <title>{`Something went wrong · ${BRAND.name}`}</title>
        <ErrorMessage {...props} />
      </body>
    </html>
  );
}
