import type { Criticality, FileRecord, Verdict } from '../api/types.ts';
import { integer } from '../lib/format.ts';
import { Bar } from './Bar.tsx';
import { Pill, type PillKind } from './Pill.tsx';
import { Time } from './Time.tsx';
import './fileCells.css';

const STATUSES: Record<FileRecord['status'], string> = {
  VALIDATING: 'Being checked',
  VALIDATED: 'Waiting to be scored',
  SCORED: 'Scored',
  REJECTED: 'Rejected',
};

const CRITICALITIES: Record<Criticality, string> = { ok: 'OK', minor: 'Minor', major: 'Major', critical: 'Critical' };

const VERDICTS: Record<Verdict, string> = { stable: 'Stable', shifted: 'Shifted', drifted: 'Drifted' };
const VERDICT_PILLS: Record<Verdict, PillKind> = { stable: 'ok', shifted: 'minor', drifted: 'critical' };

export function CriticalityPill({ of }: { of: Criticality | null }) {
  return of ? <Pill kind={of}>{CRITICALITIES[of]}</Pill> : <span class="missing">–</span>;
}

export function VerdictPill({ of }: { of: Verdict | null | undefined }) {
  return of ? <Pill kind={VERDICT_PILLS[of]}>{VERDICTS[of]}</Pill> : <span class="missing">–</span>;
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
      <Bar share={rows.good / rows.total} fill="bar-good" track="bar-bad" />
    </span>
  );
}
