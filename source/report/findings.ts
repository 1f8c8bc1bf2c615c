// What a person should look at first after a run, the most important first, and what to type for it.
import type {FileReport, Report} from '../model/report.ts';
import {rejectsOf} from '../store/analysis-results.ts';
import {formatInteger} from '../text/format.ts';
import {safe} from '../text/safe.ts';
import {shellWord} from '../text/shell-word.ts';
import {quantity} from './wording.ts';

export interface Finding {
	/** Safe to print: `3 of 9 files failed, 2 of them with MISSING_COLUMN: in/bad.csv`. */
	readonly text: string;
	/** A command that says more, or repeats what may succeed now; `null` where there is no such command. */
	readonly command: string | null;
}

const FINDING_LIMIT = 3;

export function findingsOf(report: Report): readonly Finding[] {
	return [failedFinding(report), rejectedFinding(report)].filter(finding => finding !== null).slice(0, FINDING_LIMIT);
}

/** By the code of an error, the flags of a run that says more, or may succeed; other errors need another file. */
const FLAGS_AFTER: ReadonlyMap<string, string> = new Map([
	// A profile takes any header.
	['MISSING_COLUMN', ' --analysis profile'],
	['DUPLICATE_COLUMN', ' --analysis profile'],
	['TOO_MANY_REJECTS', ' --analysis quality'],
	['CHANGED_WHILE_READING', ''],
	['TIMEOUT', ''],
	['EIO', ''],
]);

function failedFinding({files, totals}: Report): Finding | null {
	const failed = files.filter(({status}) => status === 'failed');
	const [code, group] = largestGroup(failed, ({error}) => error?.code ?? '');
	const [first] = group;
	if (first === undefined) return null;
	const which =
		group.length === failed.length ? ` with ${code}` : `, ${formatInteger(group.length)} of them with ${code}`;
	const text = `${formatInteger(failed.length)} of ${quantity(totals.files, 'file')} failed${which}: ${safe(first.file)}`;
	const flags = FLAGS_AFTER.get(code);
	// One file is named where the failed ones are listed.
	if (flags === undefined && failed.length === 1) return null;
	return {text, command: flags === undefined ? null : `fileproc-tui ${shellWord(first.file)}${flags}`};
}

/** Of the files with rejected rows, that of which the largest part was rejected. */
function rejectedFinding({files}: Report): Finding | null {
	const share = ({rows, rejected_rows}: FileReport): number => (rows === 0 ? 0 : rejected_rows / rows);
	const worst = files.reduce<FileReport | null>(
		(most, file) => (most === null || share(file) > share(most) ? file : most),
		null,
	);
	if (worst === null || worst.rejected_rows === 0) return null;
	const [why] = largestGroup(rejectsOf(worst), ({column, reason}) =>
		column === null ? reason : `${safe(column)} ${reason}`,
	);
	const others = files.reduce((sum, {rejected_rows}) => sum + rejected_rows, -worst.rejected_rows);
	const all = others === 0 ? '' : `, and ${formatInteger(others)} in other files`;
	const rejected = `${formatInteger(worst.rejected_rows)} of ${quantity(worst.rows, 'row')} rejected`;
	const text = `${rejected} in ${safe(worst.file)}${why === '' ? '' : `, most of them for ${why}`}${all}`;
	return {text, command: `fileproc-tui ${shellWord(worst.file)} --analysis quality`};
}

/** The key with the most items, of equal ones the first, and its items; an empty key where there is no item. */
function largestGroup<Item>(items: readonly Item[], keyOf: (item: Item) => string): [string, readonly Item[]] {
	const groups = Map.groupBy(items, keyOf);
	let largest: [string, readonly Item[]] = ['', []];
	for (const group of groups) if (group[1].length > largest[1].length) largest = group;
	return largest;
}
