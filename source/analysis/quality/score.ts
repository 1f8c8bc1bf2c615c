// The score of a table: 100 less what is lost by faults, each by its share.
import {divideUnits} from '../units.ts';

/** A share is `faults` of `all`, 0 of nothing. */
export interface Share {
	readonly faults: number;
	readonly all: number;
}

export interface ScoredShares {
	readonly missing: Share;
	readonly outOfType: Share;
	readonly duplicateKeys: Share;
	/** Blanks and case variants. */
	readonly forms: Share;
	readonly structural: Share;
}

const WEIGHTS = {missing: 30n, outOfType: 30n, duplicateKeys: 20n, forms: 10n, structural: 10n} as const;

/** Stands beside the score in each result. */
export const SCORE_FORMULA =
	'100 - 30 * missing - 30 * out_of_type - 20 * duplicate_keys - 10 * (blanks + case_variants) - 10 * structural, at least 0. ' +
	'Shares: missing of all cells of columns that are not always empty; out_of_type, blanks and case_variants of the cells that are not ' +
	'missing; duplicate_keys of the records that are as the header says; structural (ragged and invalid-utf8) of all records';

/** @returns With 2 decimals, rounded half to even, not below 0. */
export function scoreOf(shares: ScoredShares): string {
	// 100 points in hundredths, over one denominator.
	let [units, denominator] = [10_000n, 1n];
	for (const [name, {faults, all}] of Object.entries(shares) as [keyof ScoredShares, Share][]) {
		if (all === 0) continue;
		units = units * BigInt(all) - WEIGHTS[name] * 100n * BigInt(faults) * denominator;
		denominator *= BigInt(all);
	}
	const hundredths = units <= 0n ? 0n : BigInt(divideUnits(units, 0, denominator));
	const digits = String(hundredths).padStart(3, '0');
	return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
