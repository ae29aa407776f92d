"use client";

import "./globals.css";
import { ErrorMessage, type ErrorMessageProps } from "@/app/_ui/error-message";

/** Stands in for the root layout when that one fails, hence the document of its own. */
export default function GlobalError(props: ErrorMessageProps) {
  return (
    <html lang="en">
      <body>
        <title>Something went wrong</title>
        <ErrorMessage {...props} />
      </body>
    </html>
  );
}
