/** Whether the service can be reached, as the latest request to it found. */
let lost = false;
const listeners = new Set<(lost: boolean) => void>();

export function isConnectionLost(): boolean {
  return lost;
}

/** Called after somebody has signed in again: what was refused for the token may be tried once more. */
export function reportSignIn(): void {
  for (const listener of [...listeners]) listener(lost);
}

/** Called after each request: whether the service answered. */
export function reportConnection(found: 'up' | 'lost'): void {
  if (lost === (found === 'lost')) return;
  lost = !lost;
  for (const listener of [...listeners]) listener(lost);
}

/** Calls the listener whenever the connection is lost or restored, and after a sign-in; returns a function that stops that. */
export function onConnectionChange(listener: (lost: boolean) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
