// Which analysis a file is for, or why it is for none.

import {bytesToText} from '../../analysis/analysis.ts';
import {type ColumnMatch, matchColumns, normalizeColumnName} from '../../analysis/detect.ts';
import {analyses, analysisNames} from '../../analysis/registry.ts';
import type {AnalysisName} from '../../analysis/results.ts';
import type {NameRating, RateNames} from '../../csv/dialect.ts';
import {InputError} from '../../csv/input-error.ts';
import type {RecordPosition} from '../../csv/record-reader.ts';

/** The columns of a file, and what they are for. */
export class MatchedHeader {
	readonly match: ColumnMatch;
	readonly #names: readonly string[];

	/**
	@param header - The names as found, one character per byte.
	@param wanted - The only analysis to try, `null` for all.
	@throws {InputError} When a needed column is missing or stands there twice.
	*/
	constructor(header: readonly string[], position: RecordPosition, wanted: AnalysisName | null) {
		this.#names = header.map(bytesToText);
		this.match = matchColumns(this.#names, wanted);
		if (this.match.missing.length > 0) throw missingColumn(this.match, this.#names, position);
		if (this.match.ambiguous.length > 0) throw ambiguousColumn(this.match, this.#names, position);
	}

	get columnCount(): number {
		return this.#names.length;
	}

	/** A needed column by its canonical name, any other as the header has it. */
	columnName(index: number): string | null {
		const {analysis, indexes} = this.match;
		return analyses[analysis].columns[indexes.indexOf(index)] ?? this.#names[index]?.trim() ?? null;
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
			const known = columns.filter(column => normalized.has(column)).length;
			const isComplete = known === columns.length;
			if (isComplete || (!best.isComplete && known > best.known)) best = {known, isComplete};
		}
		return best;
	};

/** Enough names to see what the file is, without filling a screen. */
const NAMES_SHOWN = 12;

function listNames(names: readonly string[]): string {
	const shown = names.slice(0, NAMES_SHOWN).map(name => (name.length > 40 ? `${name.slice(0, 40)}…` : name));
	const rest = names.length - shown.length;
	return shown.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function missingColumn(match: ColumnMatch, names: readonly string[], {line, byteOffset}: RecordPosition): InputError {
	// A workbook, an archive, or text with two bytes a character: no such name is in any table.
	const hint = names.some(name => name.includes('\0'))
		? '. There are NUL bytes in it, so the file looks binary: export it as CSV in UTF-8, or leave it out'
		: '';
	const [noun, verb] = match.missing.length === 1 ? ['column', 'is'] : ['columns', 'are'];
	return new InputError(
		'MISSING_COLUMN',
		`The ${noun} ${match.missing.join(', ')} that the ${match.analysis} analysis needs ${verb} missing; the header on line ${line} has: ${listNames(names)}${hint}`,
		{line, byteOffset},
	);
}

function ambiguousColumn(match: ColumnMatch, names: readonly string[], {line, byteOffset}: RecordPosition): InputError {
	return new InputError(
		'DUPLICATE_COLUMN',
		`The header on line ${line} names ${match.ambiguous.join(', ')} more than once, so it cannot be known which one is meant; it has: ${listNames(names)}. Rename or remove one`,
		{line, byteOffset},
	);
}
