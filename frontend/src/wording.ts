/** Figures in words. Probabilities are in [0, 1]. */

export function percent(probability: number): string {
  return `${Math.round(probability * 100)} %`;
}

/** What counts as likely is the API's verdict (`will_change`), not the page's. */
export function verdict(willChange: boolean): string {
  return willChange ? 'likely to be looking for a new job' : 'unlikely to be looking for a new job';
}

/** "1 row", "1,200 rows". */
export function count(many: number, what: string): string {
  return `${many.toLocaleString('en')} ${what}${many === 1 ? '' : 's'}`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toLocaleString('en', { maximumFractionDigits: 1 })} MB`;
}
