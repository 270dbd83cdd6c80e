import { useEffect, useRef } from 'preact/hooks';
import { VIEWS, type View, useView } from '../address.ts';
import type { Api } from '../api.ts';
import { Brand } from '../components/Brand.tsx';
import { Loading, ProblemNotice } from '../components/Notice.tsx';
import { useLoaded } from '../loading.ts';
import type { Contract } from '../shapes.ts';
import { Batch, useBatch } from './Batch.tsx';
import { Files } from './Files.tsx';
import { Past } from './Past.tsx';
import { Predict, useCandidateForm } from './Predict.tsx';

/** What a signed-in person sees: the views and the way between them. */
export function Workspace({ api, onSignOut }: { api: Api; onSignOut: () => void }) {
  const view = useView();
  const contract = useLoaded(api.contract, [api]);
  const main = useViewFocus(view);

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
          <button type="button" class="button button-quiet" onClick={onSignOut}>
            Sign out
          </button>
        </div>
      </header>
      <main class="page" tabIndex={-1} ref={main}>
        {contract.status !== 'ready' && <h1>{VIEWS[view]}</h1>}
        {contract.status === 'loading' && <Loading what="the form" />}
        {contract.status === 'failed' && <ProblemNotice problem={contract.problem} onRetry={contract.retry} />}
        {contract.status === 'ready' && <Views api={api} contract={contract.value} view={view} />}
      </main>
    </>
  );
}

/** Entries and results of the first two views are held here, so that a look at another view doesn't lose them. */
function Views({ api, contract, view }: { api: Api; contract: Contract; view: View }) {
  const form = useCandidateForm(api, contract);
  const batch = useBatch(api, contract);
  switch (view) {
    case 'predict':
      return <Predict contract={contract} form={form} />;
    case 'batch':
      return <Batch contract={contract} batch={batch} />;
    case 'past':
      return <Past api={api} contract={contract} />;
    case 'files':
      return <Files api={api} />;
  }
}

/** Names the view in the tab's title and, after a change of view, moves the focus to its content. */
function useViewFocus(view: View) {
  const main = useRef<HTMLElement>(null);
  const before = useRef(view);
  useEffect(() => {
    document.title = `${VIEWS[view]} · Job Change`;
    if (before.current !== view) {
      scrollTo(0, 0);
      main.current?.focus({ preventScroll: true });
    }
    before.current = view;
  }, [view]);
  return main;
}
