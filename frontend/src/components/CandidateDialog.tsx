import { useEffect, useId, useRef } from 'preact/hooks';
import type { Api } from '../api/client.ts';
import type { Contract, Prediction } from '../api/types.ts';
import { useLoaded } from '../hooks/useLoaded.ts';
import { useScale } from '../hooks/useScale.ts';
import { explanationOf } from '../lib/explanation.ts';
import { SOURCES, count, percent } from '../lib/format.ts';
import { standing } from '../lib/verdict.ts';
import { Contributions } from './Contributions.tsx';
import './Dialog.css';
import { Facts } from './Facts.tsx';
import { Loading, ProblemNotice } from './Notice.tsx';
import { Outcomes } from './Outcomes.tsx';
import { Time } from './Time.tsx';
import { VersionLink } from './VersionLink.tsx';

interface Props {
  api: Api;
  contract: Contract;
  /** The prediction's. */
  id: string;
  onClose: () => void;
}

/** One candidate: why a prediction is as it is, those before and after it, and what the candidate really did. Open while it is rendered. */
export function CandidateDialog({ api, contract, id, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const loaded = useLoaded((signal) => api.prediction(id, signal), [api, id]);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={title} onClose={onClose}>
      <div class="dialog-text">
        <h2 id={title}>{loaded.status === 'ready' ? nameOf(loaded.value) : 'Candidate'}</h2>
        {loaded.status === 'loading' && <Loading what="the explanation" />}
        {loaded.status === 'failed' && <ProblemNotice problem={loaded.problem} onRetry={loaded.retry} />}
        {loaded.status === 'ready' && <Explained api={api} contract={contract} prediction={loaded.value} />}
        <div class="actions">
          {loaded.status === 'ready' && (
            <a class="button" href={`#predict?prediction=${id}`}>
              What if …?
            </a>
          )}
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </div>
      </div>
    </dialog>
  );
}

function nameOf({ enrollee_id: number, row }: Prediction): string {
  if (number !== null) return `Candidate ${number}`;
  return row === null ? 'Candidate without a number' : `Row ${row}`;
}

function Explained({ api, contract, prediction }: { api: Api; contract: Contract; prediction: Prediction }) {
  const { probability, will_change, model_version, created_at, source, file_id, enrollee_id: number } = prediction;
  const explanation = explanationOf(prediction);
  const known = useScale(api, model_version);
  const scale = { ...known, average: explanation?.average ?? known.average };
  return (
    <>
      <p>
        <strong>{percent(probability)} chance of looking</strong>: {standing(probability, will_change, scale, explanation?.above)}.
      </p>
      {explanation && <Contributions contract={contract} of={explanation} />}
      <Facts
        facts={{
          Model: <VersionLink version={model_version} />,
          Predicted: <Time at={created_at} />,
          Source: file_id === null ? SOURCES[source] : <a href={`#files/${file_id}`}>A file</a>,
        }}
      />
      {number !== null && (
        <>
          <History api={api} number={number} current={prediction.id} />
          <Outcomes api={api} number={number} />
        </>
      )}
    </>
  );
}

/** The candidate's other predictions, newest first. */
function History({ api, number, current }: { api: Api; number: number; current: string }) {
  const loaded = useLoaded((signal) => api.candidatePredictions(String(number), signal), [api, number]);
  if (loaded.status === 'loading') return <Loading what="the history" />;
  if (loaded.status === 'failed') return <ProblemNotice problem={loaded.problem} onRetry={loaded.retry} />;
  const others = loaded.value.filter(({ id }) => id !== current);
  return (
    <section class="section" aria-labelledby="history-title">
      <h3 id="history-title">History</h3>
      {others.length === 0 && <p class="muted">This is the only prediction for this candidate.</p>}
      <ul class="history">
        {others.slice(0, SHOWN).map(({ id, created_at, probability, model_version }) => (
          <li key={id}>
            <a href={`#past?candidate=${number}&prediction=${id}`}>
              <Time at={created_at} />
            </a>
            : {percent(probability)} by <VersionLink version={model_version} />
          </li>
        ))}
      </ul>
      {others.length > SHOWN && (
        <a href={`#past?candidate=${number}`}>All {count(loaded.value.length, 'prediction')} of this candidate</a>
      )}
    </section>
  );
}

const SHOWN = 5;
