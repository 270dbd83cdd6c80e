import type { Api } from '../../api/client.ts';
import type { Contract, Prediction } from '../../api/types.ts';
import { Empty } from '../../components/Notice.tsx';
import { rowColumn } from '../../components/predictionColumns.tsx';
import { useLoaded } from '../../hooks/useLoaded.ts';
import { stem } from '../../lib/candidateFiles.ts';
import { PredictionList } from './PredictionList.tsx';

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
        api={api}
        contract={contract}
        query={{ file_id: fileId }}
        first={ROW}
        exportName={`${stem(name)}-predictions.csv`}
      >
        <Empty title="No predictions for this file">
          None has been made yet, or they were deleted. <a href={`#files/${fileId}`}>View results.</a>
        </Empty>
      </PredictionList>
    </>
  );
}
