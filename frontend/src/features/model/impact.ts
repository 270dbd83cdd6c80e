import type { MonthlyImpact } from '../../api/types.ts';
import { monthName } from './months.ts';

/** What a month's impact ratios say of the four-fifths rule, in a sentence. */
export function impactSentence(
  { month, column, groups }: MonthlyImpact,
  level: (column: string, group: string) => string,
): string {
  const named = (verdict: string): string =>
    groups
      .filter((group) => group.verdict === verdict)
      .map(({ group, ratio }) => `${level(column, group)} (${(ratio?.value ?? 0).toFixed(2)})`)
      .join(', ');
  const below = named('below_four_fifths');
  const uncertain = named('too_few_to_say');
  if (below) return `${monthName(month)}: called less than four fifths as often as the group called most: ${below}.`;
  if (uncertain) return `${monthName(month)}: too few candidates to say whether these groups are below four fifths: ${uncertain}.`;
  return groups.some(({ ratio }) => ratio !== null)
    ? `${monthName(month)}: every group is called at least four fifths as often as the one called most.`
    : `${monthName(month)}: there is no other group to compare with, or nobody was called.`;
}
