// How many decimals values have. The units of a value, and all sums of it, have the scale of the most decimals that have come; a sum of
// its own has fewer where its analysis has rejected the records with more.
import {filterReaderAt, filterReaderCount} from './filter';
import {GroupTable} from './group-table';
import {powerOfTen} from './memory';
import {NumberReader} from './number-reader';
import {analysisAt, analysisCount} from './program';
import {
	computedNumberAt,
	computedNumberCount,
	numberAt,
	numberCount,
	productAt,
	productCount,
	valueAt,
	valueCount,
} from './readers';
import {FOUND, MAX_SCALE, Value} from './value';

/** Whether the units of runs that were read before are of another scale. */
let hasRaised: bool = false;

export function beginScales(): void {
	for (let index: i32 = 0; index < numberCount(); index++) numberAt(index).begin();
	for (let index: i32 = 0; index < productCount(); index++) productAt(index).begin();
	for (let index: i32 = 0; index < computedNumberCount(); index++) computedNumberAt(index).begin();
	// The first computed number goes by the rules, for its sums to have its decimals.
	if (computedNumberCount() > 0) updateQuickScales();
	hasRaised = false;
}

/** Whether a scale was raised since it was asked last. */
export function wereScalesRaised(): bool {
	const wereRaised = hasRaised;
	hasRaised = false;
	return wereRaised;
}

/** Raises the scales of values to what the accepted cells of a record need, and makes their units ready for sums. */
export function raiseScales(): void {
	for (let index: i32 = 0; index < analysisCount(); index++) {
		const analysis = analysisAt(index);
		if (!analysis.isAccepted) continue;
		for (let at: i32 = 0; at < analysis.valueCount; at++) {
			const value = analysis.valueAt(at);
			if (value.outcome === FOUND && value.cellScale > value.scale) raise(value);
		}
	}
	for (let index: i32 = 0; index < valueCount(); index++) {
		if (valueAt(index).isThere()) valueAt(index).prepare();
	}
}

/** More decimals leave too few digits in front of them for the numbers that are read at once. */
const MAX_FILTER_SCALE: i32 = 9;

/** The units of the filter's numbers are in no sum, so their scales are raised by any record. */
export function raiseFilterScales(): void {
	for (let index: i32 = 0; index < filterReaderCount(); index++) {
		const reader = filterReaderAt(index);
		const scale = reader.cellScale;
		if (reader.outcome !== FOUND || scale <= reader.scale || scale > MAX_FILTER_SCALE) continue;
		hasRaised = true;
		reader.raiseScale(scale);
		reader.quickScale = scale;
	}
}

/** A product or difference has no scale of its own: it has that of its parts, which are raised before it. */
function raise(value: Value): void {
	for (let index: i32 = 0; index < productCount(); index++) {
		if (changetype<usize>(productAt(index)) === changetype<usize>(value)) return;
	}
	hasRaised = true;
	rescale(value, value.cellScale);
	changetype<NumberReader>(value).raiseScale(value.cellScale);
	for (let index: i32 = 0; index < productCount(); index++) {
		const product = productAt(index);
		const scale = product.scaleOfParts();
		if (product.scale === scale) continue;
		product.isTooFine = scale > MAX_SCALE;
		if (product.isTooFine) continue;
		rescale(product, scale);
		product.scale = scale;
	}
}

/** Makes the units of all sums of a value those of a larger scale. */
function rescale(value: Value, scale: i32): void {
	const factor = powerOfTen(scale - value.scale);
	const summed = changetype<usize>(value);
	for (let index: i32 = 0; index < analysisCount(); index++) {
		const analysis = analysisAt(index);
		for (let at: i32 = 0; at < analysis.sumCount; at++) {
			if (analysis.sumAt(at).value === summed) analysis.sumAt(at).rescale(factor);
		}
		for (let at: i32 = 0; at < analysis.tableCount; at++) rescaleTable(analysis.tableAt(at), summed, factor);
	}
}

function rescaleTable(table: GroupTable, value: usize, factor: i64): void {
	for (let index: i32 = 0; index < table.summandCount; index++) {
		if (table.summandAt(index).value === value) table.rescale(index, factor);
	}
}

/** Lets the fast path read what all sums have seen. */
export function updateQuickScales(): void {
	for (let index: i32 = 0; index < valueCount(); index++) valueAt(index).quickScale = valueAt(index).scale;
	for (let index: i32 = 0; index < analysisCount(); index++) {
		const analysis = analysisAt(index);
		for (let at: i32 = 0; at < analysis.sumCount; at++) {
			const sum = analysis.sumAt(at);
			if (sum.value !== 0) limitQuickScale(sum.value, sum.scale);
		}
		for (let at: i32 = 0; at < analysis.tableCount; at++) {
			const table = analysis.tableAt(at);
			for (let summand: i32 = 0; summand < table.summandCount; summand++) {
				const one = table.summandAt(summand);
				if (one.value !== 0) limitQuickScale(one.value, one.scale);
			}
		}
	}
}

function limitQuickScale(value: usize, scale: i32): void {
	const one = changetype<Value>(value);
	one.quickScale = min(one.quickScale, scale);
}

/** Lets readers that have no pattern expect what the record has. */
export function learnPatterns(): void {
	for (let index: i32 = 0; index < numberCount(); index++) {
		const reader = numberAt(index);
		if (reader.hasPattern() || reader.outcome !== FOUND || reader.cellScale > reader.quickScale) continue;
		reader.learn(reader.cellScale);
	}
}

export function haveAllPatterns(): bool {
	for (let index: i32 = 0; index < numberCount(); index++) if (!numberAt(index).hasPattern()) return false;
	return true;
}

/** Lets readers that have no pattern expect whole numbers. */
export function supposePatterns(): void {
	for (let index: i32 = 0; index < numberCount(); index++) {
		if (!numberAt(index).hasPattern()) numberAt(index).learn(0);
	}
}
