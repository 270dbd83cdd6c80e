/** The token lives in this tab's session storage and nowhere else; closing the tab forgets it. */

const KEY = 'job-change.token';
const FRAGMENT = '#token=';

export function currentToken(): string | null {
  return sessionStorage.getItem(KEY);
}

export function keepToken(token: string): void {
  sessionStorage.setItem(KEY, token);
}

export function forgetToken(): void {
  sessionStorage.removeItem(KEY);
}

/** Moves a token from the address (`…#token=<token>`) into the session, leaving no trace of it in the history. */
export function takeTokenFromAddress(): void {
  if (!location.hash.startsWith(FRAGMENT)) return;
  const token = location.hash.slice(FRAGMENT.length);
  history.replaceState(null, '', location.pathname + location.search);
  if (isToken(token)) keepToken(token);
}

/** Whether the text could stand in a header at all. */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}
