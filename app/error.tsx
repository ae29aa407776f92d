"use client";

import { ErrorMessage, type ErrorMessageProps } from "@/app/_ui/error-message";
import { BRAND } from "@/lib/brand";

export default function ErrorPage(props: ErrorMessageProps) {
  return (
    <>
      <title>{`Something went wrong · ${BRAND.name}`}</title>
      <ErrorMessage {...props} />
    </>
  );
}
