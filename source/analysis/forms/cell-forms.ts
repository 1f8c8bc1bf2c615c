// A cell in the form of its column -> the same in the plain form, which all readers know.
import {type DateForm, readWrittenDate} from './date-form.ts';
import type {Evidence} from './evidence.ts';
import {type NumberForm, plainNumber, plainNumberForm, readWritten} from './number-form.ts';

export type ReadAs =
	/** Not a number, or not a date, in any form. */
	| 'no-form'
	/** It is one in another form than that of the column. */
	| 'other-form'
	/** `showsMore`: it shows something of the form that nobody has noted yet. */
	| {readonly plain: string; readonly showsMore: boolean};

const nothing: Evidence = {};

/** @param shown - What has been noted of the column. */
export function readNumberAs(form: NumberForm = plainNumberForm, cell: string, shown = nothing): ReadAs {
	const written = readWritten(cell);
	if (written === null) return 'no-form';
	const plain = plainNumber(written, form);
	if (plain === null) return 'other-form';
	const {proves} = written.numeral;
	const showsMark = shown[form.mark] === undefined && proves !== 'none' && shown[proves] === undefined;
	const showsUnit = shown[written.isPercent ? 'percent' : 'number'] === undefined;
	const showsCurrency = written.currency !== null && shown[`currency ${written.currency}`] === undefined;
	return {plain, showsMore: showsMark || showsUnit || showsCurrency};
}

export function readDateAs(form: DateForm = 'year-first', cell: string, shown = nothing): ReadAs {
	const written = readWrittenDate(cell);
	if (written === null) return 'no-form';
	const plain = written.readAs(form);
	if (plain === null) return 'other-form';
	return {plain, showsMore: shown[form] === undefined && shown[written.proves] === undefined};
}
