import type { TargetedSubmitEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Api } from '../../api/client.ts';
import type { Problem } from '../../api/problem.ts';
import type { Contract, Prediction, StoredPrediction } from '../../api/types.ts';
import { Contributions } from '../../components/Contributions.tsx';
import { Facts } from '../../components/Facts.tsx';
import { ProblemNotice } from '../../components/Notice.tsx';
import { Time } from '../../components/Time.tsx';
import { VersionLink } from '../../components/VersionLink.tsx';
import { columnGroups, inputColumns } from '../../lib/contract.ts';
import { explanationOf } from '../../lib/explanation.ts';
import { capitalized, change, percent } from '../../lib/format.ts';
import { type Scale, standing } from '../../lib/verdict.ts';
import { useScale } from '../../hooks/useScale.ts';
import { Field } from './Field.tsx';
import { Gauge } from './Gauge.tsx';
import { noteText } from './noteText.ts';
import type { CandidateForm } from './useCandidateForm.ts';
import './Predict.css';

export function Predict({ api, contract, form }: { api: Api; contract: Contract; form: CandidateForm }) {
  const element = useRef<HTMLFormElement>(null);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const wrong = element.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
    if (wrong) wrong.focus();
    // On a narrow screen the result is below the form and would go unseen. In a what-if the changed field stays in view.
    else if (!form.baseline && (form.prediction ?? form.problem)) panel.current?.scrollIntoView({ block: 'nearest' });
  }, [form.prediction, form.problem]);

  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (!form.busy) void form.submit();
  };

  return (
    <>
      <h1>Predict</h1>
      <p class="lead">How likely is a candidate to be looking for a new job?</p>
      <div class="predict">
        <form class="predict-form" aria-label="Candidate" noValidate ref={element} onSubmit={submit}>
          {columnGroups(inputColumns(contract)).map(([group, columns]) => (
            <fieldset key={group} class="card">
              <legend>{group}</legend>
              <div class="fields">
                {columns.map((column) => (
                  <Field
                    key={column.name}
                    column={column}
                    text={form.cells[column.name] ?? ''}
                    reasons={form.errors.filter((error) => error.field === column.name).map((error) => error.reason)}
                    onText={(text) => form.enter(column.name, text)}
                  />
                ))}
              </div>
            </fieldset>
          ))}
          <div class="actions">
            <button type="submit" class="button button-primary" aria-disabled={form.busy || form.baseline !== null}>
              {form.busy ? 'Predicting…' : 'Predict'}
            </button>
            <button type="button" class="button" disabled={form.busy} onClick={form.clear}>
              Clear
            </button>
          </div>
        </form>
        <section class="card result" aria-labelledby="result-title" ref={panel}>
          <h2 id="result-title">Result</h2>
          {form.problem ? (
            <>
              <RequestProblem contract={contract} form={form} problem={form.problem} />
              {form.baseline && <WhatIf form={form} />}
            </>
          ) : (
            <Result api={api} contract={contract} form={form} />
          )}
        </section>
        {form.baseline && form.prediction && (
          <StickyResult prediction={form.prediction} baseline={form.baseline.prediction} />
        )}
      </div>
    </>
  );
}

/** On a narrow screen, where the result is far below the form: the probability at the lower edge during a what-if. */
function StickyResult({ prediction, baseline }: { prediction: Prediction; baseline: Prediction }) {
  return (
    <p class="sticky-result" aria-hidden="true">
      <strong>{percent(prediction.probability)}</strong> {change(prediction.probability, baseline.probability)}
    </p>
  );
}

function Result({ api, contract, form }: { api: Api; contract: Contract; form: CandidateForm }) {
  const { prediction, baseline, outdated } = form;
  const explanation = prediction && explanationOf(prediction);
  const known = useScale(api, prediction?.model_version ?? null);
  const scale = { ...known, average: explanation?.average ?? known.average };
  return (
    <>
      <div role="status">
        {prediction ? (
          <Answer
            contract={contract}
            prediction={prediction}
            baseline={baseline?.prediction ?? null}
            outdated={outdated}
            scale={scale}
            above={explanation?.above ?? null}
          />
        ) : (
          <p class="muted">Fill in the form and press Predict. Optional fields may be left empty; they count as not given.</p>
        )}
      </div>
      {prediction && (
        <>
          <WhatIf form={form} />
          {explanation && <Contributions contract={contract} of={explanation} />}
          <Facts facts={{ Model: <VersionLink version={prediction.model_version} />, Predicted: <Time at={prediction.created_at} /> }} />
          {prediction.enrollee_id !== null && (
            <a class="small" href={`#past?candidate=${prediction.enrollee_id}`}>
              All predictions for candidate {prediction.enrollee_id}
            </a>
          )}
        </>
      )}
    </>
  );
}

interface AnswerProps {
  contract: Contract;
  prediction: StoredPrediction;
  baseline: Prediction | null;
  outdated: boolean;
  scale: Scale;
  above: number | null;
}

function Answer({ contract, prediction, baseline, outdated, scale, above }: AnswerProps) {
  const { probability, will_change: willChange } = prediction;
  return (
    <div class={outdated ? 'answer outdated' : 'answer'}>
      <Gauge probability={probability} willChange={willChange} before={baseline?.probability ?? null} scale={scale} />
      <p class="verdict">
        <strong>{percent(probability)}</strong>
        chance of looking for a new job
      </p>
      <p class="standing">{capitalized(standing(probability, willChange, scale, above))}.</p>
      {prediction.notes.map((note) => (
        <p key={note.type} class="answer-note">
          {noteText(contract, prediction, note)}
        </p>
      ))}
      {baseline && <p class="change">{change(probability, baseline.probability)}</p>}
      {outdated && !baseline && <p class="muted">The form has changed since. Press Predict for a new answer.</p>}
    </div>
  );
}

function WhatIf({ form }: { form: CandidateForm }) {
  const comparing = form.baseline !== null;
  // One button, so that the focus stays where it was.
  return (
    <div class={comparing ? 'what-if' : undefined}>
      {comparing && (
        <p key="hint" class="small">
          Change any field and see the answer change. Nothing that you try is stored.
        </p>
      )}
      <button
        key="button"
        type="button"
        class="button"
        disabled={!comparing && form.outdated}
        onClick={comparing ? form.undo : form.startWhatIf}
      >
        {comparing ? 'Undo changes' : 'What if …?'}
      </button>
    </div>
  );
}

/** The problem of the latest request, with those of its errors that belong to no field of the form. */
function RequestProblem({ contract, form, problem }: { contract: Contract; form: CandidateForm; problem: Problem }) {
  const fields = new Set<string | null>(inputColumns(contract).map((column) => column.name));
  return (
    <ProblemNotice
      problem={problem}
      errors={problem.errors.filter(({ field }) => !fields.has(field))}
      onRetry={problem.retryable ? form.submit : undefined}
    />
  );
}
