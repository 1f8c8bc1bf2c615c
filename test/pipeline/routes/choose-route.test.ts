// Which route a file takes, and why not another: by what it is called, how it begins, and what stands in it.
import {appendFileSync, statSync} from 'node:fs';
import {brotliCompressSync, gzipSync, zstdCompressSync} from 'node:zlib';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {PipelineFile} from '../../../source/pipeline/pipeline.ts';
import {createRouteChooser, type RouteSettings} from '../../../source/pipeline/routes/choose/choose-route.ts';
import {parsePipeline} from '../../../source/pipeline/routes/parse-pipeline.ts';
import {randomCases} from '../../helpers/random-cases.ts';
import {tarOf} from '../../helpers/tar.ts';
import {createTemporaryFolder, transactionsText} from '../../helpers/temporary-folder.ts';
import {zipOf} from '../../helpers/zip.ts';

/** Routes with these matches, called 0, 1 …, as a configuration has them. */
function chooserOf(matches: readonly unknown[], settings?: RouteSettings) {
	const {faults, routes} = parsePipeline(
		JSON.stringify({
			routes: matches.map((match, index) => ({tag: String(index), ...(match !== null && {match}), steps: []})),
		}),
	);
	const wrong = faults.filter(({sentence}) => !sentence.includes('never'));
	expect(wrong).toEqual([]);
	return createRouteChooser(
		routes.map(({tag, match}) => ({tag: tag.text, match: match?.terms ?? null, steps: []})),
		settings,
	);
}

const fileAt = (path: string, name: string): PipelineFile => ({claim: '1', name, path, bytes: statSync(path).size});

/** What is said of a file and one match: `taken`, or why it is not. */
async function ask(match: unknown, content: string | Uint8Array, name = 'a.csv', settings?: RouteSettings) {
	const path = createTemporaryFolder().write(`1__${name.replaceAll('/', '_')}`, content);
	const {route, passed} = await chooserOf([match], settings)(fileAt(path, name));
	if (route !== null) return 'taken';
	return passed.map(({term, expected, found}) => `${term}: ${expected}; ${found}`).join();
}

const table = transactionsText(20);
const german = 'Kunde;Größe;Straße\n1;2,5;Am Schloß\n2;3,5;Über\n';
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');

describe('terms that hold, and what is told of those that do not', () => {
	test.each<[string, unknown, string | Uint8Array, string, string?]>([
		['a name', {name: '*.csv'}, '', 'taken'],
		['one of several names', {name: ['*.tsv', 'a.*']}, '', 'taken'],
		['another name', {name: ['*.tsv', 'b*']}, '', 'name: “*.tsv”, “b*”; “a.csv”'],
		['a name in a folder', {name: 'x.csv', folder: 'in/2026'}, '', 'taken', 'in/2026/x.csv'],
		['another folder', {folder: ''}, '', 'folder: no folder; “in/2026”', 'in/2026/x.csv'],
		['no folder', {folder: 'in/**'}, '', 'folder: “in/**”; no folder'],
		['a size', {size: {min: 3, max: '3B'}}, 'abc', 'taken'],
		['too large', {size: {max: 2}}, 'abc', 'size: up to 2; 3 bytes'],
		['too small', {size: {min: '1kB'}}, 'abc', 'size: 1kB or more; 3 bytes'],
		['first bytes', {firstBytes: '%PDF-'}, '%PDF-1.7', 'taken'],
		['first bytes in digits', {firstBytes: 'hex:1f 8b'}, gzipSync('x'), 'taken'],
		['other first bytes', {firstBytes: 'hex:1f8b'}, '{}', 'firstBytes: 1f 8b; “{}”'],
		['fewer bytes', {firstBytes: 'abc'}, '', 'firstBytes: “abc”; no bytes'],
		['columns', {columns: ['customer_id', 'amount']}, table, 'taken'],
		['columns in other words', {columns: ['Customer ID', 'AMOUNT', 'transaction-id']}, table, 'taken'],
		['columns by aliases', {columns: ['amount', 'date']}, 'Betrag;Buchungstag\n1,5;01.02.2026\n', 'taken'],
		[
			'columns that are not there',
			{columns: ['amount', 'size', 'weight']},
			'id,amount\n1,2\n',
			'columns: “amount”, “size”, “weight”; “id”, “amount”: no “size”, “weight”',
		],
		[
			'columns of a text',
			{columns: ['amount']},
			'Dear amount,\nhello you.\nBye\n',
			'columns: “amount”; no table',
			'a.txt',
		],
		['columns of nothing', {columns: ['amount']}, '', 'columns: “amount”; no table'],
		[
			'columns of a picture',
			{columns: ['amount']},
			Buffer.from('\x89PNG\r\n\x1a\n\0\0', 'latin1'),
			'columns: “amount”; no table: The file is a PNG image; expected',
		],
		['columns in gzip', {columns: ['amount']}, gzipSync(table), 'taken', 'a.csv.gz'],
		['columns in zstd', {columns: ['amount']}, zstdCompressSync(table), 'taken', 'a.csv.zst'],
		['columns in UTF-16', {columns: ['größe']}, utf16(german), 'taken'],
		['columns in Latin-1', {columns: ['größe', 'straße']}, latin1(german), 'taken'],
		['columns behind lines', {columns: ['id', 'size']}, 'Report of May\n\nid;size\n1;2\n2;3\n3;4\n', 'taken'],
		['columns of quoted names', {columns: ['the size, in m']}, 'id,"The Size, in m"\n1,2\n', 'taken'],
		[
			'a very long header',
			{columns: ['column 20000']},
			`${Array.from({length: 15_000}, (_, index) => `column ${index === 14_999 ? 20_000 : index}`).join()}\n`,
			'taken',
		],
		['a dialect', {dialect: {delimiter: ';', header: true, compression: 'none', quote: '"'}}, german, 'taken'],
		['another delimiter', {dialect: {delimiter: 'tab'}}, german, 'dialect.delimiter: “\\t”; “;”'],
		['no header', {dialect: {header: false}}, german, 'dialect.header: no header; a header'],
		['a compression', {dialect: {compression: 'gzip', delimiter: ','}}, gzipSync(table), 'taken'],
		[
			'a compression by its name',
			{dialect: {compression: 'brotli', delimiter: ','}},
			brotliCompressSync(table),
			'taken',
			'a.csv.br',
		],
		['another compression', {dialect: {compression: 'gzip'}}, table, 'dialect.compression: gzip; no compression'],
		[
			'a dialect of a text',
			{dialect: {delimiter: ','}},
			'Dear you,\nhello.\n',
			'dialect.delimiter: “,”; no table',
			'a.txt',
		],
		['UTF-16', {dialect: {encoding: 'utf-16le'}}, utf16(german), 'taken'],
		['no UTF-16', {dialect: {encoding: 'utf-16le'}}, german, 'dialect.encoding: utf-16le; utf-8 or windows-1252'],
		['UTF-8', {dialect: {encoding: 'utf8'}}, german, 'taken'],
		[
			'UTF-8 that is Latin-1 at its end',
			{dialect: {encoding: 'utf-8'}},
			latin1(`${table.repeat(100)}ß`),
			'dialect.encoding: utf-8; another encoding',
		],
		['Latin-1 at its end', {dialect: {encoding: 'latin1'}}, latin1(`${table.repeat(100)}ß`), 'taken'],
		['a text in it', {contains: 'ERROR'}, 'fine\nan ERROR\n', 'taken'],
		['a text over a line end', {contains: 'fine\nan'}, 'fine\nan ERROR\n', 'taken'],
		['a text in gzip', {contains: 'ERROR'}, gzipSync(`${'fine\n'.repeat(200_000)}an ERROR\n`), 'taken'],
		['a text in UTF-16', {contains: 'Schloß'}, utf16(german), 'taken'],
		['a text in Latin-1', {contains: 'Schloß'}, latin1(german), 'taken'],
		['a text in UTF-8', {contains: 'Schloß'}, german, 'taken'],
		['a text that is not in it', {contains: 'ERROR'}, 'error', 'contains: “ERROR”; a text without it'],
		['a line', {matches: '^\\d+;[\\d,]+;Ü'}, latin1(german), 'taken'],
		['no line', {matches: 'fine.*ERROR'}, 'fine\nan ERROR\n', 'matches: a line that fits “fine.*ERROR”; no such line'],
		[
			'all terms',
			{
				name: '*.csv',
				size: {min: 1},
				columns: ['größe'],
				contains: 'Über',
				matches: '^1;',
				dialect: {encoding: 'utf-8', delimiter: ';'},
			},
			german,
			'taken',
		],
		[
			'all terms but one',
			{name: '*.csv', columns: ['größe'], contains: 'Über', matches: '^3;'},
			german,
			'matches: a line that fits “^3;”; no such line',
		],
	])('%s', async (_, match, content, expected, name = 'a.csv') => {
		const answer = await ask(match, content, name);
		expect(answer.slice(0, expected.includes('PNG') ? expected.length : undefined)).toBe(expected);
	});

	test('what the user says of how files are written counts', async () => {
		const forced = {dialect: {delimiter: '|', headerRows: 1}, nullText: null};
		expect(await ask({columns: ['a', 'b|c']}, 'a;b|c\n1;2|3\n')).toBe('taken');
		expect(await ask({columns: ['a', 'b|c']}, 'a;b|c\n1;2|3\n', 'a.csv', {forced})).toContain('“a;b”, “c”: no');
		const russian = Buffer.from([0xd1, 0xf3, 0xec, 0xec, 0xe0, 0x3b, 0x78, 0x0a, 0x31, 0x3b, 0x32, 0x0a]);
		expect(await ask({columns: ['сумма']}, russian, 'a.csv', {encoding: 'windows-1251'})).toBe('taken');
		expect(await ask({contains: 'Сумма'}, russian, 'a.csv', {encoding: 'windows-1251'})).toBe('taken');
		const broken = Buffer.concat([Buffer.from('id,'), Buffer.of(0xff), Buffer.from('\n1,2\n')]);
		expect(await ask({columns: ['FF']}, broken, 'a.csv', {encoding: 'shift_jis'})).toContain('“id”, “<FF>”: no “FF”');
		expect(await ask({contains: 'FF'}, broken, 'a.csv', {encoding: 'shift_jis'})).toContain('a text without it');
		expect(await ask({columns: ['amount']}, 'Zahlbetrag;x\n1;2\n', 'a.csv', {aliases: {amount: ['Zahlbetrag']}})).toBe(
			'taken',
		);
		expect(await ask({columns: ['amount']}, 'Zahl;x\n1;2\n', 'a.csv', {map: {amount: 'Zahl'}})).toBe('taken');
	});

	test('of an archive, one of its files must be so', async () => {
		const zip = zipOf([
			{name: 'x/a.csv', content: table},
			{name: 'b.log', content: 'ERROR\n'},
			{name: 'c.bin', content: 'secret'},
		]);
		expect(await ask({columns: ['amount']}, zip, 'a.zip')).toBe('taken');
		expect(await ask({contains: 'ERROR'}, zip, 'a.zip')).toBe('taken');
		expect(await ask({dialect: {compression: 'zip', delimiter: ','}}, zip, 'a.zip')).toBe('taken');
		expect(await ask({contains: 'secret'}, zip, 'a.zip')).toBe(
			'contains: “secret”; an archive, and none of the 2 files in it is so',
		);
		const tar = gzipSync(
			tarOf([
				{name: 'x.csv', content: 'id\n1\n'},
				{name: 'y.csv.gz', content: gzipSync(table)},
			]),
		);
		expect(await ask({columns: ['amount'], dialect: {compression: 'tar.gz'}}, tar, 'a.tgz')).toBe('taken');
		expect(await ask({columns: ['amount']}, zipOf([]), 'a.zip')).toBe(
			'columns: “amount”; an archive without files of data',
		);
	});
});

describe('the order of routes', () => {
	test('the first one whose terms hold is taken, those in front of it are explained, and those without a match are left out', async () => {
		const path = createTemporaryFolder().write('a.log', 'one ERROR\n');
		const choose = chooserOf([
			null,
			{name: '*.csv'},
			{contains: 'FATAL'},
			{contains: 'ERROR'},
			{contains: 'one'},
			'any',
		]);
		const {route, passed} = await choose(fileAt(path, 'a.log'));
		expect(route?.tag).toBe('3');
		expect(passed.map(({tag, term}) => [tag, term])).toEqual([
			['1', 'name'],
			['2', 'contains'],
		]);
	});

	test('any takes what is left, and nothing is read for it', async () => {
		const path = createTemporaryFolder().write('a.csv.gz', 'no gzip at all');
		const {route} = await chooserOf([{name: '*.log', contains: 'x'}, 'any'])(fileAt(path, 'a.csv.gz'));
		expect(route?.tag).toBe('1');
	});

	test('without a route that fits there is none', async () => {
		const path = createTemporaryFolder().write('a.csv', '');
		expect((await chooserOf([{name: '*.log'}])(fileAt(path, 'a.csv'))).route).toBe(null);
	});
});

describe('a file that cannot be read has no route, but an error', () => {
	const errorOf = async (match: unknown, path: string, name = 'a.csv') =>
		chooserOf([match])({claim: '1', name, path, bytes: 1}).then(
			() => 'none',
			(error: {code: string; mayPass: boolean}) => `${error.code} ${error.mayPass}`,
		);

	test.each([['any'], [{contains: 'x'}], [{columns: ['x']}], [{firstBytes: 'x'}]])('%j of a link', async match => {
		const folder = createTemporaryFolder();
		folder.write('real.csv', 'x\n1\n');
		expect(await errorOf(match, folder.link('real.csv', 'link.csv'))).toBe('NOT_A_REGULAR_FILE false');
		expect(await errorOf(match, folder.fifo('fifo.csv'))).toBe('NOT_A_REGULAR_FILE false');
		expect(await errorOf(match, folder.folder('folder.csv'))).toBe('NOT_A_REGULAR_FILE false');
		expect(await errorOf(match, folder.at('nowhere.csv'))).toBe('ENOENT false');
	});

	test.each([[{contains: 'no'}], [{columns: ['no']}]])('%j of a packed file that is broken', async match => {
		const packed = gzipSync(table.repeat(50));
		const path = createTemporaryFolder().write('a.csv.gz', packed.subarray(0, 200));
		expect(await errorOf(match, path)).toBe('CORRUPT_GZIP false');
	});

	test('a broken archive', async () => {
		const path = createTemporaryFolder().write('a.zip', 'PK\x03\x04 nothing');
		expect(await errorOf({contains: 'x'}, path, 'a.zip')).toBe('CORRUPT_ZIP false');
	});

	test('a file that changes while it is read', async () => {
		const path = createTemporaryFolder().write('a.csv', 'x'.repeat(8 * 1024 * 1024));
		const asked = errorOf({contains: 'y'}, path);
		// The reading has begun, and goes on in the next turn.
		appendFileSync(path, 'y');
		expect(await asked).toBe('CHANGED_WHILE_READING true');
	});
});

test('other work has its turns while a large file is read', async () => {
	const path = createTemporaryFolder().write('a.csv', 'some text and more of it\n'.repeat(1_000_000));
	let turns = 0;
	let isOver = false;
	const count = (): void => {
		turns++;
		if (!isOver) setImmediate(count);
	};
	setImmediate(count);
	await chooserOf([{contains: 'not there', matches: 'nor (this|that)+$'}])(fileAt(path, 'a.csv'));
	isOver = true;
	expect(turns).toBeGreaterThan(5);
});

test('the route of any file is the one that looking at all of it gives', async () => {
	const folder = createTemporaryFolder();
	const path = folder.at('file');
	const term = fc.record(
		{
			name: fc.constantFrom('*.csv', '*.log', '?.csv', '[ab].*', '{a,b}.csv'),
			size: fc.constantFrom({min: 20}, {max: 40}, {min: 10, max: 60}),
			folder: fc.constantFrom('', 'x', '*', '**', 'x/**'),
			columns: fc.constantFrom(['amount'], ['id', 'amount'], ['größe'], ['nothing']),
			firstBytes: fc.constantFrom('id', 'hex:efbbbf', 'a'),
			contains: fc.constantFrom('ö', 'ERROR', '7\n8', 'id', 'größe'),
			matches: fc.constantFrom('^7$', 'ö.*e', '(?i)error$', '^[\\d,]+$'),
		},
		{requiredKeys: []},
	);
	const match = fc.oneof(
		{weight: 9, arbitrary: term.filter(each => Object.keys(each).length > 0)},
		{weight: 1, arbitrary: fc.constant('any' as const)},
	);
	const file = fc.record({
		name: fc.constantFrom('a.csv', 'b.csv', 'c.log', 'x/a.csv', 'x/y/b.log'),
		header: fc.constantFrom('id,amount', 'amount', 'größe', '7'),
		data: fc.array(fc.constantFrom('7', '8', '1,2', 'an ERROR', 'an error', 'schön'), {maxLength: 8}),
		newline: fc.constantFrom('\n', '\r\n'),
		encoding: fc.constantFrom('utf8', 'latin1', 'utf16le', 'bom'),
		isPacked: fc.boolean(),
	});
	interface Looked {
		readonly name: string;
		readonly text: string;
		readonly bytes: Buffer;
	}
	const names = {
		'*.csv': '.*\\.csv',
		'*.log': '.*\\.log',
		'?.csv': '.\\.csv',
		'[ab].*': '[ab]\\..*',
		'{a,b}.csv': '[ab]\\.csv',
	};
	const folders = {'': '', x: 'x', '*': '[^/]+', '**': '.*', 'x/**': 'x(/.*)?'};
	const whole = (sources: Readonly<Record<string, string>>, key: string): RegExp => new RegExp(`^(?:${sources[key]})$`);
	const fits: Readonly<Record<string, (value: never, file: Looked) => boolean>> = {
		name: (value: string, {name}) => whole(names, value).test(name.split('/').at(-1) ?? ''),
		folder: (value: string, {name}) => whole(folders, value).test(name.split('/').slice(0, -1).join('/')),
		size: ({min = 0, max = 1e9}: {min?: number; max?: number}, {bytes}) => bytes.length >= min && bytes.length <= max,
		columns(value: readonly string[], {text}) {
			const header = (text.split(/\r?\n/)[0] ?? '').split(',');
			return value.every(column => header.includes(column));
		},
		firstBytes: (value: string, {bytes}) => bytes.toString('latin1').startsWith(value === 'hex:efbbbf' ? 'ï»¿' : value),
		contains: (value: string, {text}) => text.includes(value),
		matches(value: string, {text}) {
			const pattern = new RegExp(value.replace('(?i)', ''), value.startsWith('(?i)') ? 'iu' : 'u');
			return text
				.split(/\r?\n/)
				.slice(0, -1)
				.some(line => pattern.test(line));
		},
	};
	await fc.assert(
		fc.asyncProperty(
			fc.array(match, {minLength: 1, maxLength: 4}),
			file,
			async (matches, {name, header, data, newline, encoding, isPacked}) => {
				const text = [header, ...data].map(line => line + newline).join('');
				const plain =
					encoding === 'bom'
						? Buffer.from(`\ufeff${text}`)
						: encoding === 'utf16le'
							? utf16(text)
							: Buffer.from(text, encoding as 'utf8');
				const bytes = isPacked ? gzipSync(plain) : plain;
				folder.write('file', bytes);
				const {route} = await chooserOf(matches)(fileAt(path, name));
				const expected = matches.findIndex(
					each =>
						each === 'any' ||
						Object.entries(each).every(([key, value]) => fits[key]?.(value as never, {name, text, bytes})),
				);
				expect(route?.tag ?? '-1').toBe(String(expected));
			},
		),
		{numRuns: randomCases(150)},
	);
});
