// The filter of a program: see program.ts.
import {CellTest, DATE, NUMBER, setFilter} from './filter';
import {reserve} from './keys';
import {MAPPING} from './memory';
import {copyWords, createList, next} from './program-words';
import {dateAt, numberAt, numberCount} from './readers';

export function loadFilter(): void {
	const count = next() as i32;
	const tests = createList(MAPPING, count);
	for (let index: i32 = 0; index < count; index++) {
		const test = reserve(MAPPING, offsetof<CellTest>());
		memory.fill(test, 0, offsetof<CellTest>());
		store<u32>(tests + 4 * (index as usize), test as u32);
		changetype<CellTest>(test).number = index as u32;
		loadTest(changetype<CellTest>(test));
	}
	const length: i32 = count === 0 ? 0 : (next() as i32);
	const code = copyWords(length);
	const own: i32 = count === 0 ? 0 : (next() as i32);
	const readers = createList(MAPPING, own);
	for (let index: i32 = 0; index < own; index++) {
		store<u32>(readers + 4 * (index as usize), changetype<usize>(numberAt(numberCount() - own + index)) as u32);
	}
	setFilter(tests, count, code, length, readers, own);
}

/** Words of the bounds of a number. */
const BOUND_WORDS: i32 = 4 * 19;

function loadTest(test: CellTest): void {
	test.kind = next() as i32;
	test.isNegated = next() === 1;
	const at = next() as i32;
	if (test.kind === NUMBER) {
		test.reader = changetype<usize>(numberAt(at));
		test.bounds = copyWords(BOUND_WORDS);
		return;
	}
	if (test.kind === DATE) {
		test.reader = changetype<usize>(dateAt(at));
		test.first = next();
		test.last = next();
		return;
	}
	test.column = at;
	test.isInHost = next() === 1;
	test.textBytes = next() as usize;
	test.text = copyWords(((test.textBytes + 3) >> 2) as i32);
	test.borders = reserve(MAPPING, 4 * max<usize>(1, test.textBytes));
	test.findBorders();
}
