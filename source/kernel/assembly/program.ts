// The program of a file: what is read of each record, and what is kept of it. The host writes it as words (../spec.ts):
//
//   numbers    how many; of each: column, 1 for optional + 2 for a factor + 4 for one that functions are given
//                + 8 for a decimal comma + 16 for percent + 32 where another reader of the column notes its forms
//                + 64 where no groups may have the other mark between them
//   dates      how many; of each: column, 1 for optional + 2 for one with times + 4 for one of the filter + 16 × its form
//   products   how many; of each: the numbers of two readers of numbers, 1 for their difference
//   computed   numbers: how many; of each: decimals. How many dates. How many texts
//   analyses   how many; of each: 1 where lines are counted; 1 where the host has functions for it;
//     required   how many; of each: the number of a reader, those of dates behind those of numbers, then products
//     values     how many; of each: the number of a value: readers of numbers, products, computed numbers
//     sums       how many; of each: value, 1 for counted + 2 for the smallest and the largest
//     ranges     how many; of each: the number of a date (readers of dates, then computed ones), 1 for times
//     sets       how many; of each: column or `COMPUTED` + the number of a computed text, the most values, the most bytes of them
//     tables     how many; of each: the most groups, the most bytes of keys,
//                  keys: how many (1 or 2); of each: part (key-parts.ts); column, date or computed text
//                  1 where the first summand is no sum of the declaration; summands: how many; of each: as sums
//                  ranges: how many; of each: as above; 1 where different keys are counted
//     columns    0, or 1 and: how many; of each: the most values, the most bytes of them, bits of registers, and of the sample the most
//                  entries, the most bytes of them, the most of one; 0, or 1 where faults are looked for and: the column that is a key,
//                  the most keys, the most bytes of them, the most in the sample
//
//   filter     tests: how many; of each: kind (filter.ts), 1 for negated, then
//                of numbers the number of a reader, and the smallest and the largest units for 0 to 18 decimals, 4 each
//                of dates the number of a reader, the first and the last code
//                of texts the column, 1 where it may be other bytes, how many bytes it has, the bytes
//              and where there are any: code: how many words; the words; of how many of the last numbers it alone has readers
//
// What is not there is `NONE`. The states of analyses stay where the next program has the same analyses.
import {Analysis} from './analysis';
import {itemOf} from './items';
import {clearArena, reserve} from './keys';
import {beginSummands, loadAnalysis} from './load-analysis';
import {loadFilter} from './load-filter';
import {MAPPING, STATES} from './memory';
import {beginWords, next} from './program-words';
import {loadReaders, releaseReaders} from './readers';

let hasFunctions: bool = false;
let analyses: usize = 0;
let analysisTotal: i32 = 0;

/** Whether any analysis has functions. */
export function callsFunctions(): bool {
	return hasFunctions;
}
export function analysisCount(): i32 {
	return analysisTotal;
}
export function analysisAt(index: i32): Analysis {
	return changetype<Analysis>(itemOf(analyses, index));
}

/**
Sets up a program.

@param hasSameStates - Whether its analyses keep the same as those of the last one.
*/
export function loadProgram(words: usize, hasSameStates: bool): void {
	beginWords(words);
	releaseReaders();
	clearArena(MAPPING);
	loadReaders();
	if (!hasSameStates) releaseStates();
	const count = next() as i32;
	if (!hasSameStates) {
		analyses = reserve(STATES, 4 * (count as usize));
		for (let index: i32 = 0; index < count; index++) {
			store<u32>(analyses + 4 * (index as usize), reserve(STATES, offsetof<Analysis>()) as u32);
		}
	}
	analysisTotal = count;
	beginSummands();
	hasFunctions = false;
	for (let index: i32 = 0; index < count; index++) {
		analysisAt(index).number = index as u32;
		loadAnalysis(analysisAt(index), !hasSameStates);
		hasFunctions = hasFunctions || analysisAt(index).hasFunctions;
	}
	loadFilter();
}

function releaseStates(): void {
	for (let index: i32 = 0; index < analysisTotal; index++) analysisAt(index).release();
	clearArena(STATES);
}
