import { useEffect, useState } from 'preact/hooks';

/** The views by the address's fragment. The page is one object in a bucket, so its path says nothing. */
export const VIEWS = {
  predict: 'Predict',
  batch: 'Predict a file',
  past: 'Past predictions',
  files: 'Files',
  monitoring: 'Monitoring',
  model: 'Model',
} as const;

export type View = keyof typeof VIEWS;

/** What the address names: a view, and what of it (a file's id, a board), empty for the view itself. */
export interface Place {
  view: View;
  part: string;
}

/** Where the address leads, to the form where it names no view. */
export function usePlace(): Place {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = (): void => setHash(location.hash);
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return placeIn(hash);
}

function placeIn(hash: string): Place {
  const [name = '', ...rest] = hash.slice(1).split('/');
  return name in VIEWS ? { view: name as View, part: rest.join('/') } : { view: 'predict', part: '' };
}
