import type { Api } from '../../api/client.ts';
import type { Contract, Prediction } from '../../api/types.ts';
import { Empty } from '../../components/Notice.tsx';
import { rowColumn } from '../../components/predictionColumns.tsx';
import { useLoaded } from '../../hooks/useLoaded.ts';
import { stem } from '../../lib/candidateFiles.ts';
import { loadAllPredictions } from './history.ts';
import { PAGE_SIZE, PredictionList } from './PredictionList.tsx';

const ROW = rowColumn<Prediction>();

interface Props {
  api: Api;
  contract: Contract;
  fileId: string;
}

/** The predictions of one file, named in the address. */
export function FilePredictions({ api, contract, fileId }: Props) {
  const file = useLoaded((signal) => api.file(fileId, signal), [api, fileId]);
  const name = file.status === 'ready' ? file.value.name : fileId;
  const query = { file_id: fileId };
  return (
    <>
      <h1>Past predictions</h1>
      <div class="section-head" role="group" aria-label="Filters">
        <p>
          All predictions of <a href={`#files/${fileId}`}>{name}</a>, in the order of its rows.
        </p>
        <a class="button" href="#past">
          Show those of all files
        </a>
      </div>
      <PredictionList
        contract={contract}
        first={ROW}
        exportName={`${stem(name)}-predictions.csv`}
        load={(cursor, signal) => api.pastPredictions(query, cursor, PAGE_SIZE, signal)}
        loadAll={(onProgress, signal) => loadAllPredictions(api, query, onProgress, signal)}
        inputs={[api, fileId]}
      >
        <Empty title="No predictions for this file">
          None has been made yet, or they were deleted. <a href={`#files/${fileId}`}>View results.</a>
        </Empty>
      </PredictionList>
    </>
  );
}
