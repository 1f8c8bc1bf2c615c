// Reads a source until its columns are in the forms in which they are read: mostly at once, else a second time. What its cells show is
// known at its end.
import type {Undecided} from '../../../analysis/forms/decide.ts';
import type {Decided} from '../../../analysis/forms/decide-forms.ts';
import {type FormsRead, findForms} from '../../../analysis/forms/with-forms.ts';
import {InputError} from '../../../input/input-error.ts';
import type {ColumnDialect} from '../../../model/report.ts';
import {describeForms} from '../../shared/describe-forms.ts';
import type {ReadSettings} from '../../shared/protocol.ts';

/** With the forms that a reading found, or without a column that is in none, another one finds nothing more: the last one says why. */
const MOST_READINGS = 4;

interface ReadInForms {
	/** How the columns were read that are not in the plain form. */
	readonly columnForms: readonly ColumnDialect[];
	/** Columns that are read whatever they hold, and of which the form is not known. */
	readonly undecidedCells: readonly Undecided[];
}

/**
@param read - Reads all of the source.
@param again - Goes back to its beginning; `null` where that is not possible.
*/
export async function readInRightForms<Read extends {readonly formsRead?: FormsRead}>(
	settings: ReadSettings,
	read: (settings: ReadSettings) => Promise<Read>,
	again: (() => Promise<void>) | null,
): Promise<Omit<Read, 'formsRead'> & ReadInForms> {
	const {forms: {forced, found: known} = {}} = settings;
	let found: Decided | undefined = known;
	for (let readings = 1; ; readings++) {
		const {formsRead, ...folded} = await read(found === undefined ? settings : {...settings, forms: {forced, found}});
		if (formsRead === undefined) return {...folded, columnForms: [], undecidedCells: []};
		const {areRight, forms, undecided, undecidedCells} = findForms(formsRead, forced, found);
		if (areRight) return {...folded, columnForms: describeForms(formsRead), undecidedCells};
		if (again === null) throw cannotReadAgain();
		if (readings === MOST_READINGS) throw new Error('The forms of columns were not found');
		found = {forms, undecided: [...(found?.undecided ?? []), ...undecided], undecidedCells};
		await again();
	}
}

const cannotReadAgain = (): InputError =>
	new InputError(
		'AMBIGUOUS_FORM',
		'Expected numbers and dates in the form of the first records, but cells further on show another one, and a stream cannot be read again. Save it as a file, or say the form with --decimal and --date-format',
		{line: null, byteOffset: null},
		{isFoundAtEnd: true},
	);
