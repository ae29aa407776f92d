const CHANNEL = "gatehouse";

/** Tells this browser's other tabs that nobody is signed in any more. */
export function tellOtherTabs(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage("signed out");
  channel.close();
}

/** Hears it; gives what ends the listening. */
export function onSignedOutElsewhere(then: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = then;
  return () => channel.close();
}
