// What this program writes, known again by how it begins: reports and logs that lie among the data are not data, and may be
// written over where another program's files may not.

export type OwnOutput = 'JSON report' | 'CSV report' | 'Markdown report' | 'recording' | 'log';

const BEGINNINGS: readonly (readonly [kind: OwnOutput, beginning: RegExp])[] = [
	['JSON report', /^\{\s*"report_version":/],
	['CSV report', /^file,status,analysis,attempts,bytes,rows,rejected_rows,/],
	['Markdown report', /^# fileproc-tui report\r?\n/],
	['recording', /^\{"type":"run-started","/],
	['log', /^\{"at":"[\d-]+T[\d:.]+Z","level":"(?:error|warn|info|debug|trace)","message":"/],
];

/** So many bytes are enough to know it. */
export const OWN_OUTPUT_START_BYTES = 128;

/** What of ours begins with these bytes; `null` for anything else. */
export function recognizeOwnOutput(start: Uint8Array): OwnOutput | null {
	const text = new TextDecoder().decode(start.subarray(0, OWN_OUTPUT_START_BYTES));
	return BEGINNINGS.find(([, beginning]) => beginning.test(text))?.[0] ?? null;
}
