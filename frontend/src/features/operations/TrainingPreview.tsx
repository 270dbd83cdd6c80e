import type { Api } from '../../api/client.ts';
import { Loading, Note, ProblemNotice } from '../../components/Notice.tsx';
import { useLoaded } from '../../hooks/useLoaded.ts';
import { count, size } from '../../lib/format.ts';

/** What a training that began now would learn from. */
export function TrainingPreview({ api }: { api: Api }) {
  const preview = useLoaded((signal) => api.operator.trainingPreview(signal), [api]);
  if (preview.status === 'loading') return <Loading what="what it will learn from" />;
  if (preview.status === 'failed') return <ProblemNotice problem={preview.problem} onRetry={preview.retry} />;
  const { files, outcomes, threshold_rule: rule } = preview.value;
  return (
    <>
      <p>
        It learns from {count(outcomes, 'candidate')} with an outcome that counts by now, and from{' '}
        {files.length === 0
          ? 'no labelled file, as there is none under training/.'
          : `${count(files.length, 'labelled file')}: ${files.map((each) => `${each.name} (${size(each.size)})`).join(', ')}.`}
      </p>
      {files.length === 0 && outcomes === 0 && <Note>There is nothing to learn from, so nothing would be trained.</Note>}
      <p>Its threshold: {rule.sentence}</p>
    </>
  );
}
