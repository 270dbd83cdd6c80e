import type { ComponentChildren } from 'preact';
import type { Pages } from '../hooks/useLoaded.ts';
import { count } from '../lib/format.ts';
import { Loading, ProblemNotice } from './Notice.tsx';

interface Props {
  pages: Pages<unknown>;
  /** What one of the rows is. */
  what: string;
  /** Shown where there is nothing to list. */
  children: ComponentChildren;
}

/** What stands below a paged list: loading, a problem, nothing found, or how much is shown and the way to more. */
export function MoreRows({ pages, what, children }: Props) {
  if (pages.status === 'loading') return <Loading what={`${what}s`} />;
  if (pages.problem) return <ProblemNotice problem={pages.problem} onRetry={pages.more} />;
  if (pages.items.length === 0) return <>{children}</>;
  return (
    <div class="more">
      <p role="status">
        {count(pages.items.length, what)} shown{pages.unfinished ? '' : ', there are no more'}.
      </p>
      <div class="actions">
        {pages.unfinished && (
          <button type="button" class="button" onClick={pages.more}>
            Load more
          </button>
        )}
        <button type="button" class="button button-quiet" onClick={pages.restart}>
          Refresh
        </button>
      </div>
    </div>
  );
}

/** What a table does when its end is scrolled to: the next page, where there is one and none is on its way. */
export function atEnd({ status, unfinished, more }: Pages<unknown>): (() => void) | undefined {
  return status === 'ready' && unfinished ? more : undefined;
}
