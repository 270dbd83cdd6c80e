import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useLoaded } from '../hooks/useLoaded.ts';
import { Loading, ProblemNotice } from './Notice.tsx';

interface Props<Code> {
  title: string;
  /** Always the same function of a view. */
  load: () => Promise<Code>;
  children: (code: Code) => ComponentChildren;
}

/** What has been fetched, by the function that does it. */
const fetched = new Map<() => Promise<unknown>, unknown>();

/** A view whose code is fetched when it is first shown. */
export function LazyView<Code>(props: Props<Code>) {
  // As it was when the view was opened, so that what is in it stays in its place.
  const [code] = useState(() => fetched.get(props.load) as Code | undefined);
  return code === undefined ? <Fetching {...props} /> : <>{props.children(code)}</>;
}

function Fetching<Code>({ title, load, children }: Props<Code>) {
  const code = useLoaded(async () => {
    const found = await load();
    fetched.set(load, found);
    return found;
  }, [load]);
  if (code.status === 'ready') return <>{children(code.value)}</>;
  return (
    <>
      <h1>{title}</h1>
      {code.status === 'loading' ? <Loading what="this view" /> : <ProblemNotice problem={code.problem} onRetry={code.retry} />}
    </>
  );
}
