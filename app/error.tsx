"use client";

import { ErrorMessage, type ErrorMessageProps } from "@/app/_ui/error-message";
import { useSiteName } from "@/app/_ui/site-name";

export default function ErrorPage(props: ErrorMessageProps) {
  return (
    <>
      <title>{`Something went wrong · ${useSiteName()}`}</title>
      <ErrorMessage {...props} />
    </>
  );
}
