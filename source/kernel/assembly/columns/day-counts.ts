// How many cells have each day: a page of 512 counts for a year, by month × 32 + day.
import {allocate, release} from '../memory';

/** Days of other years go to the host. */
export const FIRST_YEAR: u32 = 1500;
export const YEARS: u32 = 1024;
const LIST_BYTES: usize = 4 * (YEARS as usize);
const PAGE_BYTES: usize = 8 * 512;

/** A list of pages, none of which is there. */
export function createDays(): usize {
	const days = allocate(LIST_BYTES);
	memory.fill(days, 0, LIST_BYTES);
	return days;
}

export function releaseDays(days: usize): void {
	for (let year: usize = 0; year < (YEARS as usize); year++) {
		const page = load<u32>(days + 4 * year) as usize;
		if (page !== 0) release(page, PAGE_BYTES);
	}
	release(days, LIST_BYTES);
}

/** Makes the page of a year. @param year - From `FIRST_YEAR` on, which is 0. */
export function addPage(days: usize, year: u32): usize {
	const page = allocate(PAGE_BYTES);
	memory.fill(page, 0, PAGE_BYTES);
	store<u32>(days + 4 * (year as usize), page as u32);
	return page;
}
