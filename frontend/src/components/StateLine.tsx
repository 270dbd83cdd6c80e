import type { Api } from '../api/client.ts';
import { usePolled } from '../hooks/usePolled.ts';
import { stateItems } from '../lib/systemState.ts';
import './StateLine.css';

const REFRESH_SECONDS = 30;

/** How the system is, on every view: what is wrong stands out, the rest is said quietly. */
export function StateLine({ api }: { api: Api }) {
  const { value, loadedAt } = usePolled(api.state, [api], REFRESH_SECONDS);
  if (!value || !loadedAt) return <div class="state-line" />;
  return (
    <aside class="state-line" aria-label="State of the system">
      <ul>
        {stateItems(value, loadedAt).map(({ text, criticality, href }) => (
          <li key={text} class={criticality ? `state-item ${criticality}` : 'state-item'}>
            {href ? <a href={href}>{text}</a> : text}
          </li>
        ))}
      </ul>
    </aside>
  );
}
