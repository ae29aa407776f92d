"use client";

import { useSyncExternalStore } from "react";

function subscribe(onChange: () => void) {
  window.addEventListener("hashchange", onChange);
  return () => window.removeEventListener("hashchange", onChange);
}

/** A guard's redirect never sees the fragment, but the browser carries it here: hand it on. */
export function ReturnToField({ returnTo }: { returnTo: string }) {
  const fragment = useSyncExternalStore(
    subscribe,
    () => window.location.hash,
    () => "",
  );
  const value = returnTo.includes("#") ? returnTo : returnTo + fragment;
  return <input type="hidden" name="returnTo" value={value} />;
}
