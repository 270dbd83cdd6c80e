import { useState } from 'preact/hooks';
import type { Api } from '../../api/client.ts';
import type { Contract } from '../../api/types.ts';
import { changeQuery, fragment } from '../../hooks/useRoute.ts';
import { LOOKBACKS } from './lookback.ts';
import { ModelBoard } from './ModelBoard.tsx';
import { QualityBoard } from './QualityBoard.tsx';
import './Monitoring.css';

const BOARDS = { quality: 'Data quality', model: 'Model' };
const USUAL = '6h';

interface Props {
  api: Api;
  contract: Contract;
  board: string;
  /** The window's name in the address. */
  window: string | undefined;
}

export function Monitoring({ api, contract, board, window: name = USUAL }: Props) {
  const shown = board === 'model' ? 'model' : 'quality';
  const lookback = LOOKBACKS.find((each) => each.name === name) ?? LOOKBACKS[1]!;
  const [paused, setPaused] = useState(false);
  const [at, setAt] = useState<Date | null>(null);
  const Board = shown === 'model' ? ModelBoard : QualityBoard;
  return (
    <>
      <h1>Monitoring</h1>
      <div class="filters">
        <nav class="presets" aria-label="Boards">
          {Object.entries(BOARDS).map(([key, title]) => (
            <a key={key} class="button" href={fragment({ view: 'monitoring', subpath: key, query: { window: name === USUAL ? '' : name } })} aria-current={key === shown ? 'page' : undefined}>
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
              onClick={() => changeQuery({ window: each.name === USUAL ? '' : each.name })}
            >
              {each.label}
            </button>
          ))}
        </div>
        <p class="refreshing muted">
          {at ? `Updated ${at.toLocaleTimeString()}` : 'Not loaded yet'}
          {paused ? ', paused' : `, every ${lookback.refreshSeconds} s`}
          <button type="button" class="button button-quiet" onClick={() => setPaused(!paused)}>
            {paused ? 'Resume' : 'Pause'}
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
