import { useEffect, useRef } from 'preact/hooks';
import type { Api } from './api/client.ts';
import type { Contract, Me } from './api/types.ts';
import { Brand } from './components/Brand.tsx';
import { ConnectionNotice } from './components/ConnectionNotice.tsx';
import { Loading, ProblemNotice } from './components/Notice.tsx';
import { Batch } from './features/batch/Batch.tsx';
import { useBatch } from './features/batch/useBatch.ts';
import { FileDetail } from './features/files/FileDetail.tsx';
import { Files } from './features/files/Files.tsx';
import { Model } from './features/model/Model.tsx';
import { Monitoring } from './features/monitoring/Monitoring.tsx';
import { Past } from './features/past/Past.tsx';
import { Predict } from './features/predict/Predict.tsx';
import { useCandidateForm } from './features/predict/useCandidateForm.ts';
import { useLoaded } from './hooks/useLoaded.ts';
import { type Route, VIEWS, useRoute } from './hooks/useRoute.ts';
import { useUploads } from './hooks/useUploads.ts';

/** The page of a signed-in user: the navigation and the current view. */
export function Workspace({ api, onSignOut }: { api: Api; onSignOut: () => void }) {
  const route = useRoute();
  const { view } = route;
  const loaded = useLoaded(async (signal) => {
    const [contract, me] = await Promise.all([api.contract(signal), api.me(signal)]);
    return { contract, me };
  }, [api]);
  const main = useViewFocus(route);

  return (
    <>
      <header class="top">
        <div class="top-inner">
          <Brand />
          <nav aria-label="Views">
            <ul>
              {Object.entries(VIEWS).map(([name, title]) => (
                <li key={name}>
                  <a href={`#${name}`} aria-current={name === view ? 'page' : undefined}>
                    {title}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
          <button
            type="button"
            class="button button-quiet"
            title={loaded.status === 'ready' ? `Signed in as ${loaded.value.me.name}` : undefined}
            onClick={onSignOut}
          >
            Sign out
          </button>
        </div>
      </header>
      <ConnectionNotice api={api} />
      <main class="page" tabIndex={-1} ref={main}>
        {loaded.status !== 'ready' && <h1>{VIEWS[view]}</h1>}
        {loaded.status === 'loading' && <Loading what="the form" />}
        {loaded.status === 'failed' && <ProblemNotice problem={loaded.problem} onRetry={loaded.retry} />}
        {loaded.status === 'ready' && <Views api={api} {...loaded.value} route={route} />}
      </main>
    </>
  );
}

interface ViewsProps {
  api: Api;
  contract: Contract;
  me: Me;
  route: Route;
}

/** The place of uploads that were chosen in the batch view. */
const BATCH = 'batch';

/** Holds the form, the batch and the uploads, so that they survive a look at another view. */
function Views({ api, contract, me, route: { view, subpath } }: ViewsProps) {
  const form = useCandidateForm(api, contract);
  const uploads = useUploads(api);
  const batch = useBatch(api, contract, (file) => uploads.start([file], BATCH));
  const operator = me.role === 'operator';
  switch (view) {
    case 'predict':
      return <Predict contract={contract} form={form} />;
    case 'batch':
      return <Batch api={api} contract={contract} batch={batch} uploads={uploads} place={BATCH} />;
    case 'past':
      return <Past api={api} contract={contract} fileId={subpath} />;
    case 'files':
      return subpath === '' ? (
        <Files api={api} uploads={uploads} />
      ) : (
        <FileDetail key={subpath} api={api} contract={contract} fileId={subpath} uploads={uploads} operator={operator} />
      );
    case 'monitoring':
      return <Monitoring api={api} contract={contract} board={subpath} />;
    case 'model':
      return <Model api={api} operator={operator} />;
  }
}

/** Names the view in the tab's title and, after a change of route, moves the focus to its content. */
function useViewFocus({ view, subpath }: Route) {
  const main = useRef<HTMLElement>(null);
  const path = `${view}/${subpath}`;
  const previous = useRef(path);
  useEffect(() => {
    document.title = `${VIEWS[view]} · Job Change`;
    if (previous.current !== path) {
      scrollTo(0, 0);
      main.current?.focus({ preventScroll: true });
    }
    previous.current = path;
  }, [path]);
  return main;
}
