import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textOf, withOwnColumns } from '../../src/lib/ownColumns.ts';

const SCORED = 'rank,_row,enrollee_id,city,probability\n1,3,73,x,0.75\n2,1,71,x,0.25\n';

test('the columns that only the dropped file has are joined by the number of the row', () => {
  const dropped = '\ufeffName;Enrollee ID;city;e-mail\r\n"Müller; ""Zoë""";71;x;z@x.org\r\nbad;72;?;\r\n\r\n=Amélie;73;x;\r\n';
  assert.deepEqual(withOwnColumns(SCORED, dropped)?.split('\r\n'), [
    '\ufeffrank,_row,enrollee_id,city,probability,Name,e-mail',
    "1,3,73,x,0.75,'=Amélie,",
    '2,1,71,x,0.25,"Müller; ""Zoë""",z@x.org',
    '',
  ]);
});

test('a file of other candidates, in another order or with nothing of its own is not joined', () => {
  for (const dropped of [
    'name,enrollee_id\na,71\nb,72\nc,74\n',
    'name,enrollee_id\na,71\nc,73\n',
    'name,enrollee_id\n"a,71\nb",72\nc,73\n',
    'city,enrollee_id\nx,71\nx,72\nx,73\n',
    'shoe,size\nboot,43\n',
    '',
  ]) {
    assert.equal(withOwnColumns(SCORED, dropped), null, dropped);
  }
});

test('a text is read as UTF-8, or as spreadsheets write it', async () => {
  assert.equal(await textOf(new Blob(['Zoë'])), 'Zoë');
  assert.equal(await textOf(new Blob([new Uint8Array([90, 111, 235])])), 'Zoë');
});
