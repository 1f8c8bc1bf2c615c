// Text in an encoding that somebody names comes to what it comes to in UTF-8, and what is no text in it is told with its place.
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {readTable} from '../../source/engine/worker/read-table.ts';
import type {TableSink} from '../../source/engine/worker/table/fold-into-table.ts';
import {processBatch} from '../../source/index.ts';
import {type EncodingLabel, encodingLabels, parseEncoding} from '../../source/input/encodings/encoding-labels.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import {encodeText} from '../helpers/encode-text.ts';
import {encodeWide} from '../helpers/encode-wide.ts';
import {openPool} from '../helpers/open-pool.ts';
import {type BytesPlan, processBytes, tellReply} from '../helpers/process-bytes.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {transactionHeader} from '../helpers/random-tables.ts';
import {readDefaults} from '../helpers/read-defaults.ts';
import {readSplit} from '../helpers/split-reading.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

interface Told {
	readonly dialect: {readonly encoding: string};
	readonly bytesRead: number;
	readonly rows: number;
	readonly rejects: readonly {readonly byte_offset: number; readonly value: string}[];
	readonly result: {readonly categories: readonly {readonly category: string}[]};
	readonly error?: {readonly code: string; readonly message: string; readonly byte_offset: number | null};
}

const tell = async (bytes: Uint8Array, plan?: BytesPlan): Promise<Told> =>
	tellReply(await processBytes(bytes, plan)) as Told;

/** Of the results: examples of faults have places of the file. */
const withoutPlaces = (told: unknown): unknown =>
	JSON.parse(JSON.stringify(told).replaceAll(/"byte_offset":\d+/g, '"byte_offset":0'));

/** Words that have each its letters in some encodings only. */
const words: Readonly<Partial<Record<EncodingLabel, readonly string[]>>> = {
	'windows-1250': ['Łódź', 'příliš žluťoučký', 'Őrség'],
	'windows-1251': ['Оплата', 'счёт № 5', 'їжак'],
	'windows-1252': ['Müller', '€ 5', '“quoted”'],
	'windows-1253': ['Πληρωμή', 'λογαριασμός'],
	'windows-1254': ['İstanbul', 'ödeme'],
	'windows-1257': ['Rīga', 'mokėjimas'],
	'iso-8859-2': ['Łódź', 'žluťoučký'],
	'iso-8859-7': ['Πληρωμή'],
	'iso-8859-15': ['Œuvre', '€ 5'],
	'koi8-r': ['Оплата', 'счёт'],
	macintosh: ['Müller', '“é”'],
	'x-mac-cyrillic': ['Оплата'],
	ibm866: ['Оплата'],
	shift_jis: ['振込手数料', 'ｶｰﾄﾞ', '表示', 'ソ|能', '予定'],
	gbk: ['银行转账', '亅|亇'],
	gb18030: ['银行转账', '手续费'],
	big5: ['銀行轉帳', '功能', '許|蓋'],
	'euc-jp': ['振込手数料', 'カード'],
	'euc-kr': ['은행 이체', '수수료'],
};

const transaction = (name: string, index: number): string =>
	`${name},${index % 9 === 4 ? `${name}!` : '2.50'},2024-01-01,${name}`;

const settingsToTry: readonly (readonly [string, BytesPlan])[] = [
	['what is read as it is, where that can be', {}],
	['a condition', {where: 'category != "счёт № 5" and category != "能"'}],
	['columns', {analysis: ['profile']}],
	['faults', {analysis: ['quality']}],
	['a bad record', {maxErrors: 1}],
];
/** Of other ones, only what is usual is tried. */
const triedThoroughly = ['windows-1251', 'iso-8859-7', 'shift_jis', 'gb18030'];

describe.each(Object.entries(words))('%s', (name, own) => {
	const label = name as EncodingLabel;
	const whole = `${transactionHeader},${own[0]}\n${Array.from({length: 20}, (_, index) => `${transaction(own[index % own.length] ?? '', index)},x`).join('\r\n')}\n`;
	const place = (offset: number): number => encodeText(Buffer.from(whole).subarray(0, offset).toString(), label).length;

	test.each(
		settingsToTry.slice(0, triedThoroughly.includes(label) ? settingsToTry.length : 1),
	)('comes to the same as in UTF-8, whatever the pieces, in both readers: %s', async (_, settings) => {
		const {bytesRead, ...expected} = await tell(Buffer.from(whole), settings);
		if (expected.rejects === undefined) {
			const {error} = await tell(encodeText(whole, label), {encoding: label, ...settings});
			const offset = place(expected.error?.byte_offset ?? 0);
			expect(error).toEqual({...expected.error, byte_offset: offset});
			return;
		}
		if (!('analysis' in settings)) expect(expected.rejects.length).toBeGreaterThan(0);
		const inFile = {
			...expected,
			dialect: {...expected.dialect, encoding: label},
			rejects: expected.rejects.map(reject => ({...reject, byte_offset: place(reject.byte_offset)})),
		};
		const bytes = encodeText(whole, label);
		for (const reader of ['kernel', 'reference'] as const) {
			for (const sizes of [[65_536], [7, 2, 19]]) {
				const {bytesRead: read, ...told} = await tell(bytes, {encoding: label, reader, pieces: sizes, ...settings});
				expect(withoutPlaces(told)).toEqual(withoutPlaces(inFile));
				expect(told.rejects).toEqual(inFile.rejects);
				expect(read).toBe(bytes.length);
			}
		}
	});
});

const cell = fc.oneof(
	fc.constantFrom('1.50', '2024-01-01', '振込', 'ｶﾅ', '表', '"a\n表"', '"表"x', 'ソ', ''),
	fc.string({unit: fc.constantFrom('能', 'ｱ', 'a', '\\', '|', '~', '\x1a', '\x7f'), maxLength: 5}),
);
const japanese = fc
	.array(
		fc.array(cell, {minLength: 3, maxLength: 5}).map(cells => cells.join(',')),
		{maxLength: 20},
	)
	.map(records => `${transactionHeader}\n${records.join('\n')}`);

test('characters whose bytes look like delimiters, cut anywhere', async () => {
	await fc.assert(
		fc.asyncProperty(
			japanese,
			fc.array(fc.integer({min: 1, max: 40}), {minLength: 1, maxLength: 3}),
			async (whole, sizes) => {
				const plain = await tell(Buffer.from(whole));
				const told = await tell(encodeText(whole, 'shift_jis'), {encoding: 'shift_jis', pieces: sizes});
				const place = (offset: number): number =>
					encodeText(Buffer.from(whole).subarray(0, offset).toString(), 'shift_jis').length;
				const moved = (text: Told): unknown => [
					text.rows,
					text.result,
					text.error?.code,
					text.rejects?.map(({value}) => value),
				];
				expect(moved(told)).toEqual(moved(plain));
				expect(told.rejects?.map(reject => reject.byte_offset)).toEqual(
					plain.rejects?.map(reject => place(reject.byte_offset)),
				);
				if (plain.error?.byte_offset != null) expect(told.error?.byte_offset).toBe(place(plain.error.byte_offset));
			},
		),
		{numRuns: randomCases(60)},
	);
});

test('the byte order mark of another one fails the file', async () => {
	for (const [encoding, text] of [
		['windows-1251', Buffer.from('\ufeffa,b\n')],
		['utf-8', encodeWide('\ufeffa,b\n', 'utf-16le')],
		['utf-16le', encodeWide('\ufeffa,b\n', 'utf-16be')],
	] as const) {
		const {error} = await tell(text, {encoding});
		expect(error).toMatchObject({code: 'INVALID_ENCODING', line: 1, byte_offset: 0});
		expect(error?.message).toContain('byte order mark');
	}
});

test('text in UTF-8 that has to be in UTF-8 is what it is', async () => {
	const whole = Buffer.from(`\ufeff${transactionHeader}\nü,x,2024-01-01,漢\n\ufeff2,1,2024-01-01,😀\n`);
	const {bytesRead, ...expected} = await tell(whole);
	for (const sizes of [[65_536], [1]]) {
		const {bytesRead: read, ...told} = await tell(whole, {encoding: 'utf-8', pieces: sizes});
		expect(told).toEqual(expected);
	}
});

test('a large file that has to be in UTF-8 is read by several threads, and one of them says where it is not', async () => {
	const pool = openPool({threads: 2, onLog: () => {}});
	const folder = createTemporaryFolder();
	const rows = Array.from({length: 200}, (_, index) => `C${index},1.5,2024-01-01,Bücher`).join('\n');
	const bytes = Buffer.from(`customer_id,amount,date,category\n${rows}\n`);
	const path = folder.write('a.csv', bytes);
	const plan = {encoding: 'utf-8', rangeBytes: 500} as const;
	expect(await readSplit(pool, path, bytes.length, plan)).toMatchObject({rows: 200, dialect: {encoding: 'utf-8'}});
	const bad = Buffer.concat([bytes, Buffer.from('C,1,2024-01-01,\xe9\n', 'latin1')]);
	const other = folder.write('b.csv', bad);
	expect(await readSplit(pool, other, bad.length, plan)).toMatchObject({
		rows: 201,
		rejects: [{line: 202, byte_offset: bytes.length, reason: 'encoding', value: '<E9>'}],
	});
	await pool.close();
});

test('small files in an encoding that somebody names are merged with their names in UTF-8', async () => {
	const folder = createTemporaryFolder();
	const text = 'customer_id,amount,date,category\n1,1.5,2024-01-01,Оплата\n';
	const paths = ['a.csv', 'b.csv'].map(name => folder.write(name, encodeText(text, 'windows-1251')));
	const report = await processBatch(paths, {encoding: 'cp1251'});
	expect(report.files.map(({dialect}) => dialect?.encoding)).toEqual(['windows-1251', 'windows-1251']);
	expect(report.analyses.transactions).toMatchObject({categories: [{category: 'Оплата', count: 2}]});
	await expect(processBatch(paths, {encoding: 'windows-1215'})).rejects.toThrow(/^encoding must be one of utf-8, /);
});

test('a large file in an encoding that somebody names is read by several threads, with names as in UTF-8', async () => {
	const pool = openPool({threads: 2, onLog: () => {}});
	const folder = createTemporaryFolder();
	const rows = Array.from(
		{length: 300},
		(_, index) => `счёт ${index % 7},${index % 99 === 5 ? 'нет' : '1.5'},2024-01-01,Оплата ${index % 3}`,
	);
	const whole = `customer_id,amount,date,category\n${rows.join('\n')}\n`;
	const bytes = encodeText(whole, 'windows-1251');
	const expected = await tell(Buffer.from(whole));
	const path = folder.write('a.csv', bytes);
	for (const rangeBytes of [undefined, 500, 777]) {
		const told = (await readSplit(pool, path, bytes.length, {encoding: 'windows-1251', rangeBytes})) as Told;
		expect(told).toMatchObject({rows: 300, result: expected.result, dialect: {encoding: 'windows-1251'}});
		expect(told.rejects.map(({value}) => value)).toEqual(['нет', 'нет', 'нет']);
		expect(told.rejects.map(reject => reject.byte_offset)).toEqual(
			expected.rejects.map(reject => Buffer.from(whole).subarray(0, reject.byte_offset).toString().length),
		);
	}
	await pool.close();
});

test('a table that fits no analysis, and a text, come to the same as in UTF-8', async () => {
	const folder = createTemporaryFolder();
	const table = `Дата;Сумма;Назначение\n${Array.from({length: 50}, (_, index) => `0${index % 9};${index};Оплата ${index}`).join('\n')}\n`;
	const log = '2024-01-01 ERROR Ошибка 12\n2024-01-01 INFO готово\n'.repeat(9);
	const report = (encoding: EncodingLabel) =>
		processBatch(
			[
				folder.write(`${encoding}.csv`, encoding === 'utf-8' ? table : encodeText(table, encoding)),
				folder.write(`${encoding}.log`, encoding === 'utf-8' ? log : encodeText(log, encoding)),
			],
			{encoding},
		);
	const expected = await report('utf-8');
	for (const encoding of ['koi8-r', 'ibm866'] as const) {
		const {files} = await report(encoding);
		expect(files.map(({dialect}) => dialect?.encoding)).toEqual([encoding, encoding]);
		for (const [index, {analysis, result}] of files.entries()) {
			expect(analysis).toBe(['profile', 'lines'][index]);
			expect(result).toEqual(expected.files[index]?.result);
		}
	}
});

test('records that are written anew are in UTF-8', async () => {
	const whole = 'имя,сумма\nсчёт,1\n"Оплата, 2",2\n';
	for (const encoding of ['windows-1251', 'koi8-r', 'utf-8'] as const) {
		const path = createTemporaryFolder().write('a.csv', encodeText(whole, encoding));
		const written: (readonly string[] | string)[] = [];
		const sink: TableSink = {
			async onHeader(names) {
				written.push(names);
				return null;
			},
			async onRecords(bytes) {
				written.push(Buffer.from(bytes).toString());
			},
		};
		const settings = {...readDefaults, encoding};
		const thread = {progress: {write() {}, sleep() {}}, checkpoint() {}, postSnapshot() {}};
		const reply = await readTable({location: {kind: 'file', path}, settings, sink, known: null}, new Kernel(), thread);
		expect(reply).toMatchObject({type: 'completed', rows: 2, dialect: {encoding}});
		expect(written).toEqual([['имя', 'сумма'], 'счёт,1\n"Оплата, 2",2\n']);
	}
});

test('names of encodings are those of the standard, and others that are usual', () => {
	for (const label of encodingLabels) expect(parseEncoding(label.toUpperCase())).toBe(label);
	expect(parseEncoding('cp1251')).toBe('windows-1251');
	expect(parseEncoding('Latin1')).toBe('windows-1252');
	expect(parseEncoding('ISO-8859-9')).toBe('windows-1254');
	expect(parseEncoding('sjis')).toBe('shift_jis');
	expect(parseEncoding('cp932')).toBe('shift_jis');
	expect(parseEncoding('gb2312')).toBe('gbk');
	expect(parseEncoding('utf-16')).toBe('utf-16le');
	expect(parseEncoding('utf8')).toBe('utf-8');
	for (const wrong of ['', 'utf-7', 'windows-1215', 'iso-2022-jp']) expect(parseEncoding(wrong)).toBeNull();
});
