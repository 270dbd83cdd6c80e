import type { Comparison } from '../api/types.ts';
import { percent, signed, whole } from '../lib/format.ts';

/** How the challenger, scoring in the shadow, compares with the champion. */
export function ComparisonFigures({ of }: { of: Comparison }) {
  const auc = (value: number | null): string => (value === null ? 'too few outcomes' : value.toFixed(3));
  return (
    <dl class="figures">
      <div>
        <dt>Challenger</dt>
        <dd>
          <code>{of.challenger}</code>
        </dd>
      </div>
      <div>
        <dt>Scored by both</dt>
        <dd>{whole(of.predictions)}</dd>
      </div>
      <div>
        <dt>Same verdict</dt>
        <dd>{of.agreement === null ? '–' : percent(of.agreement)}</dd>
      </div>
      <div>
        <dt>Mean shift</dt>
        <dd>{of.mean_shift === null ? '–' : `${signed(of.mean_shift * 100, 1)} points`}</dd>
      </div>
      <div>
        <dt>Outcomes known</dt>
        <dd>{whole(of.outcomes)}</dd>
      </div>
      <div>
        <dt>Champion's AUC</dt>
        <dd>{auc(of.champion_auc)}</dd>
      </div>
      <div>
        <dt>Challenger's AUC</dt>
        <dd>{auc(of.challenger_auc)}</dd>
      </div>
    </dl>
  );
}
