import type { TargetedSubmitEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Api } from '../api.ts';
import { Field } from '../components/Field.tsx';
import { ProblemNotice } from '../components/Notice.tsx';
import { Gauge } from '../components/Probability.tsx';
import { Time } from '../components/Time.tsx';
import { CITY, CITY_INDEX, type Cells, grouped, inputColumns, toCandidate } from '../contract.ts';
import { type Problem, asProblem } from '../problem.ts';
import type { Contract, FieldError, Prediction } from '../shapes.ts';
import { percent, verdict } from '../wording.ts';

interface CandidateForm {
  cells: Cells;
  /** The latest prediction; `outdated` once the form has been changed since. */
  prediction: Prediction | null;
  outdated: boolean;
  /** What stopped the latest request. */
  problem: Problem | null;
  /** What of it still stands beside the fields: entering something takes a field's errors away. */
  errors: readonly FieldError[];
  busy: boolean;
  enter: (name: string, text: string) => void;
  submit: () => Promise<void>;
  clear: () => void;
}

const BLANK = { cells: {}, prediction: null, outdated: false, problem: null, errors: [], busy: false };

export function useCandidateForm(api: Api, contract: Contract): CandidateForm {
  const [state, setState] = useState<Omit<CandidateForm, 'enter' | 'submit' | 'clear'>>(BLANK);

  const enter = (name: string, text: string): void => {
    const entered: Cells = { [name]: text };
    if (name === CITY) entered[CITY_INDEX] = String(contract.cities[text] ?? '');
    setState((now) => ({
      ...now,
      cells: { ...now.cells, ...entered },
      errors: now.errors.filter((error) => error.field === null || !(error.field in entered)),
      outdated: now.prediction !== null,
    }));
  };

  const submit = async (): Promise<void> => {
    const { cells } = state;
    setState((now) => ({ ...now, busy: true, problem: null, errors: [] }));
    try {
      const [prediction = null] = await api.predict([toCandidate(inputColumns(contract), cells)]);
      setState((now) => ({ ...now, busy: false, prediction, outdated: now.cells !== cells }));
    } catch (error) {
      const problem = asProblem(error);
      setState((now) => ({ ...now, busy: false, prediction: null, problem, errors: problem.errors }));
    }
  };

  return { ...state, enter, submit, clear: () => setState(BLANK) };
}

export function Predict({ contract, form }: { contract: Contract; form: CandidateForm }) {
  const element = useRef<HTMLFormElement>(null);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const wrong = element.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
    if (wrong) wrong.focus();
    // Where the panel lies below the form, on a narrow screen, its news would go unseen.
    else if (form.prediction ?? form.problem) panel.current?.scrollIntoView({ block: 'nearest' });
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
          <div role="status">{!form.problem && <Result form={form} />}</div>
          {form.problem && <Trouble contract={contract} form={form} problem={form.problem} />}
        </section>
      </div>
    </>
  );
}

function Result({ form }: { form: CandidateForm }) {
  return form.prediction ? (
    <Answer prediction={form.prediction} outdated={form.outdated} />
  ) : (
    <p class="muted">Fill in the form and press Predict. What is optional and left empty counts as not known.</p>
  );
}

function Answer({ prediction, outdated }: { prediction: Prediction; outdated: boolean }) {
  const { probability, will_change: willChange } = prediction;
  return (
    <div class={outdated ? 'answer outdated' : 'answer'}>
      <Gauge probability={probability} willChange={willChange} />
      <p class="verdict">
        <strong>{percent(probability)}</strong>
        <span class="visually-hidden"> – </span>
        {verdict(willChange)}
      </p>
      {outdated && <p class="muted">The form has changed since. Press Predict for a new answer.</p>}
      <dl class="facts">
        <dt>Model</dt>
        <dd>{prediction.model_version}</dd>
        <dt>Predicted</dt>
        <dd>
          <Time at={prediction.created_at} />
        </dd>
      </dl>
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
