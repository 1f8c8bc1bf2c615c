// The same third-party files through the SIMD kernel, which hands out no cells. So each column of each file takes its turn as
// groups and as ids, once an amount and a date were put in front of every record: the groups are then the column's cells,
// which the reference reader gives and others agreed on, and so are the figures that the corpus tells of each column.

import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {groupsOf} from '../../source/analysis/groups/group-table.ts';
import {plainDialect} from '../../source/input/dialect.ts';
import type {RecordPosition, StrayText} from '../../source/input/record-reader.ts';
import {readRecordsByReference} from '../../source/input/reference-reader.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import {bytesInPieces, foldBytes} from '../helpers/fold-bytes.ts';
import {transactionsSpec} from '../helpers/kernel-specs.ts';
import {knownDialect} from '../helpers/known-dialect.ts';
import {namedGroups, noLimits} from '../helpers/named-groups.ts';

interface ColumnProfile {
	readonly distinct_non_empty: number;
	readonly top?: {readonly count: number; readonly value: string};
	readonly numeric?: {readonly count: number; readonly sum: string};
}

interface CorpusFile {
	readonly path: string;
	readonly dialect: {readonly delimiter: string; readonly quote: string | null; readonly encoding: string};
	readonly expected: {
		readonly rows: number;
		readonly header_records: number;
		readonly preamble_records: number;
		readonly record_widths: Readonly<Record<string, number>>;
	};
	readonly columns_profile?: readonly ColumnProfile[];
}

interface CorpusTransactions {
	readonly path: string;
	readonly header: readonly string[];
	readonly amount_column: string;
	readonly category_column: string;
	readonly date_column: string;
	readonly number_form: string;
	readonly date_format: string;
	readonly data_records: number;
	readonly sum: string;
	readonly date_min: string;
	readonly date_max: string;
	readonly top_category_by_count: ReadonlyArray<readonly [string, number]>;
}

interface Manifest {
	readonly files: readonly CorpusFile[];
	readonly malformed: readonly CorpusFile[];
	readonly transactions: readonly CorpusTransactions[];
}

interface CorpusRecord {
	readonly fields: readonly string[];
	readonly position: RecordPosition;
	readonly stray: StrayText | null;
}

const corpus = process.env.CORPUS_DIR ?? '../shared/corpus';
const manifestPath = join(corpus, 'manifest.json');

/** A header of our own in front of each file, because of a header it is not told whether its quotes are as they should be. */
const lead = Buffer.from('header\n');

interface CorpusRecords {
	readonly records: readonly CorpusRecord[];
	/** How many more there are, whose quotes are never closed. */
	readonly unclosed: number;
}

async function readByReference(bytes: Uint8Array, delimiter: string): Promise<CorpusRecords> {
	const records: CorpusRecord[] = [];
	let unclosed = 0;
	const sink = {
		onHeader() {},
		onRecord(fields: readonly string[], position: RecordPosition, stray: StrayText | null) {
			records.push({fields, position, stray});
		},
		onUnclosedQuote() {
			unclosed++;
		},
	};
	const dialect = {...plainDialect, delimiter};
	const options = {chunk: new Uint8Array(65_536), finder: knownDialect(dialect), onChunk() {}};
	await readRecordsByReference(bytesInPieces(bytes, [65_536]), sink, options);
	return {records, unclosed};
}

/** The bytes from a record on, with `1` and a date as first fields of every record. */
function putInFront(bytes: Buffer, records: readonly CorpusRecord[], delimiter: string): Buffer {
	const front = Buffer.from(`1${delimiter}2024-01-01${delimiter}`);
	return Buffer.concat(
		records.flatMap(({position}, index) => [
			front,
			bytes.subarray(position.byteOffset, records[index + 1]?.position.byteOffset ?? bytes.length),
		]),
	);
}

const kernel = new Kernel();

/** @param pieceBytes - So many are given at once. */
function readColumn(bytes: Uint8Array, delimiter: string, columns: number, column: number, pieceBytes: number): string {
	const {input} = kernel;
	input.begin(0);
	const places = {customer_id: column + 2, amount: 0, date: 1, category: column + 2};
	kernel.begin(transactionsSpec({columnCount: columns + 2, ...places}, {}, delimiter), 1);
	let outcome = 'needs-more';
	for (let from = 0; from <= bytes.length && outcome === 'needs-more'; from += pieceBytes) {
		const piece = bytes.subarray(from, from + pieceBytes);
		input.space(pieceBytes).set(piece);
		input.extend(piece.length);
		outcome = kernel.consume(from + pieceBytes > bytes.length);
	}
	return outcome;
}

const countOf = (values: readonly string[]): Map<string, number> => {
	const counts = new Map<string, number>();
	for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
	return counts;
};

describe.skipIf(!existsSync(manifestPath))('third-party files, a column at a time', () => {
	const manifest = existsSync(manifestPath)
		? (JSON.parse(readFileSync(manifestPath, 'utf8')) as Manifest)
		: {files: [], malformed: [], transactions: []};
	const isReadable = ({dialect}: CorpusFile): boolean => dialect.delimiter.length === 1 && dialect.quote === '"';
	const files = [...manifest.files, ...manifest.malformed].filter(isReadable);

	test.each(files)('$path', async ({path, dialect: {delimiter}, expected, columns_profile: profiles = []}) => {
		const file = readFileSync(join(corpus, 'files', path));
		const hasMark = file[0] === 0xef && file[1] === 0xbb && file[2] === 0xbf;
		const bytes = Buffer.concat([lead, file.subarray(hasMark ? 3 : 0)]);
		const {records: all, unclosed} = await readByReference(bytes, delimiter);
		if (unclosed > 0) {
			const shifted = Buffer.concat([Buffer.from(`1${delimiter}2024-01-01${delimiter}`), bytes.subarray(lead.length)]);
			expect(readColumn(shifted, delimiter, 1, 0, 4096)).toBe('needs-more');
			expect(kernel.readRejects().filter(({reason}) => reason === 'unclosed-quote')).toHaveLength(unclosed);
			expect(kernel.rows).toBe(all.length + unclosed);
			return;
		}
		const records = all.slice(expected.preamble_records + expected.header_records);
		const data = putInFront(bytes, records, delimiter);
		const columns = records[0]?.fields.length ?? 0;
		const hasNul = (fields: readonly string[]): boolean => fields.some(field => field.includes('\0'));
		const good = records.filter(({fields, stray}) => fields.length === columns && stray === null && !hasNul(fields));
		for (let column = 0; column < columns; column++) {
			const cells = good.map(({fields}) => fields[column] ?? '');
			for (const pieceBytes of [bytes.length + 1000, 61]) {
				expect(readColumn(data, delimiter, columns, column, pieceBytes)).toBe('needs-more');
				expect([kernel.rows, kernel.rejectedRows]).toEqual([records.length, records.length - good.length]);
				const [figures] = kernel.readFigures();
				const [table] = figures?.tables ?? [];
				const [distinct] = figures?.sets ?? [];
				if (table === undefined || distinct === undefined) throw new Error('Expected a table and a set');
				const groups = groupsOf(table, noLimits);
				expect(new Map([...namedGroups(groups)].map(([name, group]) => [name, group.count]))).toEqual(countOf(cells));
				expect(distinct.registers).toBeNull();
				if (distinct.registers !== null) continue;
				const distinctCount = distinct.keys.length / 4 + distinct.longValues.size + (distinct.denseIds?.count ?? 0);
				expect(distinctCount).toBe(new Set(cells.filter(cell => cell !== '')).size);
			}
			const profile = profiles[column];
			if (profile === undefined || good.length !== expected.rows) continue;
			const counts = [...countOf(cells)].filter(([cell]) => cell !== '');
			expect(counts.length).toBe(profile.distinct_non_empty);
			expect(Math.max(0, ...counts.map(([, count]) => count))).toBe(profile.top?.count ?? 0);
		}
	});

	const legible = manifest.transactions.filter(
		file => file.number_form === '1234.56' && file.date_format.startsWith('%Y-%m-%d'),
	);
	test.each(legible)('the transactions of $path', async file => {
		const bytes = readFileSync(join(corpus, 'files', file.path));
		const needed = ['amount', 'category', 'date'];
		const named = [file.amount_column, file.category_column, file.date_column];
		const customer = file.header.findIndex(name => !named.includes(name));
		// Another name may be one that is needed, in another spelling.
		const header = file.header.map((name, index) =>
			index === customer ? 'customer_id' : (needed[named.indexOf(name)] ?? `other ${index}`),
		);
		const renamed = Buffer.concat([Buffer.from(header.join(',')), bytes.subarray(bytes.indexOf('\n'))]);
		const reading = await foldBytes(renamed, {fold: 'kernel'});
		expect(reading).toEqual(await foldBytes(renamed));
		expect(reading).toMatchObject({
			rows: file.data_records,
			result: {
				total_transactions: file.data_records,
				total_amount_exact: file.sum,
				top_category: file.top_category_by_count[0]?.[0],
				date_range: {earliest: file.date_min.slice(0, 10), latest: file.date_max.slice(0, 10)},
			},
		});
	});
});
