// What some records came to for one analysis: of a file, of all files, of anything between. States merge: merging is associative and
// commutative with the empty state as identity, which is why a report does not depend on threads, order or where the data was cut.
//
// Text from files arrives as bytes, one character per byte (Latin-1): comparing two such strings compares their bytes, and nothing is
// decoded that nobody will read. A file that is not in UTF-8 has its texts transcoded before they meet those of others.
import {absorbColumns, type Columns, columnsInUtf8, createColumns, mergeColumns} from './columns/columns.ts';
import {addDecimals, zeroDecimal} from './decimal.ts';
import {createDistinct, type DistinctValues, distinctInUtf8, distinctOfFigures, mergeDistinct} from './distinct.ts';
import {joinExtremes} from './extremes.ts';
import type {AnalysisFigures, SumFigures} from './figures.ts';
import {createGroups, discardGroups, type GroupTable, giveUpGroups, groupsOf} from './groups/group-table.ts';
import {groupsInUtf8} from './groups/groups-in-utf8.ts';
import {absorbGroups, absorbGroupsInTurns, mergeGroups} from './groups/merge-groups.ts';
import {joinLongest, type LongestRecord} from './longest.ts';
import {columnCapsOf, findsFaults, type StateLayout, topCapsOf} from './state-layout.ts';
import {type TextEncoding, toUtf8From} from './text-encoding.ts';
import {createTopValues, mergeTopValues, type TopValues, topValuesInUtf8} from './top-values.ts';
import {runInTurns, runToEnd} from './turns.ts';

export interface AnalysisState {
	readonly layout: StateLayout;
	/** Accepted records. */
	records: number;
	/** Physical lines, where they are counted; else 0. */
	lines: number;
	/** In the order of the layout, as all that follows. */
	readonly sums: SumFigures[];
	/** As text, days compare like days, and moments like moments. */
	readonly ranges: AnalysisFigures['ranges'][number][];
	readonly sets: DistinctValues[];
	readonly longest: (LongestRecord | null)[];
	readonly tops: TopValues[];
	/** There are none where the analysis does not read columns. */
	readonly columns: Columns;
	tables: GroupTable[];
}

/** The identity of merging. */
export const createState = (layout: StateLayout): AnalysisState => ({
	layout,
	records: 0,
	lines: 0,
	sums: layout.hasExtremes.map(hasExtremes => ({...zeroDecimal, count: 0, ...(hasExtremes && {extremes: null})})),
	ranges: Array.from(layout.ranges, () => null),
	sets: Array.from(layout.sets, () => createDistinct(layout.caps)),
	longest: Array.from(layout.longest, () => null),
	tops: Array.from(layout.tops, () => createTopValues(topCapsOf(layout.caps))),
	columns: columnsOf(layout),
	tables: Array.from(layout.tables.values(), createGroups),
});

/** Those of nothing. */
const columnsOf = ({caps, declaration}: StateLayout): Columns =>
	createColumns(columnCapsOf(declaration, caps), findsFaults(declaration));

/** What a reader found, in UTF-8 whatever the source is in. The memory of the figures is taken over. */
export function stateOfFigures(layout: StateLayout, figures: AnalysisFigures, encoding: TextEncoding): AnalysisState {
	const {records, lines = 0, sums, ranges, sets, tables, longest = [], tops = []} = figures;
	const {columns = columnsOf(layout)} = figures;
	const state = {
		layout,
		records,
		lines: layout.countsLines ? lines : 0,
		sums: [...sums],
		ranges: [...ranges],
		sets: sets.map(set => distinctOfFigures(set, layout.caps)),
		longest: [...longest],
		tops: [...tops],
		columns,
		tables: Array.from(layout.tables.values(), (table, place) => {
			const groups = tables[place];
			if (groups === undefined) throw new Error('Expected figures of each table');
			return groupsOf(groups, table);
		}),
	};
	return encoding === 'utf-8' ? state : stateInUtf8(state, encoding);
}

/** The state of a source in another encoding with its texts in UTF-8. The state that is given is left as it is. */
export const stateInUtf8 = (state: AnalysisState, encoding: TextEncoding): AnalysisState =>
	runToEnd(transcode(state, encoding));

/** The same for a thread that has others to serve: `nextTurn` resolves when they have been. */
export const stateInUtf8InTurns = (
	state: AnalysisState,
	encoding: TextEncoding,
	nextTurn: () => Promise<unknown>,
): Promise<AnalysisState> => runInTurns(transcode(state, encoding), nextTurn);

function* transcode(state: AnalysisState, encoding: TextEncoding): Generator<void, AnalysisState> {
	const toUtf8 = toUtf8From(encoding);
	const sets: DistinctValues[] = [];
	for (const [place, set] of state.sets.entries())
		sets.push(state.layout.isSetComputed[place] === true ? set : yield* distinctInUtf8(set, encoding));
	const tables: GroupTable[] = [];
	for (const groups of state.tables) tables.push(yield* groupsInUtf8(groups, encoding));
	return {
		...state,
		sums: [...state.sums],
		ranges: [...state.ranges],
		sets,
		longest: [...state.longest],
		tops: state.tops.map(values => topValuesInUtf8(values, toUtf8)),
		columns: columnsInUtf8(state.columns, encoding),
		tables,
	};
}

/** Merges `source` into `target`; `source` is left as it is. */
export function mergeState(target: AnalysisState, source: AnalysisState): void {
	mergeOthers(target, source);
	mergeColumns(target.columns, source.columns);
	eachTable(target, source, mergeGroups);
}

/** The same, where the source is not looked at any more: its memory is taken over or given back. */
export function absorbState(target: AnalysisState, source: AnalysisState): void {
	mergeOthers(target, source);
	absorbColumns(target.columns, source.columns);
	eachTable(target, source, absorbGroups);
}

/** The same for a thread that has others to serve: `nextTurn` resolves when they have been. */
export async function absorbStateInTurns(
	target: AnalysisState,
	source: AnalysisState,
	nextTurn: () => Promise<unknown>,
): Promise<void> {
	mergeOthers(target, source);
	absorbColumns(target.columns, source.columns);
	const merges: Promise<void>[] = [];
	eachTable(target, source, (own, other) => merges.push(absorbGroupsInTurns(own, other, nextTurn)));
	await Promise.all(merges);
}

function eachTable(
	{tables}: AnalysisState,
	source: AnalysisState,
	merge: (target: GroupTable, source: GroupTable) => void,
): void {
	for (const [place, table] of tables.entries()) {
		const other = source.tables[place];
		if (other !== undefined) merge(table, other);
	}
}

/** Merges all but columns and tables. */
function mergeOthers(target: AnalysisState, source: AnalysisState): void {
	if (target.layout.digest !== source.layout.digest) throw new Error('Expected states of the same analysis');
	target.records += source.records;
	target.lines += source.lines;
	for (const [place, sum] of source.sums.entries()) {
		const own = target.sums[place] ?? sum;
		target.sums[place] = {
			...addDecimals(own, sum),
			count: own.count + sum.count,
			...(own.extremes !== undefined && {extremes: joinExtremes(own.extremes, sum.extremes ?? null)}),
		};
	}
	for (const [place, range] of source.ranges.entries()) {
		const own = target.ranges[place] ?? null;
		target.ranges[place] = own === null || range === null ? (own ?? range) : joinRanges(own, range);
	}
	for (const [place, set] of source.sets.entries()) {
		const own = target.sets[place];
		if (own !== undefined) mergeDistinct(own, set);
	}
	for (const [place, longest] of source.longest.entries())
		target.longest[place] = joinLongest(target.longest[place] ?? null, longest);
	for (const [place, values] of source.tops.entries()) {
		const own = target.tops[place];
		if (own !== undefined) mergeTopValues(own, values);
	}
}

type DayRange = NonNullable<AnalysisState['ranges'][number]>;

const joinRanges = (one: DayRange, other: DayRange): DayRange => ({
	earliest: one.earliest < other.earliest ? one.earliest : other.earliest,
	latest: one.latest > other.latest ? one.latest : other.latest,
});

/** Gives the memory of a state back that is not looked at any more. */
export function discardState({tables}: AnalysisState): void {
	for (const table of tables) discardGroups(table);
}

/** Gives the groups of all tables up for good. */
export function giveUpTables({tables}: AnalysisState): void {
	for (const table of tables) giveUpGroups(table);
}

/** Whether all tables are given up: then those of others need not be merged into them. */
export const hasGivenUpTables = ({tables}: AnalysisState): boolean =>
	tables.length > 0 && tables.every(({isGivenUp}) => isGivenUp);
