import { useEffect, useState } from 'preact/hooks';
import type { Api } from '../../api/client.ts';
import type { ListedModel } from '../../api/types.ts';
import { Outcome } from '../../components/Notice.tsx';
import { Operation } from '../../components/Operation.tsx';
import { usePolled } from '../../hooks/usePolled.ts';
import { DeadLetters } from './DeadLetters.tsx';
import { Erasure } from './Erasure.tsx';
import { SubjectAccess } from './SubjectAccess.tsx';
import { TrainingPreview } from './TrainingPreview.tsx';
import { trainingOutcome } from './trainingOutcome.ts';
import './Operations.css';

const POLL_SECONDS = 3;

/** What an operator can do with the system. */
export function Operations({ api, versions, onDone }: { api: Api; versions: readonly ListedModel[]; onDone: () => void }) {
  const previous = versions.find(({ role }) => role === 'previous');
  return (
    <section class="section" aria-labelledby="operations-title">
      <h2 id="operations-title">Operations</h2>
      <p class="muted">Each asks first, and is recorded as a run under your token's name.</p>
      <div class="operations">
        <section class="card padded" aria-label="Training">
          <h3>Train and roll back</h3>
          <p class="small muted">
            A new version is trained on labelled rows and reported outcomes. It isn't used until you promote it.
          </p>
          <div class="actions">
            <Operation
              action="Retrain"
              title="Train a new version?"
              consequence={
                <>
                  <TrainingPreview api={api} />
                  <p>Training takes some minutes, in the background. The champion stays in use meanwhile.</p>
                </>
              }
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
                  <Outcome>
                    <code>{champion}</code> is the champion again.
                  </Outcome>
                );
              }}
              onDone={onDone}
            />
          </div>
        </section>
        <DeadLetters api={api} />
        <SubjectAccess api={api} />
        <Erasure api={api} />
      </div>
    </section>
  );
}

/** The progress of a requested training. */
function Training({ api, runId, onDone }: { api: Api; runId: string; onDone: () => void }) {
  const [finished, setFinished] = useState(false);
  const runs = usePolled((signal) => api.runs(null, signal), [api, runId], finished ? null : POLL_SECONDS);
  const run = runs.value?.items.find(({ id }) => id === runId);
  useEffect(() => {
    if (!run) return;
    setFinished(true);
    onDone();
  }, [run !== undefined]);
  if (!run) return <Outcome>Training has begun and continues in the background. This dialog may be closed.</Outcome>;
  const { failed, sentence } = trainingOutcome(run);
  return <Outcome failed={failed}>{sentence}</Outcome>;
}
