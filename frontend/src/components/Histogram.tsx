import { finePercent, integer } from '../lib/format.ts';
import './Histogram.css';

interface Props {
  counts: readonly number[];
  title: string;
  /** The probability from which a candidate counts as looking, drawn as a line; null where it isn't known. */
  threshold?: number | null;
}

/** The number of probabilities in each tenth, as ten bars; screen readers get the numbers as a table. */
export function Histogram({ counts, title, threshold = null }: Props) {
  const most = Math.max(1, ...counts);
  return (
    <figure class="histogram">
      <figcaption>{title}</figcaption>
      <svg viewBox="0 0 200 44" preserveAspectRatio="none" aria-hidden="true">
        {counts.map((count, tenth) => (
          <rect key={tenth} class="histogram-bar" x={tenth * 20 + 1} width="18" y={43 - (42 * count) / most} height={(42 * count) / most}>
            <title>{`${tenth * 10} to ${tenth * 10 + 10}%: ${integer(count)}`}</title>
          </rect>
        ))}
        <rect class="histogram-ground" y="43" width="200" height="1" />
        {threshold !== null && <rect class="histogram-threshold" x={threshold * 200 - 0.5} width="1" height="44" />}
      </svg>
      <p class="histogram-scale" aria-hidden="true">
        <span>0%</span>
        <span>50%</span>
        <span>100%</span>
      </p>
      {threshold !== null && (
        <p class="histogram-note">The line is the model's threshold: from {finePercent(threshold)} on, a candidate counts as looking.</p>
      )}
      <table class="visually-hidden">
        <caption>{title}</caption>
        <thead>
          <tr>
            <th scope="col">Probability</th>
            <th scope="col">Predictions</th>
          </tr>
        </thead>
        <tbody>
          {counts.map((count, tenth) => (
            <tr key={tenth}>
              <th scope="row">{`${tenth * 10} to ${tenth * 10 + 10}%`}</th>
              <td>{integer(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
