// Which analyses are made of a file, or why none is.
import type {ColumnMap} from '../../../analysis/column-map.ts';
import {normalizeColumnName} from '../../../analysis/column-names.ts';
import type {AnalysisDeclaration} from '../../../analysis/declaration.ts';
import {type ColumnMatch, chooseMatch, matchColumns, matchEach} from '../../../analysis/detect.ts';
import {type FormSettings, withKnownForms} from '../../../analysis/forms/with-forms.ts';
import {compileProgram, type Program} from '../../../analysis/program.ts';
import {findKey, placesOfColumn} from '../../../analysis/quality/find-key.ts';
import {analysisNames, areCombined, declarationOf, namesOf} from '../../../analysis/registry.ts';
import {findsFaults, readsColumns} from '../../../analysis/state-layout.ts';
import {isTableHeader} from '../../../analysis/table-outlines.ts';
import {decodeBytes, encodingOf, type TextEncoding} from '../../../analysis/text-encoding.ts';
import type {CellTest, Condition} from '../../../analysis/where/condition.ts';
import {compileFilter} from '../../../analysis/where/filter-program.ts';
import {parseWhere} from '../../../analysis/where/parse-where.ts';
import type {NameRating, RateNames} from '../../../input/dialect-finder.ts';
import {findInvalid, invalidText} from '../../../input/encodings/invalid-bytes.ts';
import type {InputError} from '../../../input/input-error.ts';
import type {RecordPosition} from '../../../input/record-reader.ts';
import {toErrorReport} from '../../shared/errors.ts';
import {isSameList} from '../../shared/is-same-list.ts';
import type {AnalysisReading, ReadSettings} from '../../shared/protocol.ts';
import {undecidedForm} from '../../shared/undecided-form.ts';
import {
	ambiguousColumn,
	ambiguousFilterColumn,
	ambiguousKey,
	missingColumn,
	missingFilterColumn,
	missingKey,
	ownTable,
} from './header-errors.ts';

/** The analyses to try. */
export interface Candidates {
	readonly declarations: readonly AnalysisDeclaration[];
	/** Whether all of them are made of a file that its header fits; otherwise one is chosen. */
	readonly areCombined: boolean;
	/** The name of the column whose values should be different ones, where that is asked for. */
	readonly keyColumn?: string | undefined;
	/** Of the names, where somebody has said it; otherwise their bytes do. */
	readonly encoding?: TextEncoding | undefined;
	/** The headings of columns that the user has named. */
	readonly map?: ColumnMap | undefined;
}

/** Of settings; the declarations are the same objects for the same choice. */
export function candidatesOf({
	analysis,
	keyColumn,
	map,
	encoding,
}: Pick<ReadSettings, 'analysis' | 'keyColumn' | 'map' | 'encoding'>): Candidates {
	const all = namesOf(analysis).map(declarationOf);
	if (areCombined(analysis)) return {declarations: all, areCombined: true, keyColumn, map, encoding};
	const ofRecords = all.filter(({reads = 'records'}) => reads === 'records');
	// What reads columns fits any header, so beside others there is nothing to choose.
	const declarations = ofRecords.length > 0 ? ofRecords : all.filter(readsColumns);
	return {declarations, areCombined: false, keyColumn, map, encoding};
}

export const areSameCandidates = (one: Candidates, other: Candidates): boolean =>
	one.areCombined === other.areCombined &&
	one.encoding === other.encoding &&
	isSameList(one.declarations, other.declarations);

/** For `DialectFinder`. */
export const nameDecoderOf = ({encoding}: Candidates): ((bytes: string) => string) | undefined =>
	encoding === undefined ? undefined : bytes => decodeBytes(bytes, encoding);

/** What is told of combined analyses of a source, as far as its header says it; `null` where one is chosen. */
export type HeaderReadings = readonly Omit<AnalysisReading, 'rejects'>[] | null;

/** Of a source without a header. */
export const readingsOfEmpty = ({declarations, areCombined: are}: Candidates): HeaderReadings =>
	are ? declarations.map(({name}) => ({analysis: name, error: null})) : null;

/** Data of an own analysis may well look like a table of it: `category, total` for the sum of `total` by `category`. */
function fitsOwnAnalysis(names: readonly string[], candidates: readonly AnalysisDeclaration[]): boolean {
	const {declaration, missing} = matchColumns(names, candidates);
	return missing.length === 0 && !analysisNames.includes(declaration.name);
}

/** The columns of a file, and what they are for. */
export class MatchedHeader {
	/** Those that are made of the file. */
	readonly analyses: readonly string[];
	/** What is read of each record. */
	readonly program: Program;
	readonly readings: HeaderReadings;
	/** Of each analysis. */
	readonly #matches: readonly ColumnMatch[];
	readonly #header: readonly string[];
	readonly #names: readonly string[];
	readonly #position: RecordPosition;
	readonly #delimiter: string;
	readonly #keyColumn: string | undefined;
	readonly #map: ColumnMap | undefined;
	readonly #forms: FormSettings;
	/** Whether the names are text in UTF-8. */
	readonly isUtf8: boolean;

	/**
	@param header - The names as found, one character per byte.
	@param delimiter - What stands between them, for messages.
	@param where - Which records count; all where it is left out.
	@throws {InputError} When a needed column is missing, or several names stand for one; of combined analyses, when that is so for all.
	*/
	constructor(
		header: readonly string[],
		position: RecordPosition,
		delimiter: string,
		{declarations, areCombined: are, keyColumn, map, encoding: given}: Candidates,
		where?: string,
		forms: FormSettings = {},
	) {
		const encoding = given ?? encodingOf(header);
		this.#forms = forms;
		const names = header.map(name => decodeBytes(name, encoding));
		this.#header = header;
		this.#names = names;
		this.#position = position;
		this.#delimiter = delimiter;
		this.#keyColumn = keyColumn;
		this.#map = map;
		this.isUtf8 = encoding === 'utf-8';
		if (isTableHeader(names) && !fitsOwnAnalysis(names, declarations)) throw ownTable(position);
		const all = are ? matchEach(names, declarations, map) : [this.#matchOneOf(declarations)];
		this.#matches = all.filter(match => this.#faultOf(match) === null);
		// Then it throws.
		if (this.#matches.length === 0) this.#matchOneOf(declarations);
		const invalid = header.find(name => findInvalid(name) !== -1);
		if (invalid !== undefined) throw invalidText('the header', invalid, position);
		this.analyses = this.#matches.map(({declaration}) => declaration.name);
		this.readings = are ? all.map(match => this.#readingOf(match)) : null;
		const programs = this.#matches.map(match => ({...match, header, faults: {key: this.#findKey(), delimiter}}));
		this.program = withKnownForms(this.#filtered(compileProgram(programs), where), forms);
	}

	#findKey(): number | null {
		if (this.#keyColumn === undefined) return findKey(this.#names);
		const [place = null] = placesOfColumn(this.#names, this.#keyColumn);
		return place;
	}

	/** The program of another analysis, for the same records. @throws {InputError} As the constructor. */
	compileOther(declaration: AnalysisDeclaration): Program {
		const {filter} = this.program;
		const program = compileProgram([this.#matchOneOf([declaration])]);
		return withKnownForms(filter === undefined ? program : {...program, filter}, this.#forms);
	}

	#filtered(program: Program, where: string | undefined): Program {
		if (where === undefined) return program;
		const filter = compileFilter(conditionOf(where), column => this.#indexOf(column));
		const fault = this.#faultOfForms(filter.tests.flatMap(({column, test}) => (readsForms(test) ? [column] : [])));
		if (fault !== null) throw fault;
		return {...program, filter};
	}

	/** Of a column by its name in the header; where there is none, by that in the analysis. */
	#indexOf(column: string): number {
		const wanted = normalizeColumnName(column);
		const same = this.#names.flatMap((name, index) => (normalizeColumnName(name) === wanted ? [index] : []));
		const exact = same.filter(index => this.#names[index] === column);
		const ofAnalyses = new Set(this.#matches.map(({indexes}) => indexes[column] ?? -1).filter(index => index !== -1));
		const [index, second] = exact.length === 1 ? exact : same.length > 0 ? same : ofAnalyses;
		if (index === undefined) throw missingFilterColumn(column, this.#names, this.#position);
		if (second !== undefined) throw ambiguousFilterColumn(column, this.#names, this.#position);
		return index;
	}

	#matchOneOf(declarations: readonly AnalysisDeclaration[]): ColumnMatch {
		const matches = matchEach(this.#names, declarations, this.#map);
		const match = chooseMatch(matches);
		const fault = this.#faultOf(match, matches);
		if (fault !== null) throw fault;
		return match;
	}

	/** @param matches - Those that the match was chosen from. */
	#faultOf(match: ColumnMatch, matches: readonly ColumnMatch[] = [match]): InputError | null {
		if (match.missing.length > 0)
			return missingColumn(matches, this.#names, this.#position, {delimiter: this.#delimiter, map: this.#map});
		if (match.ambiguous.length > 0) return ambiguousColumn(match, this.#names, this.#position);
		const {columns} = match.declaration;
		const fault = this.#faultOfForms(
			Object.entries(match.indexes).flatMap(([name, column]) => (columns[name]?.is === 'text' ? [] : [column])),
		);
		return fault ?? (findsFaults(match.declaration) ? this.#faultOfKey() : null);
	}

	/** Why some of the columns cannot be read; `null` where nothing is known of that. */
	#faultOfForms(columns: readonly number[]): InputError | null {
		const found = this.#forms.found?.undecided.find(({column}) => columns.includes(column));
		return found === undefined ? null : undecidedForm(found, this.#names[found.column] ?? '');
	}

	#faultOfKey(): InputError | null {
		const wanted = this.#keyColumn;
		if (wanted === undefined) return null;
		const {length} = placesOfColumn(this.#names, wanted);
		if (length === 1) return null;
		return length === 0
			? missingKey(wanted, this.#names, this.#position)
			: ambiguousKey(wanted, this.#names, this.#position);
	}

	#readingOf(match: ColumnMatch): Omit<AnalysisReading, 'rejects'> {
		const fault = this.#faultOf(match);
		const {name, where} = match.declaration;
		if (fault !== null) return {analysis: name, error: toErrorReport(fault)};
		return {analysis: name, error: null, ...(where !== undefined && {filteredRows: 0})};
	}

	/** Whether one analysis is chosen, and has a condition of its own. */
	get hasOwnCondition(): boolean {
		return this.readings === null && this.#matches.some(({declaration}) => declaration.where !== undefined);
	}

	get names(): readonly string[] {
		return this.#names;
	}

	get columnCount(): number {
		return this.#header.length;
	}

	/**
	A column of the analysis by its canonical name, any other as the header has it; one character per byte.

	@param analysis - The place of the analysis; -1 where it is about the file. If only one is made of it, its names are the file's.
	*/
	columnBytes(index: number, analysis: number): string | null {
		const match = this.#matches[analysis === -1 && this.readings === null ? 0 : analysis];
		const known = Object.entries(match?.indexes ?? {}).find(([, own]) => own === index);
		return known?.[0] ?? this.#header[index] ?? null;
	}
}

const readsForms = ({kind}: CellTest): boolean => kind === 'number' || kind === 'date';

/** Of the last one: that of a run is the same for all of its files. */
let known: {readonly where: string; readonly condition: Condition} | null = null;

function conditionOf(where: string): Condition {
	if (known?.where !== where) known = {where, condition: parseWhere(where).condition};
	return known.condition;
}

/** How well a header fits some analysis, for finding the delimiter. */
export const rateNames =
	({declarations, map}: Candidates): RateNames =>
	names => {
		let best: NameRating = {known: 0, isComplete: false};
		for (const declaration of declarations) {
			// Any header fits it, whatever the delimiter: then the delimiter is the one that gives the most fields.
			if (readsColumns(declaration)) continue;
			const {indexes, missing} = matchColumns(names, [declaration], map);
			const known = Object.values(indexes).filter(index => index !== -1).length;
			const isComplete = missing.length === 0;
			if (isComplete ? !best.isComplete || known > best.known : !best.isComplete && known > best.known)
				best = {known, isComplete};
		}
		return best;
	};
