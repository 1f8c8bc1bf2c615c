// Which analysis a file is for, or why it is for none.
import type {AnalysisDeclaration} from '../../../analysis/declaration.ts';
import {type ColumnMatch, chooseMatch, matchColumns, matchEach} from '../../../analysis/detect.ts';
import {compileProgram, type Program} from '../../../analysis/program.ts';
import {type AnalysisChoice, analysisNames, declarationOf, namesOf} from '../../../analysis/registry.ts';
import {isTableHeader} from '../../../analysis/table-outlines.ts';
import {decodeBytes, encodingOf} from '../../../analysis/text-encoding.ts';
import type {NameRating, RateNames} from '../../../input/dialect.ts';
import type {RecordPosition} from '../../../input/record-reader.ts';
import {ambiguousColumn, missingColumn, ownTable} from './header-errors.ts';

/** Data of an own analysis may well look like a table of it: `category, total` for the sum of `total` by `category`. */
function fitsOwnAnalysis(names: readonly string[], candidates: readonly AnalysisDeclaration[]): boolean {
	const {declaration, missing} = matchColumns(names, candidates);
	return missing.length === 0 && !analysisNames.includes(declaration.name);
}

/** The columns of a file, and what they are for. */
export class MatchedHeader {
	readonly match: ColumnMatch;
	/** Those that are made of the file. */
	readonly analyses: readonly string[];
	/** What is read of each record. */
	readonly program: Program;
	readonly #header: readonly string[];
	readonly #names: readonly string[];
	readonly #position: RecordPosition;
	readonly #delimiter: string;
	/** Whether the names are text in UTF-8. */
	readonly isUtf8: boolean;

	/**
	@param header - The names as found, one character per byte.
	@param delimiter - What stands between them, for messages.
	@param candidates - The analyses to try.
	@throws {InputError} When a needed column is missing, or several names stand for one.
	*/
	constructor(
		header: readonly string[],
		position: RecordPosition,
		delimiter: string,
		candidates: readonly AnalysisDeclaration[],
	) {
		const encoding = encodingOf(header);
		const names = header.map(name => decodeBytes(name, encoding));
		this.#header = header;
		this.#names = names;
		this.#position = position;
		this.#delimiter = delimiter;
		this.isUtf8 = encoding === 'utf-8';
		if (isTableHeader(names) && !fitsOwnAnalysis(names, candidates)) throw ownTable(position);
		this.match = this.#matchOneOf(candidates);
		this.analyses = [this.match.declaration.name];
		this.program = compileProgram([this.match]);
	}

	/**
	Where the columns of another analysis stand.

	@throws {InputError} As the constructor.
	*/
	matchOther(declaration: AnalysisDeclaration): ColumnMatch {
		return this.#matchOneOf([declaration]);
	}

	#matchOneOf(declarations: readonly AnalysisDeclaration[]): ColumnMatch {
		const matches = matchEach(this.#names, declarations);
		const match = chooseMatch(matches);
		if (match.missing.length > 0) throw missingColumn(matches, this.#names, this.#position, this.#delimiter);
		if (match.ambiguous.length > 0) throw ambiguousColumn(match, this.#names, this.#position);
		return match;
	}

	get columnCount(): number {
		return this.#header.length;
	}

	/** A column of the analysis by its canonical name, any other as the header has it; one character per byte. */
	columnBytes(index: number): string | null {
		const known = Object.entries(this.match.indexes).find(([, own]) => own === index);
		return known?.[0] ?? this.#header[index] ?? null;
	}
}

/** The analyses to choose from by the header, the same objects for the same choice. */
export const candidatesOf = (choice: AnalysisChoice): readonly AnalysisDeclaration[] =>
	namesOf(choice)
		.map(declarationOf)
		.filter(({reads}) => reads !== 'lines');

/** How well a header fits some analysis, for finding the delimiter. */
export const rateNames =
	(candidates: readonly AnalysisDeclaration[]): RateNames =>
	names => {
		let best: NameRating = {known: 0, isComplete: false};
		for (const declaration of candidates) {
			const {indexes, missing} = matchColumns(names, [declaration]);
			const known = Object.values(indexes).filter(index => index !== -1).length;
			const isComplete = missing.length === 0;
			if (isComplete ? !best.isComplete || known > best.known : !best.isComplete && known > best.known)
				best = {known, isComplete};
		}
		return best;
	};
