import { useEffect, useState } from 'preact/hooks';
import type { Api } from '../../api/client.ts';
import { CITY, CITY_INDEX, type Cells, IDENTIFIER, inputColumns, toCandidate } from '../../lib/contract.ts';
import { type Problem, asProblem } from '../../api/problem.ts';
import type { Contract, FieldError, Prediction } from '../../api/types.ts';

/** The form as it was predicted, which what-if compares with and can go back to. */
export interface Base {
  cells: Cells;
  prediction: Prediction;
}

interface FormState {
  cells: Cells;
  /** The latest prediction; `outdated` once the form has been changed since. */
  prediction: Prediction | null;
  outdated: boolean;
  /** What is compared with while every change is predicted at once; null when changes wait for Predict. */
  base: Base | null;
  /** What stopped the latest request. */
  problem: Problem | null;
  /** What of it still stands beside the fields: entering something takes a field's errors away. */
  errors: readonly FieldError[];
  busy: boolean;
}

export interface CandidateForm extends FormState {
  enter: (name: string, text: string) => void;
  submit: () => Promise<void>;
  clear: () => void;
  /** From now on, every change is predicted by itself. */
  whatIf: () => void;
  /** Back to the form as it was before. */
  undo: () => void;
}

const BLANK: FormState = {
  cells: {},
  prediction: null,
  outdated: false,
  base: null,
  problem: null,
  errors: [],
  busy: false,
};

/** How long nothing must be entered before a change is predicted. */
const SETTLED_MILLISECONDS = 350;

export function useCandidateForm(api: Api, contract: Contract): CandidateForm {
  const [state, setState] = useState<FormState>(BLANK);
  const { cells, base, outdated } = state;

  const enter = (name: string, text: string): void => {
    const entered: Cells = { [name]: text };
    if (name === CITY) entered[CITY_INDEX] = String(contract.cities[text] ?? '');
    setState((now) => ({
      ...now,
      cells: { ...now.cells, ...entered },
      errors: now.errors.filter((error) => error.field === null || !(error.field in entered)),
      outdated: now.prediction !== null || now.base !== null,
    }));
  };

  const ask = async (asked: Cells, anonymous: boolean, signal?: AbortSignal): Promise<void> => {
    const candidate = toCandidate(inputColumns(contract), asked);
    // Every prediction is kept: what was only tried must not stand in the candidate's own history.
    if (anonymous) delete candidate[IDENTIFIER];
    const settle = (change: (now: FormState) => Partial<FormState>): void => {
      if (!signal?.aborted) setState((now) => ({ ...now, busy: false, ...change(now) }));
    };
    try {
      const prediction = await api.explain(candidate, signal);
      settle((now) => ({ prediction, outdated: now.cells !== asked, problem: null, errors: [] }));
    } catch (error) {
      const problem = asProblem(error);
      settle(() => ({ prediction: null, problem, errors: problem.errors }));
    }
  };

  useEffect(() => {
    if (!base || !outdated) return undefined;
    const controller = new AbortController();
    const timer = setTimeout(() => void ask(cells, true, controller.signal), SETTLED_MILLISECONDS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [cells, base]);

  const submit = async (): Promise<void> => {
    setState((now) => ({ ...now, base: null, busy: true, problem: null, errors: [] }));
    await ask(cells, false);
  };

  return {
    ...state,
    enter,
    submit,
    clear: () => setState(BLANK),
    whatIf: () => setState((now) => ({ ...now, base: now.prediction && { cells: now.cells, prediction: now.prediction } })),
    undo: () => setState((now) => ({ ...BLANK, ...now.base })),
  };
}
