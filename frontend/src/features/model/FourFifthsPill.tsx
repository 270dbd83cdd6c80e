import type { FourFifths } from '../../api/types.ts';
import { Pill, type PillKind } from '../../components/Pill.tsx';

const VERDICTS: Record<FourFifths, [PillKind, string]> = {
  below_four_fifths: ['major', 'below four fifths'],
  at_least_four_fifths: ['ok', 'at least four fifths'],
  too_few_to_say: ['unlikely', 'too few to say'],
};

/** What the interval of an impact ratio says of the four-fifths rule. */
export function FourFifthsPill({ verdict }: { verdict: FourFifths }) {
  const [kind, words] = VERDICTS[verdict];
  return <Pill kind={kind}>{words}</Pill>;
}
