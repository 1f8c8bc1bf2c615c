// The records that are handed on, as the kernel writes them, are those that the reference reader accepts, in their canonical form.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import type {TextEncoding} from '../../source/analysis/text-encoding.ts';
import {faultOfWhole} from '../../source/engine/worker/read/fault-of-whole.ts';
import {candidatesOf, rateNames} from '../../source/engine/worker/read/match-header.ts';
import {canonicalRecord, cellsOf} from '../../source/engine/worker/table/canonical-records.ts';
import {EncodingFoundLate, foldIntoTable} from '../../source/engine/worker/table/fold-into-table.ts';
import {DialectFinder} from '../../source/input/dialect-finder.ts';
import {InputError} from '../../source/input/input-error.ts';
import {readRecordsByReference} from '../../source/input/reference-reader.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import {bytesInPieces} from '../helpers/fold-bytes.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {soup} from '../helpers/random-tables.ts';
import {readDefaults} from '../helpers/read-defaults.ts';

const kernel = new Kernel();
const settings = {...readDefaults, analysis: 'profile', chunkBytes: 4096};

interface Written {
	readonly names: readonly string[] | null;
	/** One character per byte. */
	readonly text: string;
	readonly rejectedRows: number;
}

async function writeByKernel(
	bytes: Uint8Array,
	pieces: readonly number[],
	columns: (names: readonly string[]) => readonly number[] | null = () => null,
	where?: string,
): Promise<Written | string> {
	const read = async (encoding: TextEncoding | null): Promise<Written> => {
		let names: readonly string[] | null = null;
		let text = '';
		const sink = {
			async onHeader(found: readonly string[]) {
				names = found;
				return columns(found);
			},
			async onRecords(block: Uint8Array) {
				text += Buffer.from(block).toString();
			},
		};
		const source = bytesInPieces(bytes, pieces);
		const fold = foldIntoTable(kernel, sink, encoding);
		const accepted = await fold(source, {...settings, where}, {report() {}, wait() {}});
		return {names, text, rejectedRows: accepted.rejectedRows};
	};
	try {
		return await read(null).catch(error => {
			if (error instanceof EncodingFoundLate) return read(error.encoding);
			throw error;
		});
	} catch (error) {
		if (error instanceof InputError) return error.code;
		throw error;
	}
}

async function writeByReference(bytes: Uint8Array, columns?: (names: readonly string[]) => readonly number[]) {
	let names: readonly string[] | null = null;
	let text = '';
	let rejectedRows = 0;
	let places: readonly number[] = [];
	let header: Uint8Array | null = null;
	try {
		const {textEvidence} = await readRecordsByReference(
			bytesInPieces(bytes, [4096]),
			{
				onHeader(found, _, repeatable) {
					names = found;
					header = repeatable;
					places = columns?.(found) ?? found.map((_, index) => index);
				},
				onUnclosedQuote() {
					rejectedRows++;
				},
				onRecord(fields, _, stray, content) {
					if (stray !== null || faultOfWhole(content, fields, names?.length ?? 0, header) !== null) rejectedRows++;
					else text += canonicalRecord(places.map(place => fields[place] ?? ''));
				},
			},
			{chunk: new Uint8Array(4096), finder: new DialectFinder(rateNames(candidatesOf(settings))), onChunk() {}},
		);
		const decoder = new TextDecoder(textEvidence.notUtf8 === null ? 'utf-8' : 'windows-1252', {ignoreBOM: true});
		const decode = (latin1: string): string => decoder.decode(Buffer.from(latin1, 'latin1'));
		const found = names as readonly string[] | null;
		return {names: found === null ? null : found.map(decode), text: decode(text), rejectedRows};
	} catch (error) {
		if (error instanceof InputError) return error.code;
		throw error;
	}
}

const bytesOf = fc.oneof(
	soup.map(text => Buffer.from(text)),
	soup.map(text => Buffer.from(text, 'latin1')),
);
const delimiters = fc.constantFrom(',', ';', '\t', '|');
const headed = fc
	.tuple(delimiters, fc.integer({min: 1, max: 4}), fc.array(soup, {maxLength: 40}))
	.map(([delimiter, count, parts]) => {
		const names = ['a', 'b', 'c', 'd'].slice(0, count).join(delimiter);
		return Buffer.from(`${names}\n${parts.join(delimiter)}`);
	});
const pieces = fc.array(fc.integer({min: 1, max: 4096}), {minLength: 1, maxLength: 4});

test('the kernel writes the records that the reference reader accepts', async () => {
	await fc.assert(
		fc.asyncProperty(fc.oneof(bytesOf, headed), pieces, async (bytes, sizes) => {
			expect(await writeByKernel(bytes, sizes)).toEqual(await writeByReference(bytes));
		}),
		{numRuns: randomCases(200)},
	);
});

test('it writes the columns that are wanted, in their order', async () => {
	const backwards = (names: readonly string[]): number[] => names.map((_, index) => names.length - 1 - index);
	const last = (names: readonly string[]): number[] => [names.length - 1];
	await fc.assert(
		fc.asyncProperty(headed, fc.constantFrom(backwards, last), async (bytes, columns) => {
			expect(await writeByKernel(bytes, [4096], columns)).toEqual(await writeByReference(bytes, columns));
		}),
		{numRuns: randomCases(150)},
	);
});

test('large data of any kind is written whole', async () => {
	const rows = Array.from({length: 20_000}, (_, index) => [
		`${index}`,
		index % 5 === 0 ? 'with, a comma' : 'plain',
		index % 7 === 0 ? `"${'x'.repeat(index % 300)}"` : '',
		index % 11 === 0 ? 'two\nlines' : 'caf\u00e9',
	]);
	const text = rows.map(canonicalRecord).join('');
	const others = [
		text,
		text.replaceAll('\n', '\r\n').replaceAll('two\r\nlines', 'two\nlines'),
		rows.map(row => `${row.map(cell => `"${cell.replaceAll('"', '""')}"`).join('\t')}\n`).join(''),
	];
	for (const other of others) {
		const header = other.includes('\t') ? 'a\tb\tc\td\n' : 'a,b,c,d\n';
		expect(await writeByKernel(Buffer.from(header + other), [65_536])).toMatchObject({text, rejectedRows: 0});
	}
});

test('records that a condition leaves out are not written', async () => {
	const text = Array.from({length: 5000}, (_, index) => `${index},${index % 3}\n`);
	const written = await writeByKernel(
		Buffer.from(`n,kind\n${text.join('')}`),
		[4096],
		() => null,
		'kind = 2 and n < 4000',
	);
	expect(written).toMatchObject({text: text.filter((_, index) => index % 3 === 2 && index < 4000).join('')});
});

test('bytes that are not UTF-8, wherever they come, decide for all of the source', async () => {
	const filler = 'y,z\n'.repeat(5000);
	const late = Buffer.concat([Buffer.from(`a,b\n\u00e9,1\n${filler}`), Buffer.from('caf\xe9,2\n', 'latin1')]);
	expect(await writeByKernel(late, [4096])).toMatchObject({text: `\u00c3\u00a9,1\n${filler}caf\u00e9,2\n`});
	const rejected = Buffer.concat([Buffer.from(`a,b\n\u00e9,1\n${filler}`), Buffer.from('caf\xe9\n', 'latin1')]);
	expect(await writeByKernel(rejected, [4096])).toMatchObject({text: `\u00c3\u00a9,1\n${filler}`, rejectedRows: 1});
	const header = Buffer.concat([Buffer.from('\u00e9,b\n'), Buffer.from('caf\xe9,2\n', 'latin1')]);
	expect(await writeByKernel(header, [4096])).toMatchObject({names: ['\u00c3\u00a9', 'b'], text: 'caf\u00e9,2\n'});
});

test('what was written is split into the cells that it was made of', () => {
	const cell = fc.oneof(soup, fc.constantFrom('', '"', 'a,b'));
	fc.assert(
		fc.property(fc.array(fc.array(cell, {minLength: 1, maxLength: 4}), {maxLength: 10}), records => {
			expect(cellsOf(Buffer.from(records.map(canonicalRecord).join('')))).toEqual(records);
		}),
	);
});
