import type { TargetedSubmitEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { CandidateForm } from './useCandidateForm.ts';
import { Contributions } from './Contributions.tsx';
import { Field } from './Field.tsx';
import { ProblemNotice } from '../../components/Notice.tsx';
import { Gauge } from '../../components/ProbabilityCell.tsx';
import { Time } from '../../components/Time.tsx';
import { grouped, inputColumns } from '../../lib/contract.ts';
import type { Problem } from '../../api/problem.ts';
import type { Contract, Prediction } from '../../api/types.ts';
import { compared, percent, verdict } from '../../lib/format.ts';

export function Predict({ contract, form }: { contract: Contract; form: CandidateForm }) {
  const element = useRef<HTMLFormElement>(null);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const wrong = element.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
    if (wrong) wrong.focus();
    // Where the panel lies below the form, on a narrow screen, its news would go unseen; while fields are being changed
    // to see what happens, they stay in sight.
    else if (!form.base && (form.prediction ?? form.problem)) panel.current?.scrollIntoView({ block: 'nearest' });
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
          {grouped(inputColumns(contract)).map(([group, columns]) => (
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
            <button type="submit" class="button button-primary" aria-disabled={form.busy}>
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
              <Trouble contract={contract} form={form} problem={form.problem} />
              {form.base && <WhatIf form={form} />}
            </>
          ) : (
            <Result contract={contract} form={form} />
          )}
        </section>
        {form.base && form.prediction && <Trailer now={form.prediction} base={form.base.prediction} />}
      </div>
    </>
  );
}

/** On a narrow screen, where the panel lies far below the form: the answer at the lower edge while fields change. */
function Trailer({ now, base }: { now: Prediction; base: Prediction }) {
  return (
    <p class="trailer" aria-hidden="true">
      <strong>{percent(now.probability)}</strong> {compared(now.probability, base.probability)}
    </p>
  );
}

function Result({ contract, form }: { contract: Contract; form: CandidateForm }) {
  const { prediction, base, outdated } = form;
  return (
    <>
      <div role="status">
        {prediction ? (
          <Answer prediction={prediction} base={base?.prediction ?? null} outdated={outdated} />
        ) : (
          <p class="muted">Fill in the form and press Predict. What is optional and left empty counts as not known.</p>
        )}
      </div>
      {prediction && (
        <>
          <WhatIf form={form} />
          {prediction.explanation && <Contributions contract={contract} of={prediction.explanation} />}
          <dl class="facts">
            <dt>Model</dt>
            <dd>{prediction.model_version}</dd>
            <dt>Predicted</dt>
            <dd>
              <Time at={prediction.created_at} />
            </dd>
          </dl>
        </>
      )}
    </>
  );
}

function Answer({ prediction, base, outdated }: { prediction: Prediction; base: Prediction | null; outdated: boolean }) {
  const { probability, will_change: willChange } = prediction;
  return (
    <div class={outdated ? 'answer outdated' : 'answer'}>
      <Gauge probability={probability} willChange={willChange} before={base?.probability ?? null} />
      <p class="verdict">
        <strong>{percent(probability)}</strong>
        <span class="visually-hidden"> – </span>
        {verdict(willChange)}
      </p>
      {base && <p class="change">{compared(probability, base.probability)}</p>}
      {outdated && !base && <p class="muted">The form has changed since. Press Predict for a new answer.</p>}
    </div>
  );
}

function WhatIf({ form }: { form: CandidateForm }) {
  if (!form.base) {
    return (
      <button type="button" class="button" disabled={form.outdated} onClick={form.whatIf}>
        What if …?
      </button>
    );
  }
  return (
    <div class="what-if">
      <p class="small">
        Change any field and see the answer move. What you try is kept without the candidate number.
      </p>
      <button type="button" class="button" onClick={form.undo}>
        Undo changes
      </button>
    </div>
  );
}

/** What stopped the request, with those of its errors that belong to no field of the form. */
function Trouble({ contract, form, problem }: { contract: Contract; form: CandidateForm; problem: Problem }) {
  const fields = new Set<string | null>(inputColumns(contract).map((column) => column.name));
  return (
    <ProblemNotice
      problem={problem}
      errors={problem.errors.filter(({ field }) => !fields.has(field))}
      onRetry={problem.passing ? form.submit : undefined}
    />
  );
}
