/**
 * The token is in the session storage of each tab, and nowhere else. Tabs of this page hand it to each other, so a new one
 * is signed in while another is; with the last of them it is forgotten. Signing out of one is signing out of all, and
 * forgets whatever else they keep.
 */

const KEY = 'job-change.token';
const FRAGMENT = '#token=';
/** How long a new tab waits for another to answer. */
const PATIENCE_MILLISECONDS = 250;

type Message = { kind: 'ask' } | { kind: 'token'; token: string } | { kind: 'signed-out' };

const tabs = new BroadcastChannel('job-change.session');
const post = (message: Message): void => tabs.postMessage(message);

export function currentToken(): string | null {
  return sessionStorage.getItem(KEY);
}

/** Signs in this tab, and those that wait for a token. */
export function storeToken(token: string): void {
  sessionStorage.setItem(KEY, token);
  post({ kind: 'token', token });
}

/** Forgets the token in this tab only: it was refused. */
export function dropToken(): void {
  sessionStorage.removeItem(KEY);
}

/** Signs out of all tabs. */
export function forgetToken(): void {
  sessionStorage.clear();
  post({ kind: 'signed-out' });
}

/** Answers the other tabs, and follows them; returns a function that stops that. */
export function followTabs(onToken: (token: string) => void, onSignedOut: () => void): () => void {
  const hear = ({ data }: MessageEvent<Message>): void => {
    const own = currentToken();
    if (data.kind === 'ask' && own !== null) post({ kind: 'token', token: own });
    if (data.kind === 'token' && own === null && isToken(data.token)) {
      sessionStorage.setItem(KEY, data.token);
      onToken(data.token);
    }
    if (data.kind === 'signed-out' && own !== null) {
      sessionStorage.clear();
      onSignedOut();
    }
  };
  tabs.addEventListener('message', hear);
  return () => tabs.removeEventListener('message', hear);
}

/** Asks the other tabs for a token, which `followTabs` takes; resolves when none will answer any more. */
export async function askTabs(): Promise<void> {
  post({ kind: 'ask' });
  await new Promise((resolve) => setTimeout(resolve, PATIENCE_MILLISECONDS));
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
