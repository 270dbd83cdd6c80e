import { useEffect, useRef } from 'preact/hooks';
import { type Place, VIEWS, usePlace } from './hooks/useRoute.ts';
import type { Api } from './api/client.ts';
import { useCandidateForm } from './features/predict/useCandidateForm.ts';
import { Brand } from './components/Brand.tsx';
import { ConnectionNotice } from './components/ConnectionNotice.tsx';
import { Loading, ProblemNotice } from './components/Notice.tsx';
import { useLoaded } from './hooks/useLoaded.ts';
import type { Contract, Me } from './api/types.ts';
import { useUpload } from './hooks/useUpload.ts';
import { Batch, useBatch } from './features/batch/Batch.tsx';
import { FileDetail } from './features/files/FileDetail.tsx';
import { Files } from './features/files/Files.tsx';
import { Model } from './features/model/Model.tsx';
import { Monitoring } from './features/monitoring/Monitoring.tsx';
import { Past } from './features/past/Past.tsx';
import { Predict } from './features/predict/Predict.tsx';

/** What a signed-in person sees: the views and the way between them. */
export function Workspace({ api, onSignOut }: { api: Api; onSignOut: () => void }) {
  const place = usePlace();
  const { view } = place;
  const known = useLoaded(async (signal) => {
    const [contract, me] = await Promise.all([api.contract(signal), api.me(signal)]);
    return { contract, me };
  }, [api]);
  const main = useViewFocus(place);

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
            title={known.status === 'ready' ? `Signed in as ${known.value.me.name}` : undefined}
            onClick={onSignOut}
          >
            Sign out
          </button>
        </div>
      </header>
      <ConnectionNotice api={api} />
      <main class="page" tabIndex={-1} ref={main}>
        {known.status !== 'ready' && <h1>{VIEWS[view]}</h1>}
        {known.status === 'loading' && <Loading what="the form" />}
        {known.status === 'failed' && <ProblemNotice problem={known.problem} onRetry={known.retry} />}
        {known.status === 'ready' && <Views api={api} {...known.value} place={place} />}
      </main>
    </>
  );
}

interface ViewsProps {
  api: Api;
  contract: Contract;
  me: Me;
  place: Place;
}

/** Entries, results and uploads are held here, so that a look at another view doesn't lose them. */
function Views({ api, contract, me, place: { view, part } }: ViewsProps) {
  const form = useCandidateForm(api, contract);
  const upload = useUpload(api);
  const batch = useBatch(api, contract, upload);
  const operator = me.role === 'operator';
  switch (view) {
    case 'predict':
      return <Predict contract={contract} form={form} />;
    case 'batch':
      return <Batch contract={contract} batch={batch} upload={upload} />;
    case 'past':
      return <Past api={api} contract={contract} />;
    case 'files':
      return part === '' ? (
        <Files api={api} upload={upload} />
      ) : (
        <FileDetail key={part} api={api} contract={contract} fileId={part} upload={upload} operator={operator} />
      );
    case 'monitoring':
      return <Monitoring api={api} contract={contract} board={part} />;
    case 'model':
      return <Model api={api} operator={operator} />;
  }
}

/** Names the view in the tab's title and, after a change of place, moves the focus to its content. */
function useViewFocus({ view, part }: Place) {
  const main = useRef<HTMLElement>(null);
  const place = `${view}/${part}`;
  const before = useRef(place);
  useEffect(() => {
    document.title = `${VIEWS[view]} · Job Change`;
    if (before.current !== place) {
      scrollTo(0, 0);
      main.current?.focus({ preventScroll: true });
    }
    before.current = place;
  }, [place]);
  return main;
}
