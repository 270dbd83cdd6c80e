/** Outcomes as people write them in a file: a number, whether the candidate changed job, and perhaps when that was known. */

import type { OutcomeReport } from '../../api/types.ts';
import { IDENTIFIER } from '../../lib/contract.ts';

export interface RowError {
  /** As a spreadsheet numbers it: the header is row 1. */
  row: number;
  reason: string;
}

export interface ReadOutcomes {
  reports: { row: number; report: OutcomeReport }[];
  errors: RowError[];
}

const CHANGED = 'changed_job';
const OBSERVED = 'observed_at';
const ANSWERS: Readonly<Record<string, boolean>> = {
  yes: true, y: true, true: true, '1': true, '1.0': true,
  no: false, n: false, false: false, '0': false, '0.0': false,
};

/** Reads a CSV, with commas, semicolons or tabs. Where a row has no instant, `now` is when it was known. */
export function readOutcomes(text: string, now: string): ReadOutcomes {
  const [header, ...records] = parseCsv(text.replace(/^\ufeff/, ''));
  const names = (header ?? []).map((name) => name.trim().toLowerCase().replaceAll(' ', '_'));
  const missing = [IDENTIFIER, CHANGED].filter((name) => !names.includes(name));
  if (missing.length > 0) {
    return { reports: [], errors: [{ row: 1, reason: `The header has no column ${missing.join(' and no column ')}.` }] };
  }
  const read: ReadOutcomes = { reports: [], errors: [] };
  records.forEach((cells, at) => {
    const row = at + 2;
    const cell = (name: string): string => (names.includes(name) ? (cells[names.indexOf(name)] ?? '').trim() : '');
    if (cells.every((each) => each.trim() === '')) return;
    const report = reportOf(cell(IDENTIFIER), cell(CHANGED), cell(OBSERVED) || now);
    if (typeof report === 'string') read.errors.push({ row, reason: report });
    else read.reports.push({ row, report });
  });
  return read;
}

/** The outcome, or why there is none. */
function reportOf(number: string, answer: string, observed: string): OutcomeReport | string {
  if (!/^\d+(\.0)?$/.test(number)) {
    return number === '' ? 'There is no candidate number.' : `“${number}” isn't a candidate number.`;
  }
  const changed = ANSWERS[answer.toLowerCase()];
  if (changed === undefined) return answer === '' ? 'There is no answer: write yes or no.' : `“${answer}” is neither yes nor no.`;
  const instant = /^\d{4}-\d{2}-\d{2}([T ]|$)/.test(observed) ? new Date(zoned(observed)) : new Date(NaN);
  if (Number.isNaN(instant.getTime())) return `“${observed}” isn't a date: write it as 2026-01-31.`;
  return { enrollee_id: Number(number), changed_job: changed, observed_at: instant.toISOString() };
}

/** A date or a time without a zone is meant in UTC. */
function zoned(observed: string): string {
  const text = observed.replace(' ', 'T');
  return !text.includes('T') || /(Z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text}Z`;
}

/** The cells of each line, quoted or not; the delimiter is the one that the first line has most often. */
function parseCsv(text: string): string[][] {
  const [first = ''] = text.split(/\r?\n/, 1);
  const [delimiter = ','] = [',', ';', '\t'].toSorted((one, other) => first.split(other).length - first.split(one).length);
  const records: string[][] = [];
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (quoted) {
      if (character !== '"') cell += character;
      else if (text.charAt(at + 1) === '"') cell += text.charAt(++at);
      else quoted = false;
    } else if (character === '"' && cell === '') quoted = true;
    else if (character === delimiter) {
      cells.push(cell);
      cell = '';
    } else if (character === '\n') {
      records.push([...cells, cell]);
      [cells, cell] = [[], ''];
    } else if (character !== '\r') cell += character;
  }
  return cells.length > 0 || cell !== '' ? [...records, [...cells, cell]] : records;
}
