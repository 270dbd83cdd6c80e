import { useEffect, useRef } from 'preact/hooks';
import type { Api } from './api/client.ts';
import type { Contract, Me } from './api/types.ts';
import { Brand } from './components/Brand.tsx';
import { CandidateDialog } from './components/CandidateDialog.tsx';
import { ConnectionNotice } from './components/ConnectionNotice.tsx';
import { LazyView } from './components/LazyView.tsx';
import { Loading, ProblemNotice } from './components/Notice.tsx';
import { StateLine } from './components/StateLine.tsx';
import { Batch } from './features/batch/Batch.tsx';
import { type Batch as BatchRun, useBatch } from './features/batch/useBatch.ts';
import { FileDetail } from './features/files/FileDetail.tsx';
import { Files } from './features/files/Files.tsx';
import { Past } from './features/past/Past.tsx';
import { Predict } from './features/predict/Predict.tsx';
import { type CandidateForm, useCandidateForm } from './features/predict/useCandidateForm.ts';
import { useLoaded } from './hooks/useLoaded.ts';
import { useDroppedFiles } from './hooks/useDroppedFiles.ts';
import { usePolled } from './hooks/usePolled.ts';
import { type Route, VIEWS, changeQuery, useRoute } from './hooks/useRoute.ts';
import { type Uploads, useUploads } from './hooks/useUploads.ts';

interface Props {
  api: Api;
  /** The number of the sign-in. */
  session: number;
  onSignOut: () => void;
}

/** The page of a signed-in user: the navigation and the current view. */
export function Workspace({ api, session, onSignOut }: Props) {
  const route = useRoute();
  const { view } = route;
  const contract = useLoaded(api.contract, [api]);
  const me = usePolled(api.me, [api], null);
  useEffect(() => {
    if (session > 0) me.refresh();
  }, [session]);
  const main = useViewFocus(route);
  const views = useRef<HTMLElement>(null);
  // On a phone the views are more than fit in a line.
  useEffect(
    () => views.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' }),
    [view],
  );

  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <header class="top">
        <div class="top-inner">
          <Brand />
          <nav aria-label="Views" ref={views}>
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
            title={me.value ? `Signed in as ${me.value.name}` : undefined}
            onClick={onSignOut}
          >
            Sign out
          </button>
        </div>
      </header>
      <StateLine api={api} />
      <ConnectionNotice api={api} />
      <main class="page" tabIndex={-1} ref={main}>
        {contract.status !== 'ready' || !me.value ? (
          <>
            <h1>{VIEWS[view]}</h1>
            {contract.status !== 'failed' && !me.problem && <Loading what="the form" />}
            {contract.status === 'failed' && <ProblemNotice problem={contract.problem} onRetry={contract.retry} />}
            {contract.status !== 'failed' && me.problem && <ProblemNotice problem={me.problem} onRetry={me.refresh} />}
          </>
        ) : (
          <Views api={api} contract={contract.value} me={me.value} route={route} />
        )}
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
function Views({ api, contract, me, route }: ViewsProps) {
  const { view, query } = route;
  const form = useCandidateForm(api, contract, view === 'predict' ? (query.prediction ?? '') : null);
  const uploads = useUploads(api);
  const batch = useBatch(api, contract, me.name, (file) => uploads.start([file], BATCH));
  // Where a view takes no files itself.
  useDroppedFiles(
    (files) => {
      location.hash = 'batch';
      batch.start(files);
    },
    { first: false },
  );
  return (
    <>
      <View {...{ api, contract, route, form, uploads, batch }} operator={me.role === 'operator'} />
      {view !== 'predict' && query.prediction && (
        <CandidateDialog
          key={query.prediction}
          api={api}
          contract={contract}
          id={query.prediction}
          onClose={() => changeQuery({ prediction: '' }, { replace: true })}
        />
      )}
    </>
  );
}

interface ViewProps extends Omit<ViewsProps, 'me'> {
  form: CandidateForm;
  uploads: Uploads;
  batch: BatchRun;
  operator: boolean;
}

function View({ api, contract, route: { view, subpath, query }, form, uploads, batch, operator }: ViewProps) {
  switch (view) {
    case 'predict':
      return <Predict api={api} contract={contract} form={form} />;
    case 'batch':
      return <Batch api={api} contract={contract} batch={batch} uploads={uploads} place={BATCH} />;
    case 'past':
      return <Past api={api} contract={contract} fileId={subpath} query={query} />;
    case 'files':
      return subpath === '' ? (
        <Files api={api} uploads={uploads} query={query} />
      ) : (
        <FileDetail
          key={subpath}
          api={api}
          contract={contract}
          fileId={subpath}
          aboveOnly={query.above === '1'}
          uploads={uploads}
          operator={operator}
        />
      );
    case 'monitoring':
      return (
        <LazyView key={view} title={VIEWS[view]} load={loadMonitoring}>
          {({ Monitoring }) => <Monitoring api={api} contract={contract} board={subpath} query={query} operator={operator} />}
        </LazyView>
      );
    case 'model':
      return (
        <LazyView key={view} title={VIEWS[view]} load={loadModel}>
          {({ Model }) => <Model api={api} contract={contract} operator={operator} shown={subpath} query={query} />}
        </LazyView>
      );
  }
}

// Those of views that few people begin with.
const loadMonitoring = () => import('./features/monitoring/Monitoring.tsx');
const loadModel = () => import('./features/model/Model.tsx');

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
