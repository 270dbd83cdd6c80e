import { useLoaded } from '../hooks/useLoaded.ts';
import { Loading, ProblemNotice } from './Notice.tsx';

interface Props {
  title: string;
  /** Where it can be read; the address is good for some minutes. */
  address: (signal: AbortSignal) => Promise<string>;
  inputs: readonly unknown[];
}

/**
 * A stored page, shown in place. On some targets it has this page's own origin, so the frame is sandboxed: no scripts,
 * no forms, an origin of its own. Only a link that is pressed may lead away from it, in this tab.
 */
export function Document({ title, address, inputs }: Props) {
  const loaded = useLoaded(address, inputs);
  if (loaded.status === 'loading') return <Loading what={title.toLowerCase()} />;
  if (loaded.status === 'failed') return <ProblemNotice problem={loaded.problem} onRetry={loaded.retry} />;
  return <iframe class="document" sandbox="allow-top-navigation-by-user-activation" title={title} src={loaded.value} />;
}
