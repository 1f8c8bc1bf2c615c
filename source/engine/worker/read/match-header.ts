// Which analyses are made of a file, or why none is.
import type {ColumnMap, OwnAliases} from '../../../analysis/column-map.ts';
import {normalizeColumnName} from '../../../analysis/column-names.ts';
import type {AnalysisDeclaration} from '../../../analysis/declaration.ts';
import {
	type CellsFit,
	type ColumnMatch,
	chooseMatch,
	countFound,
	detectAnalysis,
	matchColumns,
	matchEach,
} from '../../../analysis/detect.ts';
import {FirstCells} from '../../../analysis/first-cells.ts';
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
	doubtAmounts,
	missingColumn,
	missingFilterColumn,
	missingKey,
	otherFormat,
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
	/** What the user calls columns. */
	readonly aliases?: OwnAliases | undefined;
}

/** Of settings; the declarations are the same objects for the same choice. */
export function candidatesOf({
	analysis,
	keyColumn,
	map,
	aliases,
	encoding,
}: Pick<ReadSettings, 'analysis' | 'keyColumn' | 'map' | 'aliases' | 'encoding'>): Candidates {
	const all = namesOf(analysis).map(declarationOf);
	const others = {keyColumn, map, aliases, encoding};
	if (areCombined(analysis)) return {declarations: all, areCombined: true, ...others};
	const ofRecords = all.filter(({reads = 'records'}) => reads === 'records');
	// What reads columns fits any header, so beside others there is nothing to choose.
	const declarations = ofRecords.length > 0 ? ofRecords : all.filter(readsColumns);
	return {declarations, areCombined: false, ...others};
}

const isSameObject = (one: object | undefined, other: object | undefined): boolean =>
	one === other || JSON.stringify(one) === JSON.stringify(other);

export const areSameCandidates = (one: Candidates, other: Candidates): boolean =>
	one.areCombined === other.areCombined &&
	one.encoding === other.encoding &&
	one.keyColumn === other.keyColumn &&
	isSameObject(one.map, other.map) &&
	isSameObject(one.aliases, other.aliases) &&
	isSameList(one.declarations, other.declarations);

/** For `DialectFinder`. */
export const nameDecoderOf = ({encoding}: Candidates): ((bytes: string) => string) | undefined =>
	encoding === undefined ? undefined : bytes => decodeBytes(bytes, encoding);

/** What is told of combined analyses of a source, as far as its header says it; `null` where one is chosen. */
export type HeaderReadings = readonly Omit<AnalysisReading, 'rejects'>[] | null;

/** Of a source without a header. */
export const readingsOfEmpty = ({declarations, areCombined: are}: Candidates): HeaderReadings =>
	are ? declarations.map(({name}) => ({analysis: name, error: null})) : null;

interface Matches {
	/** Those that are made of the file, unless they have a fault. */
	readonly chosen: readonly ColumnMatch[];
	/** What they were chosen from. */
	readonly all: readonly ColumnMatch[];
}

/** A choice, and what it has asked of cells. */
interface Choice {
	readonly names: readonly string[];
	readonly candidates: Candidates;
	readonly asked: readonly {readonly question: Parameters<CellsFit>; readonly fits: boolean}[];
	readonly matches: Matches;
}

/** Files of a folder often have the same header, of which a reading asks several times. */
const lastChoices: Choice[] = [];
const MAX_CHOICES = 8;

/** Where names are the same and cells answer the same, the same is chosen. */
function chooseMatches(names: readonly string[], candidates: Candidates, cells: CellsFit): Matches {
	const known = lastChoices.find(
		({asked, ...last}) =>
			isSameList(names, last.names) &&
			areSameCandidates(candidates, last.candidates) &&
			asked.every(({question, fits}) => cells(...question) === fits),
	);
	if (known !== undefined) return known.matches;
	const asked: {question: Parameters<CellsFit>; fits: boolean}[] = [];
	const matches = compareNames(names, candidates, (...question) => {
		const fits = cells(...question);
		asked.push({question, fits});
		return fits;
	});
	if (lastChoices.unshift({names, candidates, asked, matches}) > MAX_CHOICES) lastChoices.pop();
	return matches;
}

/** Of several analyses one is detected; who asks for an analysis by its name may have records rejected. */
function compareNames(
	names: readonly string[],
	{declarations, areCombined: are, map, aliases}: Candidates,
	cells: CellsFit,
): Matches {
	const options = {map, aliases, cells};
	if (!are && declarations.length > 1) {
		const {match, matches} = detectAnalysis(names, declarations, options);
		return {chosen: [match], all: matches};
	}
	const all = matchEach(names, declarations, {...options, namesDecide: true});
	return {chosen: all, all};
}

/** The cells of a table in which only the names count. */
export const noCells = new FirstCells([]);

/** @param header - One character per byte. */
export function decodeNames(header: readonly string[], encoding = encodingOf(header)) {
	return {encoding, names: header.map(name => decodeBytes(name, encoding))};
}

/** Whether cells say which analysis a header is for, or what is missing: not where the names of its columns do. */
export function needsCells(header: readonly string[], candidates: Candidates): boolean {
	if (candidates.declarations.every(readsColumns)) return false;
	let areAsked = false;
	const {names} = decodeNames(header, candidates.encoding);
	const {chosen} = chooseMatches(names, candidates, () => {
		areAsked = true;
		return true;
	});
	return areAsked || chosen.some(({isOwn}) => !isOwn);
}

/** Data of an own analysis may well look like a table of it: `category, total` for the sum of `total` by `category`. */
function fitsOwnAnalysis(names: readonly string[], candidates: readonly AnalysisDeclaration[]): boolean {
	const {declaration, missing} = matchColumns(names, candidates, {names: 'own'});
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
	readonly #candidates: Candidates;
	readonly #cells: FirstCells;
	readonly #forms: FormSettings;
	/** Whether the names are text in UTF-8. */
	readonly isUtf8: boolean;

	/**
	@param header - The names as found, one character per byte.
	@param delimiter - What stands between them, for messages.
	@param cells - Of the first records, where they are needed.
	@throws {InputError} When a needed column is missing, or several names stand for one; of combined analyses, when that is so for all.
	*/
	constructor(
		header: readonly string[],
		position: RecordPosition,
		delimiter: string,
		candidates: Candidates,
		{where, forms = {}}: Pick<ReadSettings, 'where' | 'forms'>,
		cells: FirstCells,
	) {
		const {declarations, areCombined: are} = candidates;
		const {names, encoding} = decodeNames(header, candidates.encoding);
		this.#forms = forms;
		this.#header = header;
		this.#names = names;
		this.#position = position;
		this.#delimiter = delimiter;
		this.#candidates = candidates;
		this.#cells = cells;
		this.isUtf8 = encoding === 'utf-8';
		if (isTableHeader(names) && !fitsOwnAnalysis(names, declarations)) throw ownTable(position);
		const other = otherFormat(names, delimiter, position);
		if (other !== null) throw other;
		const {chosen, all} = chooseMatches(names, candidates, cells.fits);
		this.#matches = chosen.filter(match => this.#faultOf(match, all) === null);
		if (this.#matches.length === 0) throw this.#faultOf(are ? chooseMatch(all) : (chosen[0] ?? chooseMatch(all)), all);
		const invalid = header.find(name => findInvalid(name) !== -1);
		if (invalid !== undefined) throw invalidText('the header', invalid, position);
		this.analyses = this.#matches.map(({declaration}) => declaration.name);
		this.readings = are ? all.map(match => this.#readingOf(match)) : null;
		const programs = this.#matches.map(match => ({...match, header, faults: {key: this.#findKey(), delimiter}}));
		this.program = withKnownForms(this.#filtered(compileProgram(programs), where), forms);
	}

	#findKey(): number | null {
		const {keyColumn} = this.#candidates;
		if (keyColumn === undefined) return findKey(this.#names);
		const [place = null] = placesOfColumn(this.#names, keyColumn);
		return place;
	}

	/** The program of another analysis, for the same records. @throws {InputError} As the constructor. */
	compileOther(declaration: AnalysisDeclaration): Program {
		const {filter} = this.program;
		const others = {...this.#candidates, declarations: [declaration], areCombined: false};
		const {chosen, all} = chooseMatches(this.#names, others, this.#cells.fits);
		const fault = chosen.map(match => this.#faultOf(match, all)).find(found => found !== null);
		if (fault !== undefined) throw fault;
		const program = compileProgram(chosen);
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
		if (same.length === 0 && this.#matches.some(({subtracted}) => subtracted[column] !== undefined))
			throw missingFilterColumn(column, this.#names, this.#position);
		if (index === undefined) throw missingFilterColumn(column, this.#names, this.#position);
		if (second !== undefined) throw ambiguousFilterColumn(column, this.#names, this.#position);
		return index;
	}

	/** @param matches - Those that the match was chosen from. */
	#faultOf(match: ColumnMatch, matches: readonly ColumnMatch[] = [match]): InputError | null {
		const {map, areCombined: are} = this.#candidates;
		const known = {names: this.#names, position: this.#position, cells: this.#cells};
		if (match.missing.length > 0)
			return missingColumn(are ? [match] : matches, {...known, delimiter: this.#delimiter, map});
		if (match.ambiguous.length > 0) return ambiguousColumn(match, this.#names, this.#position);
		const doubt = doubtAmounts(match, known);
		if (doubt !== null) return doubt;
		const {columns} = match.declaration;
		const fault = this.#faultOfForms([
			...Object.entries(match.indexes).flatMap(([name, column]) => (columns[name]?.is === 'text' ? [] : [column])),
			...Object.values(match.subtracted),
		]);
		return fault ?? (findsFaults(match.declaration) ? this.#faultOfKey() : null);
	}

	/** Why some of the columns cannot be read; `null` where nothing is known of that. */
	#faultOfForms(columns: readonly number[]): InputError | null {
		const found = this.#forms.found?.undecided.find(({column}) => columns.includes(column));
		return found === undefined ? null : undecidedForm(found, this.#names[found.column] ?? '');
	}

	#faultOfKey(): InputError | null {
		const wanted = this.#candidates.keyColumn;
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
		const known = Object.entries(match?.indexes ?? {}).find(
			// Of two columns that are one, each has its own name.
			([column, own]) => own === index && match?.subtracted[column] === undefined,
		);
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

/** Of headers, in all the ways in which they may be cut: the files of a folder often have the same one. */
let ratings: {readonly candidates: Candidates; readonly byNames: Map<string, NameRating>} | null = null;
const MAX_RATINGS = 256;

/** How well a header fits some analysis, for finding the delimiter. */
export const rateNames =
	(candidates: Candidates): RateNames =>
	names => {
		if (ratings === null || !areSameCandidates(candidates, ratings.candidates) || ratings.byNames.size >= MAX_RATINGS)
			ratings = {candidates, byNames: new Map()};
		const key = names.join('\0');
		const rating = ratings.byNames.get(key) ?? rate(candidates, names);
		ratings.byNames.set(key, rating);
		return rating;
	};

function rate(candidates: Candidates, names: readonly string[]): NameRating {
	// Most headers have the very names of an analysis: then all the other ones, in many languages, need not be there in memory.
	const own = rateBy(candidates, names, 'own');
	return own.isComplete ? own : rateBy(candidates, names, 'certain');
}

function rateBy(
	{declarations, map, aliases}: Candidates,
	names: readonly string[],
	which: 'own' | 'certain',
): NameRating {
	let best: NameRating = {known: 0, isComplete: false};
	for (const declaration of declarations) {
		// Any header fits it, whatever the delimiter: then the delimiter is the one that gives the most fields.
		if (readsColumns(declaration)) continue;
		const match = matchColumns(names, [declaration], {map, aliases, names: which});
		const known = countFound(match);
		const isComplete = match.missing.length === 0;
		if (isComplete ? !best.isComplete || known > best.known : !best.isComplete && known > best.known)
			best = {known, isComplete};
	}
	return best;
}
