import { useState } from 'preact/hooks';
import type { Api } from '../../api/client.ts';
import type { Contract } from '../../api/types.ts';
import { LOOKBACKS } from './lookback.ts';
import { ModelBoard } from './ModelBoard.tsx';
import { QualityBoard } from './QualityBoard.tsx';
import './Monitoring.css';

const BOARDS = { quality: 'Data quality', model: 'Model' };
const DEFAULT_LABEL = '6 h';

export function Monitoring({ api, contract, board }: { api: Api; contract: Contract; board: string }) {
  const shown = board === 'model' ? 'model' : 'quality';
  const [lookback, setLookback] = useState(() => LOOKBACKS.find(({ label }) => label === DEFAULT_LABEL) ?? LOOKBACKS[0]!);
  const [paused, setPaused] = useState(false);
  const [at, setAt] = useState<Date | null>(null);
  const Board = shown === 'model' ? ModelBoard : QualityBoard;
  return (
    <>
      <h1>Monitoring</h1>
      <div class="filters">
        <nav class="presets" aria-label="Boards">
          {Object.entries(BOARDS).map(([name, title]) => (
            <a key={name} class="button" href={`#monitoring/${name}`} aria-current={name === shown ? 'page' : undefined}>
              {title}
            </a>
          ))}
        </nav>
        <div class="presets" role="group" aria-label="Window">
          {LOOKBACKS.map((each) => (
            <button
              key={each.label}
              type="button"
              class="button"
              aria-pressed={each === lookback}
              onClick={() => setLookback(each)}
            >
              {each.label}
            </button>
          ))}
        </div>
        <p class="refreshing muted">
          {at ? `Updated ${at.toLocaleTimeString()}` : 'Not loaded yet'}
          {paused ? ', paused' : `, every ${lookback.refreshSeconds} s`}
          <button type="button" class="button button-quiet" onClick={() => setPaused(!paused)}>
            {paused ? 'Go on' : 'Pause'}
          </button>
        </p>
      </div>
      <Board
        key={shown}
        api={api}
        contract={contract}
        lookback={lookback}
        seconds={paused ? null : lookback.refreshSeconds}
        onLoaded={setAt}
      />
    </>
  );
}
