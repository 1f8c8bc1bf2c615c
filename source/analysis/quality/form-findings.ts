// Dates or numbers of a column that are written in several ways, and what looks like one and is none.
import {parseCalendarDate} from '../calendar-date.ts';
import {readCell} from '../columns/cell.ts';
import {countOfClass} from '../columns/sketch.ts';
import {cellForms, type FormKind, isMalformed, kindOfForm} from './cell-forms.ts';
import {countedForm, firstOfClass, trimBlanks} from './column-faults.ts';
import type {KnownColumn} from './column-quality.ts';
import {type Finding, inWords, shortText} from './finding.ts';
import {comparePlacedCells, joinFirst, keepFirst, type PlacedCell, placeCell} from './places.ts';

interface CountedForm {
	readonly label: string;
	readonly count: number;
	readonly first: readonly PlacedCell[];
}

/** Only of a column of which at least half of the cells are dates, or numbers, in any form. */
export function findForms(column: KnownColumn, name: string): readonly Finding[] {
	return (['date', 'number'] as const).flatMap(kind => {
		const {sketch, present} = column;
		const forms = formsOf(column, kind);
		const all = sum(forms);
		// Whole numbers have no form of their own.
		const whole = kind === 'number' ? countOfClass(sketch, 'integer') + countOfClass(sketch, 'signed') : 0;
		const malformed = countedForm(column.faults, `malformed ${kind}`);
		if (all === 0 || (all + whole + malformed.count) * 2 < present) return [];
		return [...findMalformed(malformed, kind, name, present), ...findMixed(forms, kind, name, present)];
	});
}

const sum = (forms: readonly CountedForm[]): number => forms.reduce((all, {count}) => all + count, 0);

function formsOf({sketch, faults, values}: KnownColumn, kind: FormKind): readonly CountedForm[] {
	const ofClasses: readonly CountedForm[] =
		kind === 'date'
			? [
					{label: '2024-01-31', count: countOfClass(sketch, 'date'), first: firstOfClass(faults, 'date')},
					{
						label: '2024-01-31T10:00',
						count: countOfClass(sketch, 'timestamp'),
						first: firstOfClass(faults, 'timestamp'),
					},
				]
			: [
					{
						label: '1234.5',
						count: countOfClass(sketch, 'decimal') + countOfClass(sketch, 'float'),
						first: joinFirst([firstOfClass(faults, 'decimal'), firstOfClass(faults, 'float')]),
					},
				];
	const others = cellForms
		.filter(form => kindOfForm(form) === kind && !isMalformed(form))
		.map(form => ({label: form as string, ...countedForm(faults, form)}));
	const found = [...ofClasses, ...others].filter(({count}) => count > 0);
	// Eight digits alone are a number, unless there are dates in other forms.
	const digits = kind === 'date' && found.length > 0 ? datesOfDigits(values ?? []) : null;
	return digits === null ? found : [...found, digits];
}

const EIGHT_DIGITS = /^(?:19|20)\d{6}$/;

/** Beyond the caps they are not counted. */
function datesOfDigits(values: NonNullable<KnownColumn['values']>): CountedForm | null {
	const first: PlacedCell[] = [];
	let count = 0;
	for (const {text, count: more, first: places} of values) {
		const digits = trimBlanks(text);
		if (!EIGHT_DIGITS.test(digits) || readCell(digits).class !== 'integer' || parseCalendarDate(digits) === null)
			continue;
		count += more;
		for (const place of places) keepFirst(first, placeCell(place, text), comparePlacedCells);
	}
	return count === 0 ? null : {label: '20240131', count, first};
}

const isOrAre = (count: number): string => (count === 1 ? 'is' : 'are');

function findMalformed(
	{count, first}: Pick<CountedForm, 'count' | 'first'>,
	kind: FormKind,
	name: string,
	present: number,
): readonly Finding[] {
	if (count === 0) return [];
	const text = `${inWords(count)} of ${inWords(present)} cells of ${shortText(name)} ${count === 1 ? 'looks' : 'look'} like ${kind}s and ${isOrAre(count)} none`;
	return [{kind: 'malformed', column: name, count, of: present, first, text, error: null}];
}

function findMixed(forms: readonly CountedForm[], kind: FormKind, name: string, present: number): readonly Finding[] {
	const [usual, ...others] = forms.toSorted((one, other) => other.count - one.count);
	if (usual === undefined || others.length === 0) return [];
	const count = sum(others);
	const list = others.map(({label, count: own}) => `${label} (${inWords(own)})`).join(', ');
	const text = `${inWords(count)} of ${inWords(sum(forms))} ${kind}s of ${shortText(name)} ${isOrAre(count)} not written like ${usual.label}: ${list}`;
	const first = joinFirst(others.map(form => form.first));
	return [{kind: 'mixed-forms', column: name, count, of: present, first, text, error: null}];
}
