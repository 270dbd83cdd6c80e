/** The token is in this tab's session storage and nowhere else; closing the tab removes it. */

const KEY = 'job-change.token';
const FRAGMENT = '#token=';

export function currentToken(): string | null {
  return sessionStorage.getItem(KEY);
}

export function storeToken(token: string): void {
  sessionStorage.setItem(KEY, token);
}

export function forgetToken(): void {
  sessionStorage.removeItem(KEY);
}

/** Moves a token from the address (`…#token=<token>`) into the session, and removes it from the browser's history. */
export function takeTokenFromAddress(): void {
  if (!location.hash.startsWith(FRAGMENT)) return;
  const token = location.hash.slice(FRAGMENT.length);
  history.replaceState(null, '', location.pathname + location.search);
  if (isToken(token)) storeToken(token);
}

/** Whether the text is possible in an HTTP header. */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}
