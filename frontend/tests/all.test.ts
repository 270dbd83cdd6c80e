import './features/batch/sheet.test.ts';
import './lib/csv.test.ts';
