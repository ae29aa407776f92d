"use client";

import { useEffect } from "react";
import { tellOtherTabs } from "@/app/_shell/tabs";

// Of this document: a new one starts with false.
let hasShownPrivatePages = false;

/** Belongs on every page that shows who is signed in. */
export function PrivatePage() {
  useEffect(() => {
    hasShownPrivatePages = true;
  }, []);
  return null;
}

/**
 * Belongs on the page that follows the end of a session, and tells the other tabs of it. A link or
 * an action leads there within the document, whose scripts and memory still hold the private pages:
 * a new one holds nothing (ASVS 14.3.1).
 */
export function OwnDocument() {
  useEffect(() => {
    tellOtherTabs();
    if (hasShownPrivatePages) window.location.reload();
  }, []);
  return null;
}
