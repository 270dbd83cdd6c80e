import type { Api } from '../../api/client.ts';
import { Loading, Outcome, ProblemNotice } from '../../components/Notice.tsx';
import { Operation } from '../../components/Operation.tsx';
import { Time } from '../../components/Time.tsx';
import { usePolled } from '../../hooks/usePolled.ts';
import { count } from '../../lib/format.ts';
import { QUEUES } from '../../lib/systemState.ts';
import './DeadLetters.css';

/** Messages that failed repeatedly. Each request for them is recorded as a run, so they aren't polled. */
export function DeadLetters({ api }: { api: Api }) {
  const queues = usePolled((signal) => api.operator.queues(signal), [api], null);
  return (
    <section class="card padded" aria-label="Dead letters">
      <h3>Dead letters</h3>
      <p class="small muted">Messages that failed repeatedly. Once the cause is fixed, retry them.</p>
      <div class="actions">
        <button type="button" class="button" onClick={queues.refresh}>
          Refresh
        </button>
      </div>
      {!queues.value && !queues.problem && <Loading what="queues" />}
      {queues.problem && <ProblemNotice problem={queues.problem} onRetry={queues.refresh} />}
      <ul class="queues">
        {queues.value?.map(({ queue, messages, samples }) => (
          <li key={queue}>
            <p class="queue">
              <span>
                {QUEUES[queue]}: <strong>{count(messages, 'message')}</strong>
              </span>
              {messages > 0 && (
                <Operation
                  action="Retry"
                  title={`Retry ${count(messages, 'message')}?`}
                  consequence={<p>{QUEUES[queue]}: the messages go back to their queue and are tried again, as if they were new.</p>}
                  run={async () => {
                    const { moved } = await api.operator.redrive(queue);
                    return <Outcome>{count(moved, 'message')} went back to the queue.</Outcome>;
                  }}
                  onDone={queues.refresh}
                />
              )}
            </p>
            <ul class="small muted">
              {samples.map(({ id, file_id, part, name, reason, sent_at }) => (
                <li key={id}>
                  {file_id && <a href={`#files/${file_id}`}>{name ?? file_id}</a>}
                  {part !== null && `, part ${part}`}
                  {reason && `${file_id ? ': ' : ''}${reason}`} (<Time at={sent_at} />)
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </section>
  );
}
