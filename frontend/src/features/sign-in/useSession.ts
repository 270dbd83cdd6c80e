import { useEffect, useRef, useState } from 'preact/hooks';
import { reportSignIn } from '../../api/connection.ts';
import { askTabs, currentToken, dropToken, followTabs, forgetToken, storeToken, takeTokenFromAddress } from './session.ts';

export interface Session {
  /** `asking`: whether another tab has a token; `refused`: the API doesn't accept the one that was used. */
  status: 'asking' | 'signed-in' | 'signed-out' | 'refused';
  /** Counts the sign-ins. */
  number: number;
  /** The token of the moment. */
  token: () => string;
  signIn: (token: string) => void;
  signOut: () => void;
  /** The API refused the token. */
  refuse: () => void;
}

/** Who is signed in on this tab. */
export function useSession(): Session {
  const [state, setState] = useState<Pick<Session, 'status' | 'number'>>({
    status: currentToken() === null ? 'asking' : 'signed-in',
    number: 0,
  });
  const token = useRef(currentToken() ?? '');

  const enter = (entered: string): void => {
    token.current = entered;
    setState(({ number }) => ({ status: 'signed-in', number: number + 1 }));
    reportSignIn();
  };
  const end = (status: Session['status']): void => setState((now) => ({ ...now, status }));

  useEffect(() => {
    const stop = followTabs(enter, () => end('signed-out'));
    if (currentToken() === null) {
      void askTabs().then(() => setState((now) => (now.status === 'asking' ? { ...now, status: 'signed-out' } : now)));
    }
    // An address with a token, opened in a tab that already shows the page, changes only the fragment.
    const follow = (): void => {
      takeTokenFromAddress();
      const found = currentToken();
      if (found !== null && found !== token.current) enter(found);
    };
    addEventListener('hashchange', follow);
    return () => {
      stop();
      removeEventListener('hashchange', follow);
    };
  }, []);

  return {
    ...state,
    token: () => token.current,
    signIn(entered) {
      storeToken(entered);
      enter(entered);
    },
    signOut() {
      forgetToken();
      end('signed-out');
    },
    refuse() {
      dropToken();
      // One that is open would keep the form for the token from being used.
      for (const dialog of document.querySelectorAll('dialog')) dialog.close();
      end('refused');
    },
  };
}
