import type { TargetedSubmitEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Api } from '../../api/client.ts';
import { type Problem, asProblem } from '../../api/problem.ts';
import type { SubjectAccess as Held } from '../../api/types.ts';
import { Facts } from '../../components/Facts.tsx';
import { Note, ProblemNotice } from '../../components/Notice.tsx';
import { Time } from '../../components/Time.tsx';
import { saveText } from '../../lib/download.ts';
import { count, integer, percent } from '../../lib/format.ts';
import { NumberField } from './NumberField.tsx';
import { cautions, loadEverythingHeld } from './everythingHeld.ts';
import './SubjectAccess.css';

/** Everything that is held about one person, on their request. */
export function SubjectAccess({ api }: { api: Api }) {
  const [text, setText] = useState('');
  const [found, setFound] = useState<number | null>(null);
  const [held, setHeld] = useState<Held | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const controller = useRef(new AbortController());
  useEffect(() => () => controller.current.abort(), []);

  const show = async (): Promise<void> => {
    controller.current.abort();
    controller.current = new AbortController();
    const { signal } = controller.current;
    setHeld(null);
    setProblem(null);
    setFound(0);
    try {
      const all = await loadEverythingHeld(api.operator, text.trim(), (records) => !signal.aborted && setFound(records), signal);
      if (!signal.aborted) setHeld(all);
    } catch (error) {
      if (!signal.aborted) setProblem(asProblem(error));
    } finally {
      if (!signal.aborted) setFound(null);
    }
  };
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (text.trim() !== '' && found === null) void show();
  };

  return (
    <section class="card padded" aria-label="Subject access">
      <h3>Everything held about a person</h3>
      <p class="small muted">Predictions with their reasons, outcomes, and rows with the files they are in, as one document.</p>
      <form class="search" noValidate onSubmit={submit}>
        <NumberField id="held" value={text} onText={setText} />
        <button type="submit" class="button" disabled={text.trim() === ''} aria-disabled={found !== null}>
          Show
        </button>
      </form>
      {found !== null && (
        <p class="small" role="status">
          Searching: {count(found, 'record')} so far …
        </p>
      )}
      {problem && <ProblemNotice problem={problem} />}
      {held && <EverythingHeld held={held} />}
    </section>
  );
}

function EverythingHeld({ held }: { held: Held }) {
  const { enrollee_id, erasure, predictions, outcomes, training, files } = held;
  const json = JSON.stringify(held, null, 2);
  return (
    <>
      <Facts
        facts={{
          Candidate: String(enrollee_id),
          Predictions: integer(predictions.length),
          Outcomes: integer(outcomes.length),
          Files: integer(files.length),
          Datasets: integer(training.length),
          Erasure: erasure ? erasure.status.toLowerCase() : 'not asked for',
        }}
      />
      {cautions(held).map((caution) => (
        <Note key={caution}>{caution}</Note>
      ))}
      <div class="actions">
        <button type="button" class="button" onClick={() => saveText(`candidate-${enrollee_id}.json`, 'application/json', json)}>
          Download JSON
        </button>
      </div>
      <ul class="held small">
        {predictions.map(({ id, created_at, probability, will_change, explanation }) => (
          <li key={id}>
            <Time at={created_at} />: {percent(probability)}, {will_change ? 'counted' : 'not counted'} as looking.{' '}
            {explanation?.join(' ')}
          </li>
        ))}
        {files.map(({ file_id, name, found, mentions }) => (
          <li key={file_id}>
            <a href={`#files/${file_id}`}>{name}</a>: {mentions ? 'rejected, mentions the number' : count(found, 'row')}
          </li>
        ))}
        {training.map(({ object, found, mentions }) => (
          <li key={object}>
            <code>{object}</code>: {mentions ? 'unusable, mentions the number' : count(found, 'row')}
          </li>
        ))}
      </ul>
      <details>
        <summary>The whole document</summary>
        <pre class="held small" role="region" aria-label="The document" tabIndex={0}>
          {json}
        </pre>
      </details>
    </>
  );
}
