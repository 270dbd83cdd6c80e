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

export interface Route {
  view: View;
  /** What of the view is shown: a file's id, a board, the file whose past predictions are shown; empty for the view itself. */
  subpath: string;
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
  const [name = '', ...rest] = hash.slice(1).split('/');
  return Object.hasOwn(VIEWS, name) ? { view: name as View, subpath: rest.join('/') } : { view: 'predict', subpath: '' };
}
