import { useMemo } from 'preact/hooks';
import { connect } from './api/client.ts';
import { loadEndpoints } from './api/endpoints.ts';
import { Brand } from './components/Brand.tsx';
import { Footer } from './components/Footer.tsx';
import { Loading, ProblemNotice } from './components/Notice.tsx';
import { SignIn } from './features/sign-in/SignIn.tsx';
import { useSession } from './features/sign-in/useSession.ts';
import { useLoaded } from './hooks/useLoaded.ts';
import { Workspace } from './Workspace.tsx';

/** Finds the API, then shows the sign-in form or, with a token, the workspace; it is kept while a new token is asked for. */
export function App() {
  const endpoints = useLoaded(loadEndpoints, []);
  const session = useSession();
  const { status } = session;
  const api = useMemo(
    () => (endpoints.status === 'ready' ? connect(endpoints.value, session.token, session.refuse) : null),
    [endpoints],
  );
  const inside = status === 'signed-in' || status === 'refused';
  return (
    <>
      {api && inside && (
        <div hidden={status === 'refused'}>
          <Workspace api={api} session={session.number} onSignOut={session.signOut} />
        </div>
      )}
      {!(api && status === 'signed-in') && (
        <>
          <header class="top">
            <div class="top-inner">
              <Brand />
            </div>
          </header>
          <main class="page page-narrow">
            {endpoints.status !== 'ready' && <h1>Job Change</h1>}
            {api && status !== 'asking' && <SignIn refused={status === 'refused'} onToken={session.signIn} />}
            {(endpoints.status === 'loading' || (api && status === 'asking')) && <Loading what="the page" />}
            {endpoints.status === 'failed' && <ProblemNotice problem={endpoints.problem} onRetry={endpoints.retry} alone />}
          </main>
        </>
      )}
      {api && <Footer api={api} />}
    </>
  );
}
