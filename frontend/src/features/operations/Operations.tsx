import { Fragment } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Api } from '../../api/client.ts';
import { Loading, ProblemNotice } from '../../components/Notice.tsx';
import { Operation } from '../../components/Operation.tsx';
import { Time } from '../../components/Time.tsx';
import { usePolled } from '../../hooks/useLoaded.ts';
import type { ListedModel, Queue, Receipt } from '../../api/types.ts';
import { count, duration, whole, words } from '../../lib/format.ts';

const FOLLOW_SECONDS = 3;
const NOTHING_TO_LEARN_FROM = 'no_labelled_rows';

/** What an operator may do with one version. */
export function VersionOperations({ api, version, onDone }: { api: Api; version: ListedModel; onDone: () => void }) {
  const { version: name, role, status, gates } = version;
  const inUse = role === 'champion';
  const failed = status === 'FAILED';
  return (
    <span class="actions">
      <Operation
        action="Promote"
        disabled={inUse}
        title={`Promote ${name}?`}
        consequence={
          <>
            <p>Every prediction from now on is made by this version. The champion of now is kept as the previous one.</p>
            {failed && (
              <p>
                It has failed: {gates.filter(({ passed }) => !passed).map(({ sentence }) => sentence).join(' ')} To promote
                it all the same, say why; the reason is recorded.
              </p>
            )}
          </>
        }
        {...(failed ? { demand: { label: 'Why it is promoted all the same', accepts: (text) => text.trim() !== '' } } : {})}
        run={async (reason) => {
          await api.operator.promote(name, failed ? reason : null);
          return <p>{name} is the champion now.</p>;
        }}
        onDone={onDone}
      />
      {role === 'challenger' ? (
        <Operation
          action="Withdraw"
          title={`Withdraw the challenger ${name}?`}
          consequence={<p>It no longer scores in the shadow. What it has scored is kept.</p>}
          run={async () => {
            await api.operator.withdrawChallenger();
            return <p>There is no challenger now.</p>;
          }}
          onDone={onDone}
        />
      ) : (
        <Operation
          action="Challenge"
          disabled={inUse}
          title={`Let ${name} challenge the champion?`}
          consequence={<p>It scores what the champion scores, in the shadow: its answers are compared, and shown to nobody.</p>}
          run={async () => {
            await api.operator.challenge(name);
            return <p>{name} is the challenger now.</p>;
          }}
          onDone={onDone}
        />
      )}
    </span>
  );
}

/** What an operator may do with the system. */
export function Operations({ api, versions, onDone }: { api: Api; versions: readonly ListedModel[]; onDone: () => void }) {
  const previous = versions.find(({ role }) => role === 'previous');
  return (
    <section class="section" aria-labelledby="operations-title">
      <h2 id="operations-title">Operations</h2>
      <p class="muted">Each asks first, and is recorded among the runs with the name of your token.</p>
      <div class="operations">
        <section class="card padded" aria-label="Training">
          <h3>Train and roll back</h3>
          <p class="small muted">
            A new version is trained on the labelled rows; it becomes the champion only if it passes the gates.
          </p>
          <div class="actions">
            <Operation
              action="Retrain"
              title="Train a new version?"
              consequence={<p>Training goes on in the background, for some minutes. The champion stays in use meanwhile.</p>}
              run={async () => {
                const { run_id } = await api.operator.train();
                return <Training api={api} runId={run_id} onDone={onDone} />;
              }}
            />
            <Operation
              action="Roll back"
              title="Roll back to the previous champion?"
              consequence={
                <p>
                  {previous ? <code>{previous.version}</code> : 'The previous version'} becomes the champion again, at once.
                </p>
              }
              run={async () => {
                const { champion } = await api.operator.rollBack();
                return (
                  <p>
                    <code>{champion}</code> is the champion again.
                  </p>
                );
              }}
              onDone={onDone}
            />
          </div>
        </section>
        <DeadLetters api={api} />
        <Erasure api={api} />
      </div>
    </section>
  );
}

/** What becomes of a training that was asked for. */
function Training({ api, runId, onDone }: { api: Api; runId: string; onDone: () => void }) {
  const [over, setOver] = useState(false);
  const runs = usePolled((signal) => api.runs(null, signal), [api, runId], over ? null : FOLLOW_SECONDS);
  const run = runs.value?.items.find(({ id }) => id === runId);
  useEffect(() => {
    if (!run) return;
    setOver(true);
    onDone();
  }, [run !== undefined]);
  if (!run) return <p>Training has begun and goes on in the background. This dialog may be closed.</p>;
  return (
    <p>
      Training: {words(run.status).toLowerCase()} after {duration(run.seconds)}.{' '}
      {run.reason === NOTHING_TO_LEARN_FROM
        ? 'There are no labelled rows. Put a CSV file with the target column into the training/ folder of the data lake.'
        : run.reason}
    </p>
  );
}

const QUEUES: Record<Queue['queue'], string> = {
  ingest: 'Files to check',
  score: 'Parts to score',
  recover: 'Erasures and replacements',
};

/** Messages that were tried several times in vain. Each look is recorded among the runs, so there is none by itself. */
function DeadLetters({ api }: { api: Api }) {
  const queues = usePolled((signal) => api.operator.queues(signal), [api], null);
  return (
    <section class="card padded" aria-label="Dead letters">
      <h3>Dead letters</h3>
      <p class="small muted">What failed again and again waits here. Once the cause is gone, send it round again.</p>
      <div class="actions">
        <button type="button" class="button" onClick={queues.refresh}>
          Look again
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
                  action="Redrive"
                  title={`Send ${count(messages, 'message')} round again?`}
                  consequence={<p>{QUEUES[queue]}: they go back to their queue and are tried again, as if they were new.</p>}
                  run={async () => {
                    const { moved } = await api.operator.redrive(queue);
                    return <p>{count(moved, 'message')} went back to the queue.</p>;
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

/** Erasure of one person's data, on their request. */
function Erasure({ api }: { api: Api }) {
  const [text, setText] = useState('');
  const candidate = text.trim();
  return (
    <section class="card padded" aria-label="Erasure">
      <h3>Erase a candidate</h3>
      <p class="small muted">Everything that is kept of a person goes: predictions, outcomes, and rows of files.</p>
      <div class="search">
        <div class="field">
          <label for="erase">Candidate number</label>
          <input
            id="erase"
            type="text"
            inputMode="numeric"
            autocomplete="off"
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </div>
        <Operation
          dangerous
          action="Erase"
          title={`Erase candidate ${candidate}?`}
          disabled={candidate === ''}
          consequence={
            <p>
              All that is stored of candidate <strong>{candidate}</strong> is erased for good. This can't be undone.
            </p>
          }
          demand={{ label: 'The candidate number once more', accepts: (again) => again.trim() === candidate }}
          run={async () => <Erased receipt={await api.operator.erase(candidate)} />}
        />
      </div>
    </section>
  );
}

function Erased({ receipt: { status, erased, at } }: { receipt: Receipt }) {
  return (
    <>
      {at ? (
        <p>
          Erased at <Time at={at} />. This is the receipt:
        </p>
      ) : (
        <p>The erasure goes on in the background. So far:</p>
      )}
      <dl class="facts">
        {Object.entries(erased).map(([kind, many]) => (
          <Fragment key={kind}>
            <dt>{words(kind)}</dt>
            <dd>{whole(many)}</dd>
          </Fragment>
        ))}
      </dl>
      {status === 'RUNNING' && <p>Erase the same number again to see how far it has come.</p>}
    </>
  );
}
