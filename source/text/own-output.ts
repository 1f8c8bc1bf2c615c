// Recognises reports and logs of this program by their first bytes: where they lie among the data they are not data,
// and they may be overwritten where files of other programs may not.

export type OwnOutput = 'JSON report' | 'CSV report' | 'Markdown report' | 'HTML report' | 'recording' | 'log';

const BEGINNINGS: readonly (readonly [kind: OwnOutput, beginning: RegExp])[] = [
	['JSON report', /^\{\s*"report_version":/],
	['CSV report', /^file,status,analysis,attempts,bytes,rows,rejected_rows,/],
	['Markdown report', /^# fileproc-tui report\r?\n/],
	[
		'HTML report',
		/^<!doctype html>\r?\n<html lang="en">\r?\n<head>\r?\n<meta name="generator" content="fileproc-tui report">/,
	],
	['recording', /^\{"type":"run-started","/],
	['log', /^\{"at":"[\d-]+T[\d:.]+Z","level":"(?:error|warn|info|debug|trace)","message":"/],
	['log', /^[\d-]+T[\d:.]+Z (?:error|warn|info|debug|trace) fileproc-tui: /],
];

/** The number of bytes that is enough to recognise a file. */
export const OWN_OUTPUT_START_BYTES = 128;

/** The kind of our output that begins with these bytes; `null` for anything else. */
export function recognizeOwnOutput(start: Uint8Array): OwnOutput | null {
	const text = new TextDecoder().decode(start.subarray(0, OWN_OUTPUT_START_BYTES));
	return BEGINNINGS.find(([, beginning]) => beginning.test(text))?.[0] ?? null;
}
