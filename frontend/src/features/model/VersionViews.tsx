/** What is loaded when it is first shown. */

export { Compare } from './Compare.tsx';
export { ReportOutcomes } from './ReportOutcomes.tsx';
export { Version } from './Version.tsx';
