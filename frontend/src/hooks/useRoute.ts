import { useEffect, useState } from 'preact/hooks';

/** The views by the address's fragment. The page is one object in a bucket, so its path can't name them. */
export const VIEWS = {
  predict: 'Predict',
  batch: 'Predict a file',
  past: 'Past predictions',
  files: 'Files',
  monitoring: 'Monitoring',
  model: 'Model',
} as const;

export type View = keyof typeof VIEWS;

/** What is chosen within a view, by name: filters, a window, a prediction. */
export type Query = Readonly<Record<string, string>>;

export interface Route {
  view: View;
  /** What of the view is shown: a file's id, a board, a version, the file whose past predictions are shown; empty for the view itself. */
  subpath: string;
  query: Query;
}

/** The route in the address; follows its changes. */
export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = (): void => setHash(location.hash);
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return routeOf(hash);
}

/** The route that a fragment names; the prediction form where it names none. */
export function routeOf(hash: string): Route {
  const [path = '', parameters = ''] = hash.slice(1).split('?', 2);
  const [name = '', ...rest] = path.split('/');
  const query = Object.fromEntries(new URLSearchParams(parameters));
  return Object.hasOwn(VIEWS, name)
    ? { view: name as View, subpath: rest.join('/'), query }
    : { view: 'predict', subpath: '', query: {} };
}

/** The fragment of a route with some values of its query changed; an empty one is left out. */
export function fragment({ view, subpath, query }: Route, changes: Query = {}): string {
  const left = Object.entries({ ...query, ...changes }).filter(([, value]) => value !== '');
  const path = subpath === '' ? view : `${view}/${subpath}`;
  return left.length > 0 ? `#${path}?${new URLSearchParams(left)}` : `#${path}`;
}

/** Changes values of the current address's query. The browser's Back returns to what it was, unless it is replaced. */
export function changeQuery(changes: Query, { replace = false } = {}): void {
  const changed = fragment(routeOf(location.hash), changes);
  if (changed === location.hash) return;
  if (replace) location.replace(changed);
  else location.hash = changed;
}
