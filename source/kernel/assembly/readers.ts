// What reads the columns of each record, by the program: see program.ts.
import {ComputedNumber, ComputedText} from './computed';
import {DateReader} from './date-reader';
import {itemOf} from './items';
import {clearArena, reserve} from './keys';
import {READERS} from './memory';
import {NumberReader} from './number-reader';
import {Product} from './product';
import {next, passWords} from './program-words';
import {Value} from './value';

const OPTIONAL: u32 = 1;
const FACTOR: u32 = 2;
const GIVEN: u32 = 4;
const TIMED: u32 = 2;
const OF_FILTER: u32 = 4;
const FORM_SHIFT: u32 = 4;

/** Lists of addresses: readers of numbers and products in one, for both are values. */
let values: usize = 0;
let numberTotal: i32 = 0;
let productTotal: i32 = 0;
let dates: usize = 0;
let dateTotal: i32 = 0;
/** Behind those that are read. */
let computedNumberTotal: i32 = 0;
let computedDateTotal: i32 = 0;
let texts: usize = 0;
let textTotal: i32 = 0;

export function numberCount(): i32 {
	return numberTotal;
}
export function numberAt(index: i32): NumberReader {
	return changetype<NumberReader>(itemOf(values, index));
}
export function productCount(): i32 {
	return productTotal;
}
export function productAt(index: i32): Product {
	return changetype<Product>(itemOf(values, numberTotal + index));
}
export function valueCount(): i32 {
	return numberTotal + productTotal + computedNumberTotal;
}
export function computedNumberCount(): i32 {
	return computedNumberTotal;
}
export function computedNumberAt(index: i32): ComputedNumber {
	return changetype<ComputedNumber>(itemOf(values, numberTotal + productTotal + index));
}
export function computedDateAt(index: i32): DateReader {
	return dateAt(dateTotal + index);
}
export function computedTextAt(index: i32): ComputedText {
	return changetype<ComputedText>(itemOf(texts, index));
}
export function valueAt(index: i32): Value {
	return changetype<Value>(itemOf(values, index));
}
/** Dates that are read. */
export function dateCount(): i32 {
	return dateTotal;
}
export function dateAt(index: i32): DateReader {
	return changetype<DateReader>(itemOf(dates, index));
}

export function releaseReaders(): void {
	for (let index: i32 = 0; index < numberTotal; index++) numberAt(index).release();
	for (let index: i32 = 0; index < productTotal; index++) productAt(index).release();
	for (let index: i32 = 0; index < dateTotal + computedDateTotal; index++) dateAt(index).release();
	for (let index: i32 = 0; index < computedNumberTotal; index++) computedNumberAt(index).release();
	for (let index: i32 = 0; index < textTotal; index++) computedTextAt(index).release();
	clearArena(READERS);
}

export function loadReaders(): void {
	numberTotal = next() as i32;
	const numbers = passWords(2 * numberTotal);
	dateTotal = next() as i32;
	const columns = passWords(2 * dateTotal);
	productTotal = next() as i32;
	const factors = passWords(3 * productTotal);
	computedNumberTotal = next() as i32;
	const computed = passWords(computedNumberTotal);
	computedDateTotal = next() as i32;
	textTotal = next() as i32;
	dates = reserve(READERS, 4 * ((dateTotal + computedDateTotal) as usize));
	for (let index: i32 = 0; index < dateTotal + computedDateTotal; index++) {
		const date = reserve(READERS, offsetof<DateReader>());
		store<u32>(dates + 4 * (index as usize), date as u32);
		const isRead = index < dateTotal;
		const column = isRead ? load<i32>(columns + 8 * (index as usize)) : -1;
		const flags = isRead ? load<u32>(columns + 8 * (index as usize), 4) : OPTIONAL;
		changetype<DateReader>(date).create(index, column, (flags & OPTIONAL) !== 0, (flags & TIMED) !== 0);
		changetype<DateReader>(date).setForm((flags >> FORM_SHIFT) as i32, (flags & OF_FILTER) !== 0);
	}
	values = reserve(READERS, 4 * (valueCount() as usize));
	for (let index: i32 = 0; index < numberTotal; index++) {
		const reader = reserve(READERS, offsetof<NumberReader>());
		store<u32>(values + 4 * (index as usize), reader as u32);
		const flags = load<u32>(numbers + 8 * (index as usize), 4);
		const column = load<i32>(numbers + 8 * (index as usize));
		changetype<NumberReader>(reader).create(
			index,
			column,
			(flags & OPTIONAL) !== 0,
			(flags & FACTOR) !== 0,
			(flags & GIVEN) !== 0,
		);
		changetype<NumberReader>(reader).setForm(flags);
	}
	for (let index: i32 = 0; index < productTotal; index++) {
		const product = reserve(READERS, offsetof<Product>());
		store<u32>(values + 4 * ((numberTotal + index) as usize), product as u32);
		const words = factors + 12 * (index as usize);
		const isDifference = load<u32>(words, 8) === 1;
		changetype<Product>(product).create(numberAt(load<i32>(words)), numberAt(load<i32>(words, 4)), isDifference);
	}
	for (let index: i32 = 0; index < computedNumberTotal; index++) {
		const number = reserve(READERS, offsetof<ComputedNumber>());
		store<u32>(values + 4 * ((numberTotal + productTotal + index) as usize), number as u32);
		const decimals = load<i32>(computed + 4 * (index as usize));
		changetype<ComputedNumber>(number).create(index as u32, decimals);
	}
	texts = reserve(READERS, 4 * (textTotal as usize));
	for (let index: i32 = 0; index < textTotal; index++) {
		const text = reserve(READERS, offsetof<ComputedText>());
		store<u32>(texts + 4 * (index as usize), text as u32);
		changetype<ComputedText>(text).create();
	}
}
