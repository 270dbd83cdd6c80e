import { useEffect, useState } from 'preact/hooks';

/** The views by the address's fragment. The page is one object in a bucket, so its path says nothing. */
export const VIEWS = {
  predict: 'Predict',
  batch: 'Predict a file',
  past: 'Past predictions',
  files: 'Files',
} as const;

export type View = keyof typeof VIEWS;

/** The view that the address names, the form where it names none. */
export function useView(): View {
  const [view, setView] = useState(viewInAddress);
  useEffect(() => {
    const follow = (): void => setView(viewInAddress());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return view;
}

function viewInAddress(): View {
  const name = location.hash.slice(1);
  return name in VIEWS ? (name as View) : 'predict';
}
