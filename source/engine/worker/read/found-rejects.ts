// The first rejected records of a source, in the lists in which they are reported: those of the file, and where several analyses are
// combined, those of each as if it was alone. And how many records conditions leave out.
import {describeRecord} from '../../../analysis/quality/table-faults.ts';
import type {KeptReject} from '../../../kernel/rejects.ts';
import type {AnalysisReading, FoldedFile, ReadSettings} from '../../shared/protocol.ts';
import {type FoundReject, foundReject} from '../../shared/reject-report.ts';
import type {HeaderReadings, MatchedHeader} from './match-header.ts';

/** Whose records the file's list has where one analysis is chosen, and where several are combined. */
export const [OF_ONLY_ANALYSIS, OF_STRUCTURE] = [0, -1];

export interface FoundRejects<Reject = FoundReject> {
	/** Of combined analyses, only those whose structure is wrong. */
	readonly rejects: readonly Reject[];
	/** There where analyses are combined. */
	readonly combined?: readonly AnalysisReading<Reject>[];
}

/**
@param analyses - Those that are made of the source.
@param listOf - Gives the list of an analysis by its place; -1 for the records whose structure is wrong.
@param filteredRowsOf - Says how many records the condition of an analysis leaves out; none without it.
*/
export function listRejects<Reject>(
	readings: HeaderReadings,
	analyses: readonly string[],
	listOf: (place: number) => readonly Reject[],
	filteredRowsOf: (place: number) => number = () => 0,
): FoundRejects<Reject> {
	if (readings === null) return {rejects: listOf(OF_ONLY_ANALYSIS)};
	return {
		rejects: listOf(OF_STRUCTURE),
		combined: readings.map(reading => {
			const place = analyses.indexOf(reading.analysis);
			if (place === -1) return {...reading, rejects: []};
			const filtered = reading.filteredRows === undefined ? {} : {filteredRows: filteredRowsOf(place)};
			return {...reading, ...filtered, rejects: listOf(place)};
		}),
	};
}

/** Records that are left out. */
interface FilteredRows {
	/** By the condition of the run. */
	readonly filteredRows: number;
	/** By that of an analysis, by its place. */
	readonly filteredRowsOf: (place: number) => number;
}

/** Of a source without a record. */
export const noRows = {rows: 0, rejectedRows: 0, filteredRows: 0, filteredRowsOf: () => 0};

/** How many records of a source are left out; nothing where the run has no condition, and no only analysis that has one. */
export function countFiltered(
	header: MatchedHeader | null,
	{where}: Pick<ReadSettings, 'where'>,
	rows: FilteredRows,
): Pick<FoldedFile, 'filteredRows'> {
	const hasOwn = header?.hasOwnCondition === true;
	if (where === undefined && !hasOwn) return {};
	return {filteredRows: rows.filteredRows + (hasOwn ? rows.filteredRowsOf(OF_ONLY_ANALYSIS) : 0)};
}

/** The same with each reject in another form. */
export const mapRejects = <From, To>(
	{rejects, combined}: FoundRejects<From>,
	convert: (reject: From) => To,
): FoundRejects<To> => ({
	rejects: rejects.map(convert),
	...(combined !== undefined && {
		combined: combined.map(reading => ({...reading, rejects: reading.rejects.map(convert)})),
	}),
});

/** @param place - Of the analysis that tells of it, which rejects it or whose structure is wrong. */
export function describeKept(
	{byteOffset, line, reason, column, fieldCount, value}: KeptReject,
	columns: MatchedHeader | null,
	place: number,
): FoundReject {
	const name = column < 0 ? null : (columns?.columnBytes(column, place) ?? null);
	const found = describeRecord(reason, fieldCount, columns?.columnCount ?? 0) ?? value;
	return foundReject({line, byteOffset}, name, reason, found);
}
