import './batch.test.ts';
import './csv.test.ts';
