import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileNote } from '../../../src/api/types.ts';
import { noteText } from '../../../src/features/predict/noteText.ts';
import { CONTRACT } from '../../samples.ts';

const NOTE: FileNote = { type: 'inconsistent', column: 'city_development_index', rows: 1, message: "It isn't the city's." };
const KNOWN = { ...CONTRACT, cities: { city_21: 0.624 } };

test("an index that isn't the city's is named with the city's own", () => {
  const text = noteText(KNOWN, { features: { city: 'city_21', city_development_index: 0.1 } }, NOTE);

  assert.match(text, /index of city_21 is 0\.624, but this candidate has 0\.1\./);
});

test("what the page can't say more of is in the API's words", () => {
  const features = { city: 'city_9', city_development_index: 0.1 };
  assert.equal(noteText(KNOWN, { features }, NOTE), NOTE.message);
  assert.equal(noteText(KNOWN, { features: { city: 'city_21' } }, { ...NOTE, column: 'hours' }), NOTE.message);
});
