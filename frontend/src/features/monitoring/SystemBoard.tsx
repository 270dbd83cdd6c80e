import { useContext } from 'preact/hooks';
import type { Api, Range } from '../../api/client.ts';
import type { Alert, Criticality, QueueDepths } from '../../api/types.ts';
import { CriticalityPill } from '../../components/fileCells.tsx';
import { Empty, Loading, Outcome } from '../../components/Notice.tsx';
import { Operation } from '../../components/Operation.tsx';
import { TableScroll } from '../../components/TableScroll.tsx';
import { Time } from '../../components/Time.tsx';
import { usePolled } from '../../hooks/usePolled.ts';
import { localTime } from '../../lib/dates.ts';
import { humanize, integer } from '../../lib/format.ts';
import { QUEUES } from '../../lib/systemState.ts';
import { ApiLatency, ApiRequests } from './ApiRequests.tsx';
import { type BoardProps, Problems, useLoadedAt } from './boardParts.tsx';
import { Chart } from './Chart.tsx';
import { alertsFinding, waitingFinding } from './findings.ts';
import { rangeOf } from './lookback.ts';
import { CRITICALITY_SERIES, type Series, alertPoints, colourByName, visible } from './series.ts';
import { TimelineContext, bucketSeconds } from './timeline.ts';

const MOST_RESOLVED = 20;

/** What is open, what waits, and how the API answers. */
export function SystemBoard({ api, span, seconds, onLoaded, operator }: BoardProps) {
  const state = usePolled(api.state, [api], seconds);
  const open = usePolled((signal) => api.alerts('open', null, signal), [api], seconds);
  const resolved = usePolled((signal) => api.alerts('resolved', null, signal), [api], seconds);
  const depths = usePolled(
    (signal) => (operator ? api.operator.queueStats(rangeOf(span), signal) : Promise.resolve(null)),
    [api, span, operator],
    seconds,
  );
  const requests = usePolled((signal) => api.requestStats(rangeOf(span), signal), [api, span], seconds);
  useLoadedAt(open.loadedAt, onLoaded);
  const changed = (): void => [state, open, resolved].forEach(({ refresh }) => refresh());
  const queues = state.value?.queues;
  return (
    <>
      <Problems of={[state, open, resolved, depths, requests]} />
      {!open.value && !open.problem && <Loading what="alerts" />}
      <div class="board">
        {open.value && (
          <section class="card chart chart-wide" aria-labelledby="open-title">
            <h2 id="open-title">Open alerts</h2>
            {open.value.items.length === 0 ? (
              <Empty title="No open alerts">The watch looks every five minutes.</Empty>
            ) : (
              <AlertList api={api} alerts={open.value.items} operator={operator} onDone={changed} />
            )}
          </section>
        )}
        {queues && (
          <section class="card chart" aria-labelledby="queues-title">
            <h2 id="queues-title">Queues now</h2>
            <TableScroll label="Table: Queues">
              <table>
                <thead>
                  <tr>
                    <th scope="col">Queue</th>
                    <th scope="col" class="numeric">
                      Waiting
                    </th>
                    <th scope="col" class="numeric">
                      Dead letters
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {queues.map(({ queue, waiting, dead_letters }) => (
                    <tr key={queue}>
                      <td>{QUEUES[queue]}</td>
                      <td class="numeric">{integer(waiting)}</td>
                      <td class="numeric">{dead_letters > 0 ? <a href="#model">{integer(dead_letters)}</a> : 0}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </TableScroll>
          </section>
        )}
        {depths.value && <Waiting depths={depths.value} />}
        {requests.value && <ApiRequests stats={requests.value} />}
        {requests.value && <ApiLatency stats={requests.value} />}
        {open.value && resolved.value && (
          <AlertsOverTime range={rangeOf(span)} alerts={[...open.value.items, ...resolved.value.items]} />
        )}
        {resolved.value && resolved.value.items.length > 0 && (
          <section class="card chart chart-wide" aria-labelledby="resolved-title">
            <h2 id="resolved-title">Resolved alerts</h2>
            <AlertList api={api} alerts={resolved.value.items.slice(0, MOST_RESOLVED)} operator={false} onDone={changed} />
          </section>
        )}
      </div>
    </>
  );
}

interface ListProps {
  api: Api;
  alerts: readonly Alert[];
  operator: boolean;
  onDone: () => void;
}

function AlertList({ api, alerts, operator, onDone }: ListProps) {
  return (
    <ul class="alerts">
      {alerts.map((alert) => (
        <li key={alert.id} aria-label={alert.title}>
          <p class="latest-head">
            <CriticalityPill of={alert.criticality} />
            <strong>{alert.link ? <a href={new URL(alert.link).hash}>{alert.title}</a> : alert.title}</strong>
            <span class="muted small">
              <Time at={alert.at} />
            </span>
          </p>
          <p>{alert.what_happened}</p>
          {alert.state === 'open' && (
            <p>
              <strong>What to do:</strong> {alert.what_to_do}
            </p>
          )}
          <p class="muted small">
            {alert.acknowledged_at && (
              <>
                Acknowledged by {alert.acknowledged_by}, <Time at={alert.acknowledged_at} />.{' '}
              </>
            )}
            {alert.resolved_at && (
              <>
                Resolved by {alert.resolved_by === 'watch' ? 'itself: the watch saw that it is over' : alert.resolved_by},{' '}
                <Time at={alert.resolved_at} />.
              </>
            )}
          </p>
          {operator && (
            <div class="actions">
              {alert.acknowledged_at === null && (
                <Operation
                  action="Acknowledge"
                  title={`Acknowledge “${alert.title}”?`}
                  consequence={<p>Everybody sees that you look after it. The alert stays open.</p>}
                  run={async () => {
                    await api.operator.acknowledge(alert.id);
                    return <Outcome>You look after it.</Outcome>;
                  }}
                  onDone={onDone}
                />
              )}
              <Operation
                action="Resolve"
                title={`Resolve “${alert.title}”?`}
                consequence={<p>The alert is closed under your name. If the watch finds the same again after it was over, it alerts again.</p>}
                run={async () => {
                  await api.operator.resolve(alert.id);
                  return <Outcome>It is resolved.</Outcome>;
                }}
                onDone={onDone}
              />
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

const QUEUE_SERIES: readonly Series[] = [
  { name: QUEUES.ingest, colour: 'blue' },
  { name: QUEUES.score, colour: 'teal' },
  { name: QUEUES.data_request, colour: 'violet' },
  { name: 'Dead letters', colour: 'red' },
];

function Waiting({ depths }: { depths: QueueDepths }) {
  const points = depths.points.flatMap(({ at, queue, waiting, dead_letters }) => [
    { at, series: QUEUES[queue], value: waiting },
    { at, series: 'Dead letters', value: dead_letters },
  ]);
  return (
    <Chart
      title="Messages waiting"
      finding={waitingFinding(depths.points)}
      note="The most in each bar, as the watch found every five minutes."
      legend={QUEUE_SERIES}
      empty={points.length === 0 ? 'Nothing waited when the watch looked in this window.' : null}
      draw={(plots, width, { hidden, marks }) =>
        plots.stackedBars(width, { ...depths, marks }, visible(points, hidden), colourByName(QUEUE_SERIES))
      }
      inputs={[depths]}
      heads={['From', 'Queue', 'Waiting', 'Dead letters']}
      records={depths.points.map(({ at, queue, waiting, dead_letters }) => [localTime(at), QUEUES[queue], waiting, dead_letters])}
      over={{ instants: depths.points.map(({ at }) => at), seconds: depths.bucket_seconds }}
    />
  );
}

const ORDER: readonly Criticality[] = ['minor', 'major', 'critical'];

function AlertsOverTime({ range, alerts }: { range: Range; alerts: readonly Alert[] }) {
  const seconds = bucketSeconds(range);
  const shown = alerts.filter(({ at }) => at >= range.start && at < range.end);
  const points = alertPoints(shown, seconds);
  const window = { ...range, bucket_seconds: seconds };
  const legend = CRITICALITY_SERIES.filter(({ name }) => ORDER.some((each) => humanize(each) === name));
  const { marks } = useContext(TimelineContext);
  return (
    <Chart
      title="Alerts over time"
      finding={alertsFinding(shown)}
      legend={legend}
      empty={shown.length === 0 ? 'No alerts in this window.' : null}
      draw={(plots, width, { hidden }) =>
        plots.stackedBars(
          width,
          { ...window, marks: marks.filter(({ letter }) => letter !== 'A') },
          visible(points, hidden),
          colourByName(legend),
        )
      }
      inputs={[alerts, range.end]}
      heads={['At', 'Criticality', 'Alert']}
      records={shown.map(({ at, criticality, title }) => [localTime(at), humanize(criticality), title])}
      over={{ instants: shown.map(({ at }) => at), seconds: 0 }}
      links={shown.map(({ link }) => (link ? new URL(link).hash : ''))}
    />
  );
}
