import { useEffect, useId, useRef } from 'preact/hooks';
import type { Contract, Prediction } from '../api/types.ts';
import { useLoaded } from '../hooks/useLoaded.ts';
import { percent, verdict } from '../lib/format.ts';
import { Contributions } from './Contributions.tsx';
import './Dialog.css';
import { Facts } from './Facts.tsx';
import { Loading, ProblemNotice } from './Notice.tsx';
import { Time } from './Time.tsx';

export type LoadExplained = (id: string, signal: AbortSignal) => Promise<Prediction>;

interface Props {
  contract: Contract;
  prediction: Prediction;
  /** Loads a prediction with its explanation. */
  load: LoadExplained;
  onClose: () => void;
}

/** What speaks for and against one prediction, in a dialog that is open while it is rendered. */
export function ExplanationDialog({ contract, prediction, load, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const explained = useLoaded((signal) => load(prediction.id, signal), [load, prediction.id]);
  useEffect(() => dialog.current?.showModal(), []);
  const { enrollee_id: number, row, probability, will_change, model_version, created_at } = prediction;
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={id} onClose={onClose}>
      <div class="dialog-text">
        <h2 id={id}>{number === null ? `Row ${row}` : `Candidate ${number}`}</h2>
        <p>
          <strong>{percent(probability)}</strong>, {verdict(will_change)}
        </p>
        {explained.status === 'loading' && <Loading what="the explanation" />}
        {explained.status === 'failed' && <ProblemNotice problem={explained.problem} onRetry={explained.retry} />}
        {explained.status === 'ready' && <Contributions contract={contract} of={explained.value.explanation ?? []} />}
        <Facts facts={{ Model: model_version, Predicted: <Time at={created_at} /> }} />
        <div class="actions">
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </div>
      </div>
    </dialog>
  );
}
