import { useEffect } from 'preact/hooks';
import type { Api } from '../../api/client.ts';
import { Problem, unreachable } from '../../api/problem.ts';
import type { Contract, FileRecord } from '../../api/types.ts';
import { MoreRows, loadMoreAtEnd } from '../../components/MoreRows.tsx';
import { Empty, Loading, Note } from '../../components/Notice.tsx';
import { ScoredCandidates } from '../../components/ScoredCandidates.tsx';
import { scoringProgress } from '../../components/scoringProgress.ts';
import { usePages } from '../../hooks/usePages.ts';
import { changeQuery } from '../../hooks/useRoute.ts';
import { useScale } from '../../hooks/useScale.ts';
import { stem } from '../../lib/candidateFiles.ts';
import { downloadFrom, saveText } from '../../lib/download.ts';
import { count, integer } from '../../lib/format.ts';
import { textOf, withOwnColumns } from '../../lib/ownColumns.ts';
import { answer } from '../../lib/scores.ts';

interface Props {
  api: Api;
  contract: Contract;
  file: FileRecord;
  /** Whether only the candidates above the threshold are listed. */
  aboveOnly: boolean;
  /** The file itself, if it was dropped on this page and can be read here. */
  dropped: File | null;
}

/** What a file was dropped for: who in it is looking, as far as it has been scored. Nothing for a file without scores. */
export function FileScores({ api, contract, file, aboveOnly, dropped }: Props) {
  if (file.status === 'VALIDATED') return <Progress file={file} />;
  if (file.status !== 'SCORED' || file.scored === 0 || file.will_change === null || file.scores === null) return null;
  return (
    <section class="section" aria-labelledby="answer-title">
      <h2 id="answer-title">{answer(file.will_change, file.scored)}</h2>
      {file.erased > 0 && (
        <p class="muted">{count(file.erased, 'row')} of the file were those of candidates erased since.</p>
      )}
      <Ranking {...{ api, contract, file, aboveOnly, dropped }} scores={file.scores} />
    </section>
  );
}

function Progress({ file }: { file: FileRecord }) {
  return (
    <section class="section" aria-label="Scoring">
      <p role="status" class={file.failure ? 'wrong' : undefined}>
        {scoringProgress(file)}
      </p>
      <progress max={file.rows.good} value={file.scored} aria-label="Rows scored">
        {integer(file.scored)}
      </progress>
    </section>
  );
}

const RETRY_MILLISECONDS = 3000;

function Ranking({ api, contract, file, aboveOnly, dropped, scores }: Props & { scores: readonly number[] }) {
  const { file_id: fileId, model_version: version } = file;
  const scale = useScale(api, version);
  const pages = usePages((cursor, signal) => api.rankedCandidates(fileId, aboveOnly, cursor, signal), [api, fileId, aboveOnly]);
  // After an erasure the scores are put in order once more.
  const { problem } = pages;
  const unordered = problem?.status === 409;
  useEffect(() => {
    if (!unordered) return undefined;
    const timer = setTimeout(pages.loadMore, RETRY_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [problem]);

  // Replayed, or deleted after some time.
  if (problem?.status === 404) return <Note>{problem.detail}</Note>;
  return (
    <ScoredCandidates
      contract={contract}
      scores={scores}
      scoresTitle={`Scores of ${count(file.scored, 'row')}`}
      scale={scale}
      rows={pages.items}
      onEnd={loadMoreAtEnd(pages)}
      aboveOnly={aboveOnly}
      onAboveOnly={(only) => changeQuery({ above: only ? '1' : '' })}
      save={async (order) => downloadFrom(await api.scoredUrl(fileId, order))}
      saveWithOwn={dropped === null ? undefined : async () => saveWithOwn(await api.scoredUrl(fileId, 'rank'), dropped)}
      links={<a href={`#past/${fileId}`}>All predictions of this file</a>}
    >
      {unordered ? (
        <Loading what="candidates" />
      ) : (
        <MoreRows pages={pages} noun="candidate">
          <Empty title="None reaches the threshold">The list of all candidates shows who comes closest.</Empty>
        </MoreRows>
      )}
    </ScoredCandidates>
  );
}

/** Saves the scored candidates together with what only the dropped file says of each, which is stored nowhere. */
async function saveWithOwn(url: string, dropped: File): Promise<void> {
  const scored = await fetch(url).catch(() => {
    throw unreachable();
  });
  const joined = withOwnColumns(await scored.text(), await textOf(dropped));
  if (joined === null) {
    throw new Problem('Nothing can be added', 'The file has no columns of its own, or its rows cannot be matched one by one.');
  }
  saveText(`${stem(dropped.name)}.scored.csv`, 'text/csv;charset=utf-8', joined);
}
