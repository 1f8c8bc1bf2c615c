// Cells by the rules, in the form of their column.
import {type ParsedAmount, parseAmount} from '../amount.ts';
import {readDateAs, readNumberAs} from './cell-forms.ts';
import type {DateForm} from './date-form.ts';
import {plainNumberForm} from './number-form.ts';

/** As `parseAmount`, of a number in any form. */
export function readAmount(cell: string, form = plainNumberForm, into: ParsedAmount): ReturnType<typeof parseAmount> {
	const quick = parseAmount(cell, into, form.mark);
	if (quick === 'missing' || (quick !== 'not-a-number' && !form.isPercent)) return quick;
	const read = readNumberAs(form, cell);
	return typeof read === 'string' ? 'not-a-number' : parseAmount(read.plain, into);
}

/** A date in the plain form; the cell as it is where it is none. */
export function plainDate(cell: string, form: DateForm = 'year-first'): string {
	const read = readDateAs(form, cell);
	if (typeof read !== 'string') return read.plain;
	return form === 'year-first' ? cell : '';
}
