// The faults of dirty transactions. `dirty.ts` describes them.
import {toFieldText} from '../csv-fields.ts';
import type {Random} from '../random.ts';

type Fields = readonly string[];

export interface Fault {
	/** How many of 1000 records have it. */
	readonly perThousand: number;
	/** Takes the fields of a good record, and those of an earlier good one. */
	readonly change: (fields: Fields, random: Random, earlier: Fields) => Fields;
	/** Whether the earlier record is used. */
	readonly isDuplicate?: true;
}

const [ID, CUSTOMER] = [0, 1];
export const AMOUNT = 2;
export const DATE = 3;
export const CATEGORY = 4;
const [COUNTRY, CITY] = [5, 6];

const WRONG_DATES = ['2024-02-30', '2023-02-29', '2024-13-01', '2024-04-31', '0000-00-00', 'yesterday', 'unknown'];
const WRONG_AMOUNTS = ['n/a', '1.2.3', '--5.00', '12 50', '"12,5o"', '"1.234,50"', toFieldText('€9.99')];
const LATIN1_CITIES = ['M\xfcnchen', 'K\xf6ln', 'Z\xfcrich', 'K\xf8benhavn'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

type DateForm = (year: string, month: string, day: string) => string;
const DATE_FORMS: readonly DateForm[] = [
	(year, month, day) => `${day}.${month}.${year}`,
	(year, month, day) => `${month}/${day}/${year}`,
	(year, month, day) => `${year}${month}${day}`,
	(year, month, day) => `${Number(day)} ${MONTHS[Number(month) - 1]} ${year}`,
	(year, month, day) => `${year}-${month}-${day}T00:00:00Z`,
];

/** `germany` for `Germany`, `Rent` for `rent`. */
const changeFirstLetter = (text: string): string => {
	const first = text.slice(0, 1);
	return (first === first.toLowerCase() ? first.toUpperCase() : first.toLowerCase()) + text.slice(1);
};
const CASES: readonly ((text: string) => string)[] = [
	text => text.toUpperCase(),
	changeFirstLetter,
	text => `${changeFirstLetter(text)} `,
];

/** Changes the text of one field and leaves its quotes. */
const changeField = (fields: Fields, column: number, change: (text: string) => string): Fields => {
	const field = fields[column] ?? '';
	return fields.with(column, field.startsWith('"') ? `"${change(field.slice(1, -1))}"` : change(field));
};

export const FAULTS: readonly Fault[] = [
	{
		perThousand: 20,
		change: (fields, random) => fields.with(random.pick([CUSTOMER, AMOUNT, DATE, CATEGORY, COUNTRY, CITY]), ''),
	},
	{
		perThousand: 20,
		change: (fields, random) => {
			const add = random.below(2) === 0 ? (text: string) => ` ${text}` : (text: string) => `${text} `;
			return changeField(fields, random.pick([CUSTOMER, DATE, COUNTRY]), add);
		},
	},
	{
		perThousand: 30,
		change: (fields, random) => changeField(fields, random.pick([CATEGORY, COUNTRY]), random.pick(CASES)),
	},
	{
		perThousand: 30,
		change: (fields, random) => {
			const [year = '', month = '', day = ''] = (fields[DATE] ?? '').split('-');
			return fields.with(DATE, random.pick(DATE_FORMS)(year, month, day));
		},
	},
	{perThousand: 10, change: (fields, random) => fields.with(DATE, random.pick(WRONG_DATES))},
	{perThousand: 10, change: (fields, random) => fields.with(AMOUNT, random.pick(WRONG_AMOUNTS))},
	{
		perThousand: 2,
		change: (fields, random) => {
			const thousands = 1000 + random.below(9000);
			return fields.with(AMOUNT, `${thousands}${String(random.below(1000)).padStart(3, '0')}.00`);
		},
	},
	{perThousand: 5, change: (fields, _, earlier) => fields.with(ID, earlier[ID] ?? ''), isDuplicate: true},
	{perThousand: 5, change: (_fields, _random, earlier) => earlier, isDuplicate: true},
	{perThousand: 5, change: fields => fields.slice(0, -2)},
	{perThousand: 5, change: fields => [...fields, 'x', 'y']},
	{perThousand: 5, change: (fields, random) => fields.with(CITY, random.pick(LATIN1_CITIES))},
];
