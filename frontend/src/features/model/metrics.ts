import { humanize } from '../../lib/format.ts';
import type { Interval } from '../../api/types.ts';

const METRICS: Readonly<Record<string, string>> = {
  roc_auc: 'ROC-AUC',
  pr_auc: 'PR-AUC',
  log_loss: 'Log loss',
  brier: 'Brier score',
  ece: 'Calibration error',
  f1: 'F1 at the threshold',
  balanced_accuracy: 'Balanced accuracy at the threshold',
};

/** Those of which less is better. */
export const ERRORS: ReadonlySet<string> = new Set(['log_loss', 'brier', 'ece']);

export function metricName(name: string): string {
  return METRICS[name] ?? humanize(name);
}

/** "0.804 (0.797 to 0.811)". */
export function withInterval({ value, low, high }: Interval, shown = (figure: number): string => figure.toFixed(3)): string {
  return low === high ? shown(value) : `${shown(value)} (${shown(low)} to ${shown(high)})`;
}
