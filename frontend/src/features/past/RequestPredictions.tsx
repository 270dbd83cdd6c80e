import type { Api } from '../../api/client.ts';
import type { Contract } from '../../api/types.ts';
import { Empty } from '../../components/Notice.tsx';
import { PredictionList, WHEN } from './PredictionList.tsx';

interface Props {
  api: Api;
  contract: Contract;
  /** Of any of them. */
  predictionId: string;
}

/** The predictions that were asked for together, such as those of a file that was scored at once. */
export function RequestPredictions({ api, contract, predictionId }: Props) {
  return (
    <>
      <h1>Past predictions</h1>
      <div class="section-head" role="group" aria-label="Filters">
        <p>Predictions that were asked for together, in their order.</p>
        <a class="button" href="#past">
          Show all others
        </a>
      </div>
      <PredictionList
        api={api}
        contract={contract}
        query={{ made_with: predictionId }}
        first={WHEN}
        exportName="predictions-of-one-request.csv"
      >
        <Empty title="No predictions">They have been deleted.</Empty>
      </PredictionList>
    </>
  );
}
