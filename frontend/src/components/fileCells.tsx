import type { Criticality, FileRecord, Verdict } from '../api/types.ts';
import { integer } from '../lib/format.ts';
import { Time } from './Time.tsx';

const STATUSES: Record<FileRecord['status'], string> = {
  VALIDATING: 'Being checked',
  VALIDATED: 'Waiting to be scored',
  SCORED: 'Scored',
  REJECTED: 'Rejected',
};

export const CRITICALITIES: Record<Criticality, string> = { ok: 'OK', minor: 'Minor', major: 'Major', critical: 'Critical' };

const VERDICTS: Record<Verdict, string> = { stable: 'Stable', moderate: 'Moderate', drifted: 'Drifted' };
const VERDICT_COLOURS: Record<Verdict, string> = { stable: 'ok', moderate: 'minor', drifted: 'critical' };

export function CriticalityPill({ of }: { of: Criticality | null }) {
  return of ? <span class={`pill ${of}`}>{CRITICALITIES[of]}</span> : <span class="missing">–</span>;
}

export function VerdictPill({ of }: { of: Verdict | null | undefined }) {
  return of ? <span class={`pill ${VERDICT_COLOURS[of]}`}>{VERDICTS[of]}</span> : <span class="missing">–</span>;
}

export function FileStatus({ file: { status, scored, rows, failure, predicted_at } }: { file: FileRecord }) {
  const partlyScored = status === 'VALIDATED' && scored > 0;
  return (
    <>
      {partlyScored ? `${integer(scored)} of ${integer(rows.good)} scored` : STATUSES[status]}
      {failure && <span class="below wrong">{failure.reason}</span>}
      {predicted_at && (
        <span class="below">
          <Time at={predicted_at} />
        </span>
      )}
    </>
  );
}

/** The numbers of good and bad rows, and a bar. */
export function RowCounts({ of: rows }: { of: FileRecord['rows'] }) {
  if (rows.total === 0) return <span class="missing">–</span>;
  return (
    <span class="rows">
      <span>
        <span class="figure">{integer(rows.good)} good,</span> <span class="figure">{integer(rows.bad)} bad</span>
      </span>
      <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect class="bar-bad" width="100" height="8" />
        <rect class="bar-good" width={(100 * rows.good) / rows.total} height="8" />
      </svg>
    </span>
  );
}
