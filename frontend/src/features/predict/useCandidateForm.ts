import { useEffect, useState } from 'preact/hooks';
import type { Api } from '../../api/client.ts';
import { type Problem, asProblem } from '../../api/problem.ts';
import type { Contract, FieldError, StoredPrediction } from '../../api/types.ts';
import { useRetryOnReconnect } from '../../hooks/useRetryOnReconnect.ts';
import { changeQuery, routeOf } from '../../hooks/useRoute.ts';
import { type Cells, CITY, CITY_INDEX, cellsOf, inputColumns, toCandidate } from '../../lib/contract.ts';

/** The form and its prediction when a what-if began: what it compares with, and returns to. */
export interface Baseline {
  cells: Cells;
  prediction: StoredPrediction;
}

interface FormState {
  cells: Cells;
  /** The latest prediction; `outdated` once the form has been changed since. */
  prediction: StoredPrediction | null;
  outdated: boolean;
  /** Set during a what-if, in which every change is predicted at once; null while changes wait for Predict. */
  baseline: Baseline | null;
  /** The problem of the latest request. */
  problem: Problem | null;
  /** The problem's errors that are still shown beside the fields: entering a text removes those of its field. */
  errors: readonly FieldError[];
  busy: boolean;
}

export interface CandidateForm extends FormState {
  enter: (name: string, text: string) => void;
  /** Predicts and stores; nothing during a what-if, which stores nothing. */
  submit: () => Promise<void>;
  clear: () => void;
  /** From now on, every change is predicted at once. */
  startWhatIf: () => void;
  /** Ends the what-if and restores the form as it was before. */
  undo: () => void;
}

const BLANK: FormState = {
  cells: {},
  prediction: null,
  outdated: false,
  baseline: null,
  problem: null,
  errors: [],
  busy: false,
};

/** How long the user must pause before a change is predicted. */
const DEBOUNCE_MILLISECONDS = 350;

/** The form; `shown` is the stored prediction that the address names: empty without one, null on another view. */
export function useCandidateForm(api: Api, contract: Contract, shown: string | null): CandidateForm {
  const [state, setState] = useState<FormState>(BLANK);
  const { cells, baseline, outdated } = state;

  const enter = (name: string, text: string): void => {
    const entered: Cells = { [name]: text };
    if (name === CITY) entered[CITY_INDEX] = String(contract.cities[text] ?? '');
    setState((now) => ({
      ...now,
      cells: { ...now.cells, ...entered },
      errors: now.errors.filter((error) => error.field === null || !(error.field in entered)),
      outdated: now.prediction !== null || now.baseline !== null,
    }));
  };

  const predict = async (entered: Cells, store: boolean, signal?: AbortSignal): Promise<void> => {
    const candidate = toCandidate(inputColumns(contract), entered);
    const settle = (change: (now: FormState) => Partial<FormState>): void => {
      if (!signal?.aborted) setState((now) => ({ ...now, busy: false, ...change(now) }));
    };
    try {
      const prediction = await api.explain(candidate, store, signal);
      settle((now) => ({ prediction, outdated: now.cells !== entered, problem: null, errors: [] }));
      if (store && routeOf(location.hash).view === 'predict') changeQuery({ prediction: prediction.id }, { replace: true });
    } catch (error) {
      const problem = asProblem(error);
      settle(() => ({ prediction: null, problem, errors: problem.errors }));
    }
  };

  useEffect(() => {
    if (!shown || shown === state.prediction?.id) return undefined;
    const controller = new AbortController();
    api.prediction(shown, controller.signal).then(
      (prediction) => {
        if (!controller.signal.aborted) setState({ ...BLANK, cells: cellsOf(prediction), prediction });
      },
      (error: unknown) => {
        if (!controller.signal.aborted) setState((now) => ({ ...now, problem: asProblem(error) }));
      },
    );
    return () => controller.abort();
  }, [api, shown]);

  useEffect(() => {
    if (!baseline || !outdated) return undefined;
    const controller = new AbortController();
    const timer = setTimeout(() => void predict(cells, false, controller.signal), DEBOUNCE_MILLISECONDS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [cells, baseline]);

  const submit = async (): Promise<void> => {
    if (baseline) return;
    setState((now) => ({ ...now, busy: true, problem: null, errors: [] }));
    await predict(cells, true);
  };

  useRetryOnReconnect(baseline || Object.keys(cells).length === 0 ? null : state.problem, () => void submit());

  return {
    ...state,
    enter,
    submit,
    clear: () => {
      setState(BLANK);
      changeQuery({ prediction: '' });
    },
    startWhatIf: () =>
      setState((now) => ({
        ...now,
        baseline: now.prediction && { cells: now.cells, prediction: now.prediction },
      })),
    undo: () => setState((now) => ({ ...BLANK, ...now.baseline })),
  };
}
