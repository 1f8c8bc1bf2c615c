// The first rejected records of a source, in the lists in which they are reported: those of the file, and where several analyses are
// combined, those of each as if it was alone.
import type {AnalysisReading} from '../../shared/protocol.ts';
import type {FoundReject} from '../../shared/reject-report.ts';
import type {HeaderReadings} from './match-header.ts';

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
*/
export function listRejects<Reject>(
	readings: HeaderReadings,
	analyses: readonly string[],
	listOf: (place: number) => readonly Reject[],
): FoundRejects<Reject> {
	if (readings === null) return {rejects: listOf(OF_ONLY_ANALYSIS)};
	return {
		rejects: listOf(OF_STRUCTURE),
		combined: readings.map(reading => {
			const place = analyses.indexOf(reading.analysis);
			return {...reading, rejects: place === -1 ? [] : listOf(place)};
		}),
	};
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
