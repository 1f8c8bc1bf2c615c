// How files are written, found by how they begin: what has misled readers before.
import {expect, test} from 'vitest';
import {type Dialect, type DialectProblem, plainDialect} from '../../source/input/dialect.ts';
import {detectDialect} from '../../source/input/sniffing/detect-dialect.ts';

const detect = (...lines: readonly string[]): Dialect | null =>
	detectDialect(Buffer.from(`${lines.join('\n')}\n`), true).dialect;

const other = (line: number, byteOffset: number): DialectProblem => ({
	...{code: 'OTHER_TABLE', line, byteOffset},
	message: `Expected one table, found another one that begins on line ${line}; only the first one is read`,
});

const behind = (skipFooter: number, line: number, byteOffset: number): Partial<Dialect> => ({
	skipFooter,
	problems: [{code: 'LINES_BEHIND', line, byteOffset, message: expect.stringMatching(/found \d lines? behind it/)}],
});

const joinedHeader = (line: number, byteOffset: number): DialectProblem => ({
	...{code: 'JOINED_HEADER', line, byteOffset},
	message:
		'Expected the names of the columns in one record, found them in 2; they are joined, and none of these records is data',
});

const openHeader: DialectProblem = {
	...{code: 'UNCLOSED_QUOTE', line: 1, byteOffset: 0},
	message:
		'Expected a closing quote on the line of the names, found none; they end with their line, and quotes in them are left out',
};

const uneven = (names: number, fields: number): DialectProblem => ({
	...{code: 'UNEVEN_HEADER', line: 1, byteOffset: 0},
	message: `Expected as many names as fields in most records, found ${names} for ${fields}; names may stand above the wrong columns`,
});

const found: readonly (readonly [what: string, lines: readonly string[], parts: Partial<Dialect>])[] = [
	['a rare delimiter, with commas in each number', ['a^b', '1,5^2,5', '3,5^4,5'], {delimiter: '^'}],
	['a colon, with commas in each number', ['size:price', '12:1,50', '13:2,50'], {delimiter: ':'}],
	['blanks between numbers and times, without names', ['1 12:30 2,5', '2 12:45 3,5'], {delimiter: ' ', headerRows: 0}],
	[
		'names with a quote that is never closed',
		['a;"b;c', '1;2;3', '4;5;6'],
		{delimiter: ';', isHeaderOpen: true, problems: [openHeader]},
	],
	[
		'names with a quote that one of a later line closes',
		['a,"b,c', '1,"x, y",3', '4,"5",6'],
		{isHeaderOpen: true, problems: [openHeader]},
	],
	[
		'names of groups that stand above each of their columns',
		['May;May;June', 'town;sold;note', 'Rome;1;x', 'Oslo;2;y', 'Kiel;3;z'],
		{delimiter: ';', headerRows: 2},
	],
	[
		'colours in the first column, and cells over two lines',
		['colour,name,count', '#ff0000,"a', 'b",1', '#00ff00,c,2', '#0000ff,"d', 'e",3'],
		{},
	],
	[
		'names of groups, of which one stands above two columns',
		['May;June;;July', 'town;sold;note;paid', 'Rome;1;x;2', 'Oslo;2;y;3', 'Kiel;3;z;4'],
		{delimiter: ';', headerRows: 2},
	],
	[
		'a short table in front of a longer one',
		['a,b,c', '1,2,x', '3,4,y', '', 'd,e,f,g', '1,x,y,z', '2,x,y,z', '3,x,y,z', '4,x,y,z', '5,x,y,z', '6,x,y,z'],
		{skipFooter: 8, problems: [other(5, 19)]},
	],
	[
		'several notes of two columns above a table of as many',
		[
			'Made by,Anna',
			'Sold by,Ben',
			'Paid by,Carl',
			'Sent by,Eve',
			'',
			'a,b',
			...Array.from({length: 9}, (_, at) => `x,${at}`),
		],
		{skipLines: 5},
	],
	['a last record with another delimiter', ['a;b;c', '1;x;y', '2;x;y', '3\tgreen tea\ty'], {delimiter: ';'}],
	['an empty column between two others, without names', ['1;;2', '3;;4', '5;;6'], {delimiter: ';', headerRows: 0}],
	[
		'a name fewer than fields',
		['a,b', 'x,1,5', 'y,2,6', 'z,3,7'],
		{unevenHeader: 'lacks-last', problems: [uneven(2, 3)]},
	],
	[
		'numbers of records without a name',
		['a,b', '1,x,5', '2,y,6', '3,z,7'],
		{unevenHeader: 'lacks-first', problems: [uneven(2, 3)]},
	],
	[
		'an empty name above no column',
		['a,,b,c', '1,x,5', '2,y,6', '3,z,7'],
		{unevenHeader: 'has-empty', problems: [uneven(4, 3)]},
	],
	[
		'a name more than fields',
		['a,b,c,d', '1,x,5', '2,y,6', '3,z,7'],
		{unevenHeader: 'has-more', problems: [uneven(4, 3)]},
	],
	[
		'a title of several cells, and a blank line of a spreadsheet',
		['Sales,report,2023,,', ',,,,', 'a,b,c,d,e', '1,x,2,y,3', '4,x,5,y,6'],
		{skipLines: 2},
	],
	[
		'names of two records, of which some columns are texts: told, because the first one would do',
		[
			'day,sum,count,town,shop,note,who',
			'dmy,usd,pcs,city,name,text,id',
			'1/2/2024,5.00,1,x,y,z,u',
			'2/2/2024,6.00,2,x,y,w,v',
		],
		{headerRows: 2, problems: [joinedHeader(2, 33)]},
	],
	[
		'colours in the first column, of which some are not in quotes',
		[
			'colour,a,b',
			...['"#ff0000"', '"#00ff00"', '#0000ff', '"#111111"', '#222222', '#333333'].map(cell => `${cell},x,1`),
		],
		{},
	],
	['a delimiter that hardly any table has', ['a#b#c', '1#x, y#2', '3#z, u, v#4'], {delimiter: '#'}],
	['names over two lines', ['a,"b', 'c"', '1,2', '3,4'], {}],
	['two different characters', ['a~|b', '1~|2', '3~|4'], {delimiter: '~|'}],
	['two semicolons', ['a;;b;;c', '1;;2;;3', '4;;5;;6'], {delimiter: ';;'}],
	['two colons around times', ['a::b::c', '12:30::1::x', '12:45::2::y'], {delimiter: '::'}],
	['a comma and a blank in front of quotes', ['"a", "b"', '"x; y", "1"', '"z; y", "2"'], {delimiter: ', '}],
	[
		'a pipe below a title with commas',
		['Sales, Rome, May', '', 'a|b|c', '1|2|x', '3|4|y'],
		{delimiter: '|', skipLines: 2},
	],
	['texts with pipes', ['a;b', 'x|y|z;u|v', 'u|v;x|y', 'x;u|v'], {delimiter: ';'}],
	['a title as wide as the table', ['Sales,Rome,May', '', 'a,b,c', '1,2,x', '3,4,y'], {skipLines: 2}],
	[
		'titles of a spreadsheet above names of two rows',
		['Sales 2024;;;', ';;;', ';May;May;', 'town;paid;sold;note', 'Rome;1;2;x', 'Oslo;3;4;y', 'Kiel;5;6;z'],
		{delimiter: ';', skipLines: 2, headerRows: 2},
	],
	['a balance behind the table', ['a,b,c', 'x,1,y', 'z,2,v', '', 'Saldo,3,'], behind(2, 4, 18)],
	['a sentence as wide as the table', ['Made by us, for you', 'town,people', 'Rome,1', 'Oslo,2'], {skipLines: 1}],
	['names with blanks in front', ['town, people', 'Rome,1', 'Oslo,2'], {}],
	['notes as wide as the table', ['By,Anna', 'On,2024-05-01', '', 'a,b', '1,x', '2,y'], {skipLines: 3}],
	[
		'comments with as many delimiters',
		['# made by a program; thanks', 'a;b', '1;2', '3;4'],
		{delimiter: ';', skipLines: 1},
	],
	['errors of a spreadsheet in the first column', ['a,b', '1,2', '#N/A,3', '#DIV/0!,4'], {}],
	['comments, and such errors', ['a,b', '# so', '1,2', '#N/A,3'], {comment: '#'}],
	['names with a number sign', ['#;name', '1;x', '2;y'], {delimiter: ';'}],
	['lists in front of dates, without names', ['a;b|11.01.2000', 'a;c|12.02.2001'], {delimiter: '|', headerRows: 0}],
	[
		'dates with names of months, without a header',
		['x;3. März 2024', 'y;4. avril 2024', 'z;5 de mayo 2024'],
		{delimiter: ';', headerRows: 0},
	],
	['a name that is a value, too', ['kind,town,note', 'x,Rome,note', 'y,Oslo,u', 'x,Rome,u', 'y,Oslo,v'], {}],
	[
		'a rare delimiter below a title, with commas in quotes',
		['Report', 'a~b', '"x, y"~1', '"z, u"~2'],
		{delimiter: '~', skipLines: 1},
	],
	[
		'a control character below a title',
		['Report of May', 'a\u0001b', 'x\u00011,5', 'y\u00012,5'],
		{delimiter: '\u0001', skipLines: 1},
	],
	['two colons below a title', ['Report', 'a::b::c', '3,5::1,2::x', '4,5::2,3::y'], {delimiter: '::', skipLines: 1}],
	['colons between quotes with commas', ['"a":"b, c"', '"x, y":"z"', '"u, v":"w"'], {delimiter: ':'}],
	[
		'semicolons, and a line end in quotes, with a comma in each line',
		['a;b (c, d);e', '1,5;"x', 'y";Smith, J'],
		{delimiter: ';'},
	],
	[
		'tabs, a record too long, and a comma in each line',
		['a (b, c)\td\te\tf\tg', '1,5\tx\ty\tz\tu\tmore', '2,5\tx\ty\tz\tu', '3,5\tx\ty\tz\tu', '4,5\tx\ty\tz\tu'],
		{delimiter: '\t'},
	],
	[
		'tabs, a record too short, and commas in all others',
		['"a"\t"b"', '1,5\thttp://x?a=1,b', '2,5\thttp://x?a=1,c', '3,5', '4,5\thttp://x?a=1,d', '5,5\thttp://x?a=1,e'],
		{delimiter: '\t'},
	],
	['a blank line behind the first record of texts', ['a,b', 'x,y', '', 'u,v', 'w,z'], {}],
	[
		'two colons between texts, and a line behind them',
		['mail::key', 'a@b::x', 'c@d::y', '', 'Source: us'],
		{...behind(2, 4, 24), delimiter: '::'},
	],
	[
		'two colons below titles with one',
		['Report', 'Created: 2024-05-01', '', 'a::b::c', 'x::1,5::y', 'z::2,5::u'],
		{delimiter: '::', skipLines: 3},
	],
	[
		'tabs in front of places on a map',
		['x\t-4.91408,14.27198', 'y\t-5.29159,-13.83085', 'x\t8.57468,-10.60342'],
		{delimiter: '\t', headerRows: 0},
	],
	[
		'a damaged number in the first record',
		['key;no', 'INV1;"41"x', 'INV2;42', 'INV3;43'],
		{delimiter: ';', headerRows: 1},
	],
	['groups above names', ['Who,,2023,', 'name,town,paid,note', 'Ann,Rome,1,x', 'Ben,Oslo,2,y'], {headerRows: 2}],
	['columns without names', [',,name', 'x,1,Ann', 'y,2,Ben'], {headerRows: 1}],
	['texts without names', ['x,Rome,v', 'y,Oslo,u', 'x,Oslo,v', 'y,Rome,u'], {headerRows: 0}],
	['years without names', ['Ann,1999', 'Ben,2001', 'Zoe,1987'], {headerRows: 0}],
	['years as names', ['town,2023', 'Rome,12', 'Oslo,2010'], {}],
	['some texts in apostrophes', ['a,b', "'x',1", 'y,2', "'it',3"], {quote: "'"}],
	[
		'backslashes in a beginning that is cut off',
		['a,b', String.raw`"x \"y\" z",1`, '"open,2', 'on'],
		{escaping: 'backslash'},
	],
	[
		'semicolons beside blanks, and a damaged record',
		['price;item 2;time', '1,5;x;2024-01-01 10:00', '2,5;"y;2024-01-02 11:00', '3,5;z;2024-01-03 12:00'],
		{delimiter: ';'},
	],
	['apostrophes around an only column', ['a', "'x'", "'y'"], {quote: "'"}],
	['a count of records behind the table', ['a,b,c', '1,2,3', '4,5,6', '2 records'], behind(1, 4, 18)],
	['a delimiter behind each record', ['a,b,c', '1,2,x,', '3,4,y,'], {endsInDelimiter: true}],
	['a delimiter behind texts alone', ['a,b,c', 'x,y,z,', 'u,v,w,'], {endsInDelimiter: true}],
	[
		'the same below a title',
		['Made by us; for you', 'a;b;c', '1;2;x;', '3;4;y;'],
		{delimiter: ';', skipLines: 1, endsInDelimiter: true},
	],
	[
		'a table of as many columns behind a short one',
		['a,b', 'x,1', 'y,2', '', 'c,d', 'z,3', 'w,4'],
		{skipFooter: 4, problems: [other(5, 13)]},
	],
	[
		'one behind a title',
		['a,b', 'x,1', 'y,2', '', 'More', 'c,d', 'z,3', 'w,4'],
		{skipFooter: 5, problems: [other(5, 13)]},
	],
	[
		'one with an empty cell',
		['a,b', 'x,1', 'y,2', 'v,5', 'u,6', '', 'c,d', 'z,', 'w,4'],
		{skipFooter: 4, problems: [other(7, 21)]},
	],
	['the same names behind a blank line', ['a,b', 'x,1', 'y,2', '', 'a,b', 'z,3', 'w,4'], {}],
	['the names of a joined file, behind its mark', ['a,b', 'x,1', 'y,2', '\ufeffa,b', 'z,3'], {}],
	['what is left of a record behind a blank line', ['a,b,c', '1,2,x', '3,4,y', '', '5,6'], {}],
	['totals, and empty cells beside them', ['a,b,c', '1,2,x', '3,4,y', 'Total,6,'], behind(1, 4, 18)],
	['texts like totals in a last record', ['a,b,c', 'x,green,u', 'y,red,v', 'Sum insured,blue,'], {}],
	['a note in a last record', ['kind,text,by', 'note,one,Ann', 'call,two,Bob', 'note,three,'], {}],
	['a last record that begins like others', ['a,b,c', 'total,1,x', 'part,2,y', 'total,4,'], {}],
	['a last record that has as few cells as others', ['a,b', ',x', ',y', ',total sum'], {}],
	['words between colons', ['name:town:state', 'Ann:Rome:new', 'Bob:Oslo:', 'Cid:Kiel:old'], {delimiter: ':'}],
	['a line of blanks and totals', ['a,b,c', '1,2,x', '3,4,y', ' ', 'Total,,'], behind(2, 4, 18)],
];

test.each(found)('%s', (_, lines, parts) => {
	expect(detect(...lines)).toEqual({...plainDialect, ...parts});
});

test('names that stand twice are joined, which is told', () => {
	const detected = detectDialect(Buffer.from('Title\na,b\na,b\n1,x\n2,y\n'), true);
	expect(detected.names).toEqual(['a a', 'b b']);
	expect(detected.dialect?.problems).toMatchObject([{code: 'REPEATED_HEADER', line: 3, byteOffset: 10}]);
});

test('apostrophes are quotes also where a beginning is cut off within them', () => {
	const start = Buffer.from("'a','b'\n'x, z','1'\n'y','2'\n'open,\non\n");
	expect(detectDialect(start, false).dialect).toEqual({...plainDialect, quote: "'"});
});

const single: readonly (readonly [what: string, lines: readonly string[]])[] = [
	['times', ['start', '12:30', '12:45', '13:10']],
	['numbers with a comma', ['Betrag', '1 234,50', '12,75', '3,10']],
	['names with a comma', ['person', 'Lee, Anna', 'Ito, Ben', 'Brown, Zoe']],
	['lists of different lengths', ['tags', 'a;b', 'c;d;e', 'f', 'g;h']],
	['names with a colon', ['part', 'a:b', 'c:d', 'e:f']],
	['words and remarks', ['Note: so', 'Open: yes', 'Made: by us', 'To: all']],
	['addresses', ['site:one', 'http://a', 'http://b', 'http://c', 'ftp://d']],
	['numbers of telephones', ['phone', '+49 351 1234', '+49 352 4321']],
];

test.each(single)('one column of %s is not split', (_, lines) => {
	const dialect = detect(...lines);
	const delimiter = dialect?.delimiter ?? ',';
	if (dialect !== null) expect(lines.some(line => line.includes(delimiter))).toBe(false);
	expect(dialect?.skipLines ?? 0).toBe(0);
});
