import type { Prediction } from '../api/types.ts';
import { fragment, routeOf } from '../hooks/useRoute.ts';

/** A candidate's number, which opens the explanation and the history over the current view. */
export function CandidateLink({ prediction: { id, enrollee_id: number } }: { prediction: Prediction }) {
  return (
    <a href={fragment(routeOf(location.hash), { prediction: id })} title="Explanation and history">
      {number ?? 'Open'}
    </a>
  );
}
