import type { Comparison } from '../api/types.ts';
import { integer, percent, signed } from '../lib/format.ts';
import { Figure } from './Figure.tsx';

/** How the challenger, scoring in the shadow, compares with the champion. */
export function ComparisonFigures({ of }: { of: Comparison }) {
  const auc = (value: number | null): string => (value === null ? 'too few outcomes' : value.toFixed(3));
  return (
    <dl class="figures">
      <Figure name="Challenger">
        <code>{of.challenger}</code>
      </Figure>
      <Figure name="Scored by both">{integer(of.predictions)}</Figure>
      <Figure name="Same verdict">{of.agreement === null ? '–' : percent(of.agreement)}</Figure>
      <Figure name="Mean shift">{of.mean_shift === null ? '–' : `${signed(of.mean_shift * 100, 1)} points`}</Figure>
      <Figure name="Outcomes known">{integer(of.outcomes)}</Figure>
      <Figure name="Champion's AUC">{auc(of.champion_auc)}</Figure>
      <Figure name="Challenger's AUC">{auc(of.challenger_auc)}</Figure>
    </dl>
  );
}
