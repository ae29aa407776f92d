"use client";

import { ErrorMessage, type ErrorMessageProps } from "@/app/_ui/error-message";

export default function ErrorPage(props: ErrorMessageProps) {
  return (
    <>
      <title>Something went wrong</title>
      <ErrorMessage {...props} />
    </>
  );
}
