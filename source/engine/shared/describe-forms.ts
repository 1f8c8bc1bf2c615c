// How the columns of a source were read, as its report has it.
import {nameOfDateForm} from '../../analysis/forms/date-format.ts';
import type {Evidence} from '../../analysis/forms/evidence.ts';
import type {ColumnForm} from '../../analysis/forms/forms.ts';
import type {NumberForm} from '../../analysis/forms/number-form.ts';
import type {FormsRead} from '../../analysis/forms/with-forms.ts';
import type {ColumnDialect, DialectReport} from '../../model/report.ts';

export const withForms = (dialect: DialectReport, columns: readonly ColumnDialect[]): DialectReport =>
	columns.length === 0 ? dialect : {...dialect, columns};

/** Of the columns that are not in the plain form, in their order. */
export const describeForms = ({used, evidence, names}: FormsRead): readonly ColumnDialect[] =>
	[...used]
		.sort(([one], [other]) => one - other)
		.map(([index, form]) => ({
			index,
			name: names[index] ?? '',
			...describeForm(
				form,
				Object.assign({}, ...evidence.filter(({column}) => column === index).map(({shown}) => shown)),
			),
		}));

function describeForm({number, date, cells}: ColumnForm, shown: Evidence): Omit<ColumnDialect, 'index' | 'name'> {
	const ofNumbers = cells !== undefined && 'number' in cells ? cells.number : number;
	const ofDates = cells !== undefined && 'date' in cells ? cells.date : date;
	return {
		...(ofNumbers !== undefined && describeNumber(ofNumbers, shown)),
		...(ofDates !== undefined && {date_format: nameOfDateForm(ofDates)}),
	};
}

function describeNumber({mark, isPercent, group}: NumberForm, shown: Evidence): Partial<ColumnDialect> {
	const groups = Object.keys(shown).flatMap(what => (what.startsWith('group ') ? [what.slice('group '.length)] : []));
	const thousands = group ?? groups.sort()[0];
	return {
		decimal: mark,
		...(thousands !== undefined && thousands !== '' && {thousands}),
		...(isPercent && {percent: true}),
	};
}
