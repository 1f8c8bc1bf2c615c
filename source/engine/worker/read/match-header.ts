// Which analysis a file is for, or why it is for none.
import {type ColumnMatch, matchColumns, normalizeColumnName} from '../../../analysis/detect.ts';
import {analyses, analysisNames} from '../../../analysis/registry.ts';
import type {AnalysisName} from '../../../analysis/results.ts';
import {decodeBytes, encodingOf} from '../../../analysis/text-encoding.ts';
import type {NameRating, RateNames} from '../../../input/dialect.ts';
import type {RecordPosition} from '../../../input/record-reader.ts';
import {ambiguousColumn, missingColumn} from './header-errors.ts';

/** The columns of a file, and what they are for. */
export class MatchedHeader {
	readonly match: ColumnMatch;
	readonly #header: readonly string[];
	/** Whether the names are text in UTF-8. */
	readonly isUtf8: boolean;

	/**
	@param header - The names as found, one character per byte.
	@param delimiter - What stands between them, for messages.
	@param wanted - The only analysis to try, `null` for all.
	@throws {InputError} When a needed column is missing or stands there twice.
	*/
	constructor(header: readonly string[], position: RecordPosition, delimiter: string, wanted: AnalysisName | null) {
		const encoding = encodingOf(header);
		const names = header.map(name => decodeBytes(name, encoding));
		this.#header = header;
		this.isUtf8 = encoding === 'utf-8';
		this.match = matchColumns(names, wanted);
		if (this.match.missing.length > 0) throw missingColumn(this.match, names, position, delimiter);
		if (this.match.ambiguous.length > 0) throw ambiguousColumn(this.match, names, position);
	}

	get columnCount(): number {
		return this.#header.length;
	}

	/** A needed column by its canonical name, any other as the header has it; one character per byte. */
	columnBytes(index: number): string | null {
		const {analysis, indexes} = this.match;
		return analyses[analysis].columns[indexes.indexOf(index)] ?? this.#header[index] ?? null;
	}
}

/** How well a header fits some analysis, for finding the delimiter. */
export const rateNames =
	(wanted: AnalysisName | null): RateNames =>
	names => {
		const normalized = new Set(names.map(normalizeColumnName));
		let best: NameRating = {known: 0, isComplete: false};
		for (const name of wanted === null ? analysisNames : [wanted]) {
			const {columns} = analyses[name];
			const known = columns.filter(column => normalized.has(normalizeColumnName(column))).length;
			const isComplete = known === columns.length;
			if (isComplete || (!best.isComplete && known > best.known)) best = {known, isComplete};
		}
		return best;
	};
