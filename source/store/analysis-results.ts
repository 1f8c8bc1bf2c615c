// What a file came to for its analyses, whether one was chosen or several are combined: outputs tell both in the same way.
import type {AnalysisReport, FileReport, RejectReport} from '../model/report.ts';
import type {FileInspection} from '../model/run-control.ts';

/** A report, or what is known of a file so far. */
type Known = Pick<FileReport & FileInspection, 'analysis' | 'result' | 'rejects' | 'dialect' | 'results' | 'rows'> & {
	readonly hint?: FileReport['hint'];
};

/** The results of a file by the names of their analyses; those that it has none for are left out. */
export function resultsOf({analysis, result, results}: Known): readonly (readonly [string, object])[] {
	if (results === undefined) return analysis === null || result === null ? [] : [[analysis, result]];
	return Object.entries(results).flatMap(([name, report]) => (report.result === null ? [] : [[name, report.result]]));
}

/** The names of the analyses that were made of a file. */
export function analysesOf({analysis, results, dialect, rows}: Known): readonly string[] {
	if (results === undefined) return analysis === null ? [] : [analysis];
	// Of an empty file, none is; lines have neither a header nor a delimiter.
	if (rows === 0 && dialect?.header !== true && dialect?.delimiter !== '') return [];
	return Object.entries(results).flatMap(([name, {error}]) => (error === undefined ? [name] : []));
}

/** Why analyses that were asked for were not made of a file although others were. */
export const missingAnalyses = ({results = {}}: Pick<FileReport, 'results'>): readonly (readonly [string, string])[] =>
	Object.entries(results).flatMap(([name, {error}]) => (error === undefined ? [] : [[name, error.message]]));

export const hasAccepted = ({
	rows,
	rejected_rows: rejected,
	filtered = 0,
}: Pick<AnalysisReport, 'rows' | 'rejected_rows' | 'filtered'>): boolean => rows > rejected + filtered;

/** Of combined analyses, the first that accepts no record although the file has some; `null` for none. */
export function analysisWithoutRecord({rows, results = {}}: FileReport): readonly [string, AnalysisReport] | null {
	if (rows === 0) return null;
	const found = Object.entries(results).find(([, report]) => report.rejected_rows > 0 && !hasAccepted(report));
	return found ?? null;
}

const ofStructure: readonly string[] = [
	'unclosed-quote',
	'field-count',
	'padding',
	'repeated-header',
	'nul-byte',
	'quote',
	'encoding',
];
const isOfStructure = ({reason}: RejectReport): boolean => ofStructure.includes(reason);

/**
The first rejected records of a file, in order. Where analyses are combined, each names its column: `sales.quantity`; a record that several
reject is there several times.
*/
export function rejectsOf({rejects, results}: Known): readonly RejectReport[] {
	if (results === undefined) return rejects;
	const all = Object.entries(results).flatMap(([name, report]) =>
		report.rejects
			.filter(reject => !isOfStructure(reject))
			.map(reject => ({...reject, column: reject.column === null ? null : `${name}.${reject.column}`})),
	);
	// Behind the end of a list that was cut there may be others.
	const end = Object.values(results).reduce(
		(first, report) => Math.min(first, endOf(report)),
		Number.POSITIVE_INFINITY,
	);
	return [...rejects, ...all]
		.filter(reject => reject.byte_offset <= end)
		.sort((left, right) => left.byte_offset - right.byte_offset);
}

const endOf = ({rejects, rejected_rows}: AnalysisReport): number =>
	rejects.length < rejected_rows ? (rejects.at(-1)?.byte_offset ?? 0) : Number.POSITIVE_INFINITY;

/** What nearly all rejected records have in common; `null` where that is not known. */
export function hintOf({hint, results}: Known): string | null {
	if (results === undefined) return hint ?? null;
	const hints = new Set(Object.values(results).flatMap(report => (report.hint === undefined ? [] : [report.hint])));
	return hints.size === 0 ? null : [...hints].join(' ');
}
