import type { TargetedSubmitEvent } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { Api } from '../../api/client.ts';
import type { Contract } from '../../api/types.ts';
import { Time } from '../../components/Time.tsx';
import { usePolled } from '../../hooks/usePolled.ts';
import { type Query, changeQuery, fragment } from '../../hooks/useRoute.ts';
import { localTime } from '../../lib/dates.ts';
import { count } from '../../lib/format.ts';
import { LOOKBACKS, type Span, allowedRange, queryOf, rangeOf, spanOf } from './lookback.ts';
import { ModelBoard } from './ModelBoard.tsx';
import { QualityBoard } from './QualityBoard.tsx';
import { SystemBoard } from './SystemBoard.tsx';
import { MARKS, type Mark, TimelineContext, crosshair, marksOf } from './timeline.ts';
import './Monitoring.css';

const BOARDS = {
  quality: ['Data quality', QualityBoard],
  model: ['Model', ModelBoard],
  system: ['System', SystemBoard],
} as const;
const MARKS_SECONDS = 60;

interface Props {
  api: Api;
  contract: Contract;
  board: string;
  /** What is shown of it, in the address. */
  query: Query;
  operator: boolean;
}

export function Monitoring({ api, contract, board, query, operator }: Props) {
  const shown = Object.hasOwn(BOARDS, board) ? (board as keyof typeof BOARDS) : 'quality';
  const { window, start, end } = query;
  const span = useMemo(() => spanOf(query), [window, start, end]);
  const [paused, setPaused] = useState(false);
  const [at, setAt] = useState<Date | null>(null);
  const marks = useMarks(api, span, paused);
  const pointer = useMemo(crosshair, []);
  const timeline = useMemo(() => ({ crosshair: pointer, marks, onRange: chooseRange }), [pointer, marks]);
  const [, Board] = BOARDS[shown];
  return (
    <TimelineContext.Provider value={timeline}>
      <h1>Monitoring</h1>
      <div class="filters">
        <nav class="presets" aria-label="Boards">
          {Object.entries(BOARDS).map(([key, [title]]) => (
            <a
              key={key}
              class="button"
              href={fragment({ view: 'monitoring', subpath: key, query: queryOf(span) })}
              aria-current={key === shown ? 'page' : undefined}
            >
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
              aria-pressed={each === span}
              onClick={() => changeQuery(queryOf(each))}
            >
              {each.label}
            </button>
          ))}
        </div>
        <p class="refreshing muted">
          {at ? `Updated ${at.toLocaleTimeString()}` : 'Not loaded yet'}
          {paused ? ', paused' : `, every ${span.refreshSeconds} s`}
          <button type="button" class="button button-quiet" onClick={() => setPaused(!paused)}>
            {paused ? 'Resume' : 'Pause'}
          </button>
        </p>
      </div>
      <OwnRange key={`${start} ${end}`} span={span} />
      <MarkList marks={marks} />
      <Board
        key={shown}
        api={api}
        contract={contract}
        span={span}
        seconds={paused ? null : span.refreshSeconds}
        onLoaded={setAt}
        operator={operator}
      />
    </TimelineContext.Provider>
  );
}

/** Puts a range into the address; Back returns to the one before. */
function chooseRange(one: Date, other: Date): void {
  const range = allowedRange(one, other, new Date());
  if (range) changeQuery({ window: '', ...range });
}

/** Promotions, trainings and alerts; without those that can't be loaded, as they are no more than marks. */
function useMarks(api: Api, span: Span, paused: boolean): readonly Mark[] {
  const loaded = usePolled(
    async (signal) => {
      const [models, open, resolved] = await Promise.all([
        api.models(signal),
        api.alerts('open', null, signal),
        api.alerts('resolved', null, signal),
      ]);
      return marksOf(rangeOf(span), models, [...open.items, ...resolved.items]);
    },
    [api, span],
    paused ? null : MARKS_SECONDS,
  );
  const marks = loaded.value ?? NONE;
  // Loaded again they are mostly the same, and no chart has to be drawn again.
  return useMemo(() => marks, [JSON.stringify(marks)]);
}

const NONE: readonly Mark[] = [];

/** First and last moment of one's own range, in local time. */
function OwnRange({ span }: { span: Span }) {
  const range = rangeOf(span);
  const [from, setFrom] = useState(localInput(range.start));
  const [to, setTo] = useState(localInput(range.end));
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    chooseRange(new Date(from), new Date(to));
  };
  return (
    <details class="own-range" open={!('minutes' in span)}>
      <summary>
        {'minutes' in span ? 'Another time range' : `From ${localTime(span.start)} to ${localTime(span.end)}`}
        <span class="muted small"> (or drag over a chart)</span>
      </summary>
      <form class="search" onSubmit={submit}>
        <div class="field">
          <label for="range-from">From</label>
          <input id="range-from" type="datetime-local" value={from} required onInput={(event) => setFrom(event.currentTarget.value)} />
        </div>
        <div class="field">
          <label for="range-to">To</label>
          <input id="range-to" type="datetime-local" value={to} required onInput={(event) => setTo(event.currentTarget.value)} />
        </div>
        <button type="submit" class="button">
          Show
        </button>
      </form>
    </details>
  );
}

/** An instant as an input for date and time takes it: local, to the minute. */
function localInput(at: string): string {
  const date = new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function MarkList({ marks }: { marks: readonly Mark[] }) {
  if (marks.length === 0) return null;
  const letters = Object.entries(MARKS).map(([letter, what]) => `${letter} ${what}`);
  return (
    <details class="marks small">
      <summary>
        {count(marks.length, 'mark')} in the charts: {letters.join(', ')}
      </summary>
      <ul>
        {marks.map(({ at, letter, label }) => (
          <li key={`${at} ${label}`}>
            <strong>{letter}</strong> <Time at={at} /> {label}
          </li>
        ))}
      </ul>
    </details>
  );
}
