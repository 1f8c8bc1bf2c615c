// Random files of transactions for the laws of reading: mostly good records, with everything that can be odd about them.
import fc from 'fast-check';

export const transactionHeader = 'transaction_id,customer_id,amount,date,category';

/** The encoding mark, as it stands between files that were joined. */
const mark = fc.constantFrom('\u{feff}', '\u{feff}', '\u{feff}\u{feff}', '\u{feff}\n', '\u{feff}"');

/** Anything that can go wrong with quotes and line ends, next to anything else. */
export const soup = fc
	.array(
		fc.oneof(
			{
				weight: 9,
				arbitrary: fc.constantFrom(
					'"',
					'""',
					',',
					'\n',
					'\r',
					'\r\n',
					'a',
					' ',
					'1',
					'1.50',
					'2024-02-29',
					'é',
					'\0',
					'"x"',
					'"x" ',
					'",',
				),
			},
			{weight: 1, arbitrary: mark},
			{weight: 1, arbitrary: mark.map(text => `\n${text}`)},
		),
		{
			maxLength: 60,
		},
	)
	.map(parts => parts.join(''));

const digits = (maxLength: number): fc.Arbitrary<string> =>
	fc.array(fc.constantFrom(...'0123456789'), {minLength: 1, maxLength}).map(list => list.join(''));

const amount = fc.oneof(
	fc
		.tuple(fc.constantFrom('', '-', '+'), digits(6), fc.constantFrom('', '.', '.5', '.25', '.1255'))
		.map(parts => parts.join('')),
	// Three decimals may be a group of digits, and no table is to be refused for that.
	fc
		.tuple(fc.constantFrom('', '-'), digits(19), fc.constantFrom('.', ''), digits(15), fc.constant('0000'))
		.map(parts => parts.join('')),
	fc.constantFrom(
		'',
		' ',
		'  3.10 ',
		'.5',
		'-.5',
		'.',
		'1e3',
		'1,5,2',
		'0',
		'-0.00',
		'9223372036854775807',
		'9'.repeat(39),
		'12,5o',
	),
);
/** Dates in all forms, good ones and such as are nearly good. */
export const anyDate = fc
	.tuple(
		fc.constantFrom('', '', ' ', '\t', '  '),
		fc.constantFrom('2024-02-29', '20240229', '2023-12-31', '20230229', '2024-0229'),
		fc.constantFrom('', 'T', 't', ' ', '  ', '\t', 'x'),
		fc.constantFrom(
			'',
			'12',
			'24',
			'1015',
			'10:15',
			'101530',
			'10:15:30',
			'24:00:00',
			'10:15:60',
			'10:1',
			'25',
			'10:15:30.5',
			'240000,0',
		),
		fc.constantFrom('', '', ' ', '\t'),
		fc.constantFrom('', '', 'Z', 'z', 'UTC', 'utc', '+01', '-0530', '+01:00', '+1', '+24', 'CET', 'UT'),
		fc.constantFrom('', '', '[Europe/Berlin]', ' [UTC]', '[u-ca=iso][a]', '[', '[]'),
		fc.constantFrom('', '', ' ', '\t'),
	)
	.map(parts => parts.join(''))
	// A column of ten digits alone is one of seconds since 1970, which the rules here do not know.
	.filter(text => !/^\s*\d{10}\s*$/.test(text));
const date = fc.oneof(
	{
		weight: 4,
		arbitrary: fc
			.date({min: new Date('1999-12-25'), max: new Date('2030-01-05'), noInvalidDate: true})
			.map(day => day.toISOString().slice(0, 10)),
	},
	fc.constantFrom(
		'2024-02-29',
		'2023-02-29',
		'1900-02-29',
		'2000-02-29',
		'2024-13-01',
		'2024-1-1',
		'',
		' 2024-01-01',
		'0000-01-01',
	),
	fc.constantFrom(
		'2024-01-01T10:00',
		'2024-01-01 10:00:00Z',
		'2024-01-01T25:00',
		'2024-01-01 ',
		'2024-01-01T10:00:00+02:00',
		'20240229',
		' 20240301T101500Z\t',
		'\t',
	),
	anyDate,
);
const category = fc.constantFrom(
	'a',
	'b',
	'b,c',
	'say "hi"',
	'',
	' a',
	'é',
	'漢字',
	'\u{10ffff}',
	'\u{e000}',
	'two\nlines',
	'three\r\nlines',
);
const customer = fc.constantFrom('c1', 'c2', 'C1', '', 'c 3', 'é', 'a customer from Besançon');
const newline = fc.constantFrom('\n', '\r\n', '\r');

const quote = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
const write = (cell: string, isQuoted: boolean): string => (isQuoted || /[",\r\n]/.test(cell) ? quote(cell) : cell);

const record = fc
	.tuple(
		fc.constantFrom('1', '22'),
		customer,
		amount,
		date,
		category,
		fc.array(fc.boolean(), {minLength: 5, maxLength: 5}),
	)
	.map(([id, customerId, money, day, group, quoted]) =>
		[id, customerId, money, day, group].map((cell, index) => write(cell, quoted[index] ?? false)),
	);
/** Mostly good records, some of another width, some with text behind a closing quote. */
const recordText = fc.oneof(
	{weight: 10, arbitrary: record.map(cells => cells.join(','))},
	{weight: 1, arbitrary: record.map(cells => cells.slice(1).join(','))},
	{weight: 1, arbitrary: record.map(cells => [...cells, 'extra'].join(','))},
	{weight: 1, arbitrary: record.map(cells => [...cells.slice(0, 4), '"x"y"z'].join(','))},
	{weight: 1, arbitrary: fc.constantFrom('', ',,,,', '"",,,"",', transactionHeader, '1,c,\0,,')},
	{weight: 1, arbitrary: fc.constant('\u{feff}')},
	{weight: 1, arbitrary: record.map(cells => `\u{feff}${cells.join(',')}`)},
	{weight: 1, arbitrary: record.map(cells => `\u{feff}${cells.map(quote).join(',')}`)},
);
const tableText = fc
	.tuple(
		fc.constantFrom('', '', '\u{feff}', '\u{feff}\u{feff}', '\n\u{feff}'),
		fc.array(fc.tuple(recordText, newline), {maxLength: 40}),
		fc.boolean(),
		newline,
	)
	.map(([front, records, isEnded, headerEnd]) => {
		const body = records
			.map(([text, end], index) => text + (index === records.length - 1 && !isEnded ? '' : end))
			.join('');
		return `${front}${transactionHeader}${headerEnd}${body}`;
	});

/** Bytes that are no UTF-8 by themselves, or only together with others; none that may stand beside a number, as the euro sign does. */
const highBytes = fc.constantFrom(
	'\xfc',
	'\xf6',
	'\x84',
	'\x9d',
	'\xff',
	'\xc3',
	'\xc3\xa9',
	'\xe2\x82',
	'\xed\xa0\x80',
	'\xbf',
);
/** Mostly in UTF-8; and some with bytes anywhere that are not. */
export const table = fc.oneof(
	{weight: 3, arbitrary: tableText.map(text => Buffer.from(text))},
	{
		weight: 1,
		arbitrary: fc
			.tuple(
				tableText,
				fc.array(fc.tuple(fc.double({min: 0, max: 1, noNaN: true}), highBytes), {minLength: 1, maxLength: 3}),
			)
			.map(([text, pieces]) => {
				let bytes = Buffer.from(text).toString('latin1');
				for (const [part, piece] of pieces) {
					// The header stays what it is.
					const place = Math.min(bytes.length, 70 + Math.floor(part * (bytes.length - 70)));
					bytes = bytes.slice(0, place) + piece + bytes.slice(place);
				}
				return Buffer.from(bytes, 'latin1');
			}),
	},
	{
		weight: 1,
		arbitrary: tableText.map(text => Buffer.from(text.replaceAll('\u{feff}', '').replaceAll('é', 'ü'), 'latin1')),
	},
);
