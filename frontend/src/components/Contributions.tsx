import type { Contract, Contribution } from '../api/types.ts';
import { labelOf } from '../lib/contract.ts';
import { signed } from '../lib/format.ts';
import './Contributions.css';

/** The points of each feature, largest first, as a bar to either side. */
export function Contributions({ contract, of }: { contract: Contract; of: readonly Contribution[] }) {
  const most = Math.max(...of.map(({ points }) => Math.abs(points)));
  return (
    <section class="contributions" aria-labelledby="contributions-title">
      <h3 id="contributions-title">What speaks for, what against</h3>
      <p class="against-for" aria-hidden="true">
        <span>against</span>
        <span>for</span>
      </p>
      <ul>
        {of.map(({ feature, value, points }) => (
          <li key={feature}>
            <span class="contribution-what">
              {labelOf(contract, feature)}: <strong>{value ?? 'not known'}</strong>
            </span>
            <span class="contribution-size">
              <span class="visually-hidden">{points < 0 ? 'speaks against: ' : 'speaks for: '}</span>
              {signed(100 * points, 1)}
            </span>
            <Bar share={most > 0 ? points / most : 0} />
          </li>
        ))}
      </ul>
      <p class="muted small">Compared with the average candidate, in percentage points. All bars together make the difference.</p>
    </section>
  );
}

/** `share`: from -1 (all to the left) to 1. */
function Bar({ share }: { share: number }) {
  return (
    <svg class="contribution-bar" viewBox="-100 0 200 8" preserveAspectRatio="none" aria-hidden="true">
      <rect class="bar-track" x="-100" width="200" height="8" />
      <rect class={share < 0 ? 'unlikely' : 'likely'} x={Math.min(share, 0) * 100} width={Math.abs(share) * 100} height="8" />
      <rect class="bar-middle" x="-0.5" width="1" height="8" />
    </svg>
  );
}
