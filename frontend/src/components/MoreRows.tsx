import type { ComponentChildren } from 'preact';
import type { Pages } from '../hooks/usePages.ts';
import { count } from '../lib/format.ts';
import { Loading, ProblemNotice } from './Notice.tsx';
import './MoreRows.css';

interface Props {
  pages: Pages<unknown>;
  /** The noun for one row. */
  noun: string;
  /** Shown when the list is empty. */
  children: ComponentChildren;
}

/** The foot of a paged list: loading, a problem, an empty state, or how many rows are shown and a button for more. */
export function MoreRows({ pages, noun, children }: Props) {
  if (pages.status === 'loading') return <Loading what={`${noun}s`} />;
  if (pages.problem) return <ProblemNotice problem={pages.problem} onRetry={pages.loadMore} />;
  if (pages.items.length === 0) return <>{children}</>;
  return (
    <div class="more">
      <p role="status">
        {count(pages.items.length, noun)} shown{pages.hasMore ? '' : ', there are no more'}.
      </p>
      <div class="actions">
        {pages.hasMore && (
          <button type="button" class="button" onClick={pages.loadMore}>
            Load more
          </button>
        )}
        <button type="button" class="button button-quiet" onClick={pages.reload}>
          Refresh
        </button>
      </div>
    </div>
  );
}

/** For a table's `onEnd`: loads the next page, if there is one and none is being loaded. */
export function loadMoreAtEnd({ status, hasMore, loadMore }: Pages<unknown>): (() => void) | undefined {
  return status === 'ready' && hasMore ? loadMore : undefined;
}
