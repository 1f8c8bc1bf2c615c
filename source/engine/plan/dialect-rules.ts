// What the user says of how files are written, for all files or for those with some names: checked, and as readers take it.
import {dateFormats, parseDateFormat} from '../../analysis/forms/date-format.ts';
import type {ForcedForms} from '../../analysis/forms/decide.ts';
import type {Dialect, Quote} from '../../input/dialect.ts';
import type {DialectRule, ForcedDialect} from '../shared/forced-dialect.ts';
import {namePatterns} from './path-pattern.ts';

/** What of a dialect may be said; what is left out is found in each file. */
export interface DialectSettings {
	/** One or two ASCII characters, or `tab`, `space`. */
	readonly delimiter?: string | undefined;
	/** `"`, `'`, or empty where no field is quoted. */
	readonly quote?: string | undefined;
	/** `doubled`, or `backslash`. */
	readonly escape?: string | undefined;
	/** Whether the names of the columns are in the first record. */
	readonly header?: boolean | undefined;
	/** Lines in front of the header that are no part of the table, blank ones too. */
	readonly skipLines?: number | undefined;
	/** Lines behind the last record that are no part of the table, blank ones too. */
	readonly skipFooter?: number | undefined;
	/** What lines begin with that are no part of the table: up to four ASCII characters. */
	readonly comment?: string | undefined;
	/** A cell that is this text is empty. */
	readonly null?: string | undefined;
}

/** In which forms numbers and dates are; what is left out, the cells of each column decide. */
export interface FormNames {
	/** The decimal mark of numbers: `.` or `,`. */
	readonly decimal?: '.' | ',' | undefined;
	/** The only sign that may stand between groups of digits: `.`, `,`, `'`, a blank or `space`; none is empty or `none`. */
	readonly thousands?: string | undefined;
	/** How dates are written: `d/m/y`, `m/d/y`, `y-m-d` and so on. */
	readonly dateFormat?: string | undefined;
}

const THOUSANDS_NAMES: Readonly<Record<string, string>> = {space: ' ', none: ''};

const readThousands = (sign: string): string => THOUSANDS_NAMES[sign] ?? sign;

/** @throws {TypeError} When no dates are written so. */
export function forceForms({decimal, thousands, dateFormat}: FormNames): ForcedForms {
	const date = dateFormat === undefined ? undefined : parseDateFormat(dateFormat);
	if (date === null)
		throw new TypeError(`Expected dateFormat to be one of ${dateFormats.join(', ')}, not ${dateFormat}`);
	return {decimal, thousands: thousands === undefined ? undefined : readThousands(thousands), date};
}

const DELIMITER_NAMES: Readonly<Record<string, string>> = {tab: '\t', '\\t': '\t', space: ' '};
const QUOTE_NAMES: Readonly<Record<string, Quote>> = {'"': '"', "'": "'", '': '', none: '', double: '"', single: "'"};
const ESCAPE_NAMES: Readonly<Record<string, Dialect['escaping']>> = {
	doubled: 'doubled',
	'"': 'doubled',
	"'": 'doubled',
	backslash: 'backslash',
	'\\': 'backslash',
};

const readDelimiter = (text: string): string => DELIMITER_NAMES[text] ?? text;

export type DialectPart = 'delimiter' | 'quote' | 'escape' | 'comment';

/** What is said of files whose names fit a pattern. */
export interface NamedDialect {
	readonly pattern: string;
	readonly settings: DialectSettings & FormNames;
}

const oneOf = (names: object): string =>
	`(${Object.keys(names)
		.map(name => name.replaceAll(SPECIAL, String.raw`\$&`))
		.join('|')})`;

const SPECIAL = /[.*+?^${}()|[\]\\]/g;

/** What parts are written like: for checks here, and in editors. */
export const DIALECT_PATTERNS: Readonly<Record<DialectPart, string>> = {
	delimiter: String.raw`^(${oneOf(DELIMITER_NAMES)}|[\u0001-\u0009\u000b\u000c\u000e-!#-&(-[\]-\u007f]{1,2})$`,
	quote: `^${oneOf(QUOTE_NAMES)}$`,
	escape: `^${oneOf(ESCAPE_NAMES)}$`,
	comment: '^[!-~]{1,4}$',
};

const EXPECTED: Readonly<Record<DialectPart, string>> = {
	delimiter: 'one or two ASCII characters but quotes, backslashes and line ends; or tab, space',
	quote: 'double, single or none',
	escape: 'doubled or backslash',
	comment: 'one to four ASCII characters that can be seen, like #',
};

/** What is wrong with a part; `undefined` where nothing is. */
export const findDialectFault = (part: DialectPart, text: string): string | undefined =>
	new RegExp(DIALECT_PATTERNS[part]).test(text) ? undefined : `expected ${EXPECTED[part]}`;

/** @throws {RangeError} When a part cannot be so. */
export function forceDialect(settings: DialectSettings): ForcedDialect {
	for (const part of ['delimiter', 'quote', 'escape', 'comment'] as const) {
		const text = settings[part];
		const fault = text === undefined ? undefined : findDialectFault(part, text);
		if (fault !== undefined) throw new RangeError(`${part} ${JSON.stringify(text)} makes no sense: ${fault}`);
	}
	const {delimiter, quote, escape: escaping, header, skipLines, skipFooter, comment} = settings;
	return {
		dialect: {
			...(delimiter !== undefined && {delimiter: readDelimiter(delimiter)}),
			...(quote !== undefined && {quote: QUOTE_NAMES[quote] ?? ''}),
			...(escaping !== undefined && {escaping: ESCAPE_NAMES[escaping] ?? 'doubled'}),
			...(header !== undefined && {headerRows: header ? 1 : 0}),
			...(skipLines !== undefined && {skipLines}),
			...(skipFooter !== undefined && {skipFooter}),
			...(comment !== undefined && {comment}),
		},
		nullText: settings.null === undefined ? null : Buffer.from(settings.null).toString('latin1'),
	};
}

/** @param pattern - Of names of files, like `*.txt`; a name with a folder fits none. */
export function dialectRules({pattern, settings}: NamedDialect): DialectRule[] {
	const forced = {...forceDialect(settings), forms: forceForms(settings)};
	return namePatterns(pattern).map(name => ({...forced, name}));
}
