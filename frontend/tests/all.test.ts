import './features/batch/batch.test.ts';
import './lib/csv.test.ts';
