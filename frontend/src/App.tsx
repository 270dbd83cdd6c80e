import { useEffect, useMemo, useState } from 'preact/hooks';
import { connect, loadEndpoints } from './api/client.ts';
import { Brand } from './components/Brand.tsx';
import { Loading, ProblemNotice } from './components/Notice.tsx';
import { currentToken, forgetToken, storeToken, takeTokenFromAddress } from './features/sign-in/session.ts';
import { SignIn } from './features/sign-in/SignIn.tsx';
import { useLoaded } from './hooks/useLoaded.ts';
import { Workspace } from './Workspace.tsx';

/** Finds the API, then shows the sign-in form or, with a token, the workspace. */
export function App() {
  const endpoints = useLoaded(loadEndpoints, []);
  const [token, setToken] = useState(currentToken);
  const [refused, setRefused] = useState(false);

  useEffect(() => {
    // An address with a token, opened in a tab that already shows the page, changes only the fragment.
    const follow = (): void => {
      takeTokenFromAddress();
      setToken(currentToken());
    };
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);

  const signIn = (entered: string): void => {
    storeToken(entered);
    setRefused(false);
    setToken(entered);
  };
  const signOut = (because: 'asked' | 'refused'): void => {
    forgetToken();
    setRefused(because === 'refused');
    setToken(null);
  };

  const api = useMemo(
    () =>
      endpoints.status === 'ready' && token !== null
        ? connect(endpoints.value, token, () => signOut('refused'))
        : null,
    [endpoints, token],
  );

  if (api) return <Workspace key={token} api={api} onSignOut={() => signOut('asked')} />;
  return (
    <>
      <header class="top">
        <div class="top-inner">
          <Brand />
        </div>
      </header>
      <main class="page page-narrow">
        {endpoints.status !== 'ready' && <h1>Job Change</h1>}
        {endpoints.status === 'ready' && <SignIn refused={refused} onToken={signIn} />}
        {endpoints.status === 'loading' && <Loading what="the page" />}
        {endpoints.status === 'failed' && <ProblemNotice problem={endpoints.problem} onRetry={endpoints.retry} />}
      </main>
    </>
  );
}
