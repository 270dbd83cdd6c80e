import { useLoaded } from '../hooks/useLoaded.ts';
import { Loading, ProblemNotice } from './Notice.tsx';
import './StoredDocument.css';

interface Props {
  title: string;
  /** Its address, which is valid for some minutes. */
  url: (signal: AbortSignal) => Promise<string>;
  inputs: readonly unknown[];
}

/**
 * A stored page (a report, a model card) in a frame. On some targets it has this page's own origin, so the frame is
 * sandboxed: no scripts, no forms, an origin of its own. Only a link that the user clicks may navigate this tab.
 */
export function StoredDocument({ title, url, inputs }: Props) {
  const loaded = useLoaded(url, inputs);
  if (loaded.status === 'loading') return <Loading what={title.toLowerCase()} />;
  if (loaded.status === 'failed') return <ProblemNotice problem={loaded.problem} onRetry={loaded.retry} />;
  return (
    <>
      <p>
        <a href={loaded.value} target="_blank" rel="noreferrer">
          Open, print or save the {title.toLowerCase()}
        </a>
      </p>
      <iframe class="document" sandbox="allow-top-navigation-by-user-activation" title={title} src={loaded.value} />
    </>
  );
}
