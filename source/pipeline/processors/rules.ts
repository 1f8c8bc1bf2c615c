// What `validate` holds the cells of a table against: its settings, which are checked on the one side and used on the other.
import {parseAmount} from '../../analysis/amount.ts';
import {dateFormats, parseDateFormat} from '../../analysis/forms/date-format.ts';
import {parseMoment} from '../../analysis/moment.ts';
import {isPercentage, PERCENTAGE_PATTERN} from '../../engine/shared/percentage.ts';
import {
	fieldsOf,
	fitting,
	flag,
	type Kind,
	listOf,
	needed,
	objectOf,
	oneOf,
	optional,
	refined,
	text,
	type ValueOf,
	wholeNumber,
} from './settings-reader.ts';
import {timeout} from './timeout.ts';

/** A number, or a date as text. */
const bound = fitting<number | string>(
	{anyOf: [{type: 'number'}, {type: 'string'}]},
	'a number, or a date as YYYY-MM-DD',
	value =>
		typeof value === 'number' || (typeof value === 'string' && (isDecimal(value) || parseMoment(value) !== null)),
);

const isDecimal = (value: string): boolean => parseAmount(value, {units: 0, scale: 0}) === null;

const pattern: Kind<string> = refined(text, (source, fault) => {
	try {
		wholeCell(source);
		return source;
	} catch (error) {
		fault(`expected a regular expression, but ${(error as Error).message}`);
		return undefined;
	}
});

/** A pattern is one of the whole cell. */
export const wholeCell = (source: string): RegExp => new RegExp(`^(?:${source})$`, 'u');

const columnFields = fieldsOf({
	type: optional(oneOf('text', 'number', 'integer', 'date', 'boolean')),
	decimal: optional(oneOf('.', ','), 'Of numbers'),
	format: optional(
		fitting<string>(
			{anyOf: [{enum: dateFormats}, {type: 'string', minLength: 1}]},
			`one of ${dateFormats.join(', ')}`,
			value => typeof value === 'string' && parseDateFormat(value) !== null,
		),
	),
	required: optional(flag, 'Whether each record has a value'),
	optional: optional(flag, 'Whether the table may be without the column'),
	min: optional(bound),
	max: optional(bound),
	minLength: optional(wholeNumber(0, 1_000_000)),
	maxLength: optional(wholeNumber(0, 1_000_000)),
	pattern: optional(pattern, 'A regular expression of the whole cell'),
	in: optional(listOf(text), 'The values that are allowed'),
	unique: optional(flag, 'Whether no value may come again'),
});

export type ColumnRules = Partial<ValueOf<typeof columnFields>>;

const LIMITED = ['number', 'integer', 'date'];

/** Rules that do not fit together would never say anything. */
const columnRules: Kind<ColumnRules> = refined(columnFields, (rules: ColumnRules, fault) => {
	const {type = 'text', min, max} = rules;
	const fail = (sentence: string, key: string): undefined => {
		fault(sentence, [key]);
		return undefined;
	};
	for (const [key, limit] of [
		['min', min],
		['max', max],
	] as const) {
		if (limit === undefined) continue;
		if (!LIMITED.includes(type))
			return fail(`expected "type" to be one of ${LIMITED.join(', ')}, as ${key} is about these`, key);
		if ((type === 'date') !== (typeof limit === 'string' && !isDecimal(limit)))
			return fail(
				`expected ${type === 'date' ? 'a date as YYYY-MM-DD' : 'a number'}, but found ${JSON.stringify(limit)}`,
				key,
			);
	}
	if (rules.decimal !== undefined && type !== 'number')
		return fail('expected "type" to be "number", as decimal is about numbers', 'decimal');
	if (rules.format !== undefined && type !== 'date')
		return fail('expected "type" to be "date", as format is about dates', 'format');
	return rules;
});

/** More than so many, or more than such a share of all records. */
const mostRejects = fitting<number | string>(
	{
		anyOf: [{type: 'integer', minimum: 0}, {const: '0%'}, {type: 'string', pattern: PERCENTAGE_PATTERN}],
	},
	'a whole number from 0, or a share as "5%"',
	value =>
		(Number.isSafeInteger(value) && (value as number) >= 0) ||
		(typeof value === 'string' && (value === '0%' || isPercentage(value))),
);

export const validateSettings = fieldsOf({
	columns: needed(objectOf(columnRules), 'The rules of each column, by its name'),
	only: optional(flag, 'Whether the table may have no other columns'),
	maxRejects: optional(mostRejects, 'More rejected records, or a larger share as "5%", fail the file'),
	timeout: optional(timeout),
});

export type ValidateSettings = ValueOf<typeof validateSettings>;
