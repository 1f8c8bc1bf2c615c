// Rows of rejected records are the same whether the kernel writes most of them or none.
import {closeSync, openSync, writeSync} from 'node:fs';
import fc from 'fast-check';
import {expect, test, vi} from 'vitest';
import {ENTRY_BYTES, rememberSpooledRejects} from '../../source/engine/shared/spooled-rejects.ts';
import {kernelOfProcess} from '../../source/kernel/kernel-of-process.ts';
import {RejectRows} from '../../source/kernel/reject-rows.ts';
import {rejectReasons} from '../../source/kernel/rejects.ts';
import {rejectsCsvPages} from '../../source/pipeline/rejects/rejects-csv.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const rejectRows = kernelOfProcess()?.createRejectRows() ?? null;
const names = ['id', 'the "amount"', 'date'];

interface Entry {
	readonly record: string;
	readonly line: number;
	readonly byteOffset: number;
	readonly column: number;
	readonly fieldCount: number;
	readonly reason: number;
	readonly analysis: number;
	readonly said: string;
}

function entryBytes({record, line, byteOffset, column, fieldCount, reason, analysis, said}: Entry): Buffer {
	const [bytes, saidBytes] = [Buffer.from(record, 'latin1'), Buffer.from(said)];
	const head = Buffer.alloc(ENTRY_BYTES);
	head.writeUInt32LE(bytes.length, 0);
	head.writeUInt32LE(saidBytes.length, 4);
	head.writeDoubleLE(byteOffset, 8);
	head.writeDoubleLE(line, 16);
	for (const [index, word] of [column, fieldCount, reason, analysis].entries()) head.writeInt32LE(word, 24 + 4 * index);
	return Buffer.concat([head, bytes, saidBytes]);
}

const field = fc.oneof(
	fc.constantFrom(
		'',
		'a',
		'12.50',
		'-1',
		'+2.5',
		'-',
		'-1.2.3',
		'-x',
		'=1',
		'@a',
		'x=y',
		'a-b',
		'"q"',
		'"a,b"',
		"'",
		'a;b',
		'\xe9',
		'\t',
		'n\0',
	),
	fc.string({unit: fc.constantFrom('a', '7', '.', ' ', '~', '-'), maxLength: 40}),
	fc.constant('y'.repeat(201)),
);
const record = fc
	.array(field, {minLength: 1, maxLength: 5})
	.map(fields => fields.join(','))
	.filter(text => text !== '');
/** Of the whole record, by their numbers. */
const WHOLE = ['field-count', 'not-accepted', 'padding', 'repeated-header', 'nul-byte'];
const faults = fc.oneof(
	...rejectReasons.map((reason, number) =>
		WHOLE.includes(reason)
			? fc.constant({reason: number, column: -1})
			: fc.record({reason: fc.constant(number), column: fc.nat(names.length - 1)}),
	),
);
const entry = fc
	.record({
		fault: fc.oneof(faults, fc.constant({reason: 0, column: -1})),
		record: fc.oneof({weight: 9, arbitrary: record}, {weight: 1, arbitrary: fc.constant('')}),
		line: fc.oneof(fc.nat(200), fc.constant(2 ** 31), fc.constant(10_000_000_000)),
		byteOffset: fc.oneof(fc.nat(2000), fc.constant(2 ** 32), fc.constant(123_456_789_012)),
		fieldCount: fc.oneof(fc.nat(5), fc.constant(70)),
		analysis: fc.integer({min: -1, max: 1}),
		said: fc.constantFrom('', '', '', 'a reason, of its own'),
	})
	.map(({fault, ...rest}) => ({...rest, ...fault, column: Math.min(fault.column, rest.record.split(',').length - 1)}));

test('rows that the kernel writes are those that are written without it', () => {
	const descriptor = openSync(createTemporaryFolder().at('spool'), 'wx+');
	const settings = fc.record({
		analyses: fc.constantFrom(null, ['one', 'other']),
		delimiter: fc.constantFrom(',', ',', ';'),
		maxRecords: fc.constantFrom(1_000_000, 7),
		lineShift: fc.constantFrom(0, 41),
	});
	try {
		fc.assert(
			fc.property(
				fc.array(entry, {minLength: 1, maxLength: 30}),
				settings,
				(entries, {analyses, delimiter, maxRecords, lineShift}) => {
					const [first, ...rest] = entries;
					if (first === undefined) return;
					// The first entry of a record has its bytes.
					const bytes = Buffer.concat([{...first, record: first.record || 'x'}, ...rest].map(entryBytes));
					writeSync(descriptor, bytes, 0, bytes.length, 0);
					const report = {file: 'dir/a "b".csv', rejected_rows: entries.length};
					rememberSpooledRejects(report, {
						...{names, delimiter, quote: '"', encoding: 'utf-8', analyses},
						parts: [{pieces: [{start: 0, bytes: bytes.length}], lineShift}],
					});
					const written = [null, rejectRows].map(rows =>
						Array.from(rejectsCsvPages({files: [report], descriptor, maxRecords, rejectRows: rows}), page =>
							Buffer.from(page).toString('latin1'),
						).join(''),
					);
					expect(written[1]).toBe(written[0]);
				},
			),
			{numRuns: randomCases(1500)},
		);
	} finally {
		closeSync(descriptor);
	}
});

test.each([
	// More rows than the kernel has room for in one go.
	{width: 10, count: 24_000, isByKernel: true},
	// Entries that are too large for it.
	{width: 600_000, count: 4, isByKernel: false},
])('where several files are written side by side, each has its own rows: $width', ({width, count, isByKernel}) => {
	const folder = createTemporaryFolder();
	const open = (name: string) => {
		const bytes = Buffer.concat(
			Array.from({length: count}, (_, line) =>
				entryBytes({
					...{record: `${line},x,${'2'.repeat(width)}`, line, byteOffset: 20 * line},
					...{column: 1, fieldCount: 3, reason: 3, analysis: 0, said: ''},
				}),
			),
		);
		const descriptor = openSync(folder.at(name), 'wx+');
		writeSync(descriptor, bytes, 0, bytes.length, 0);
		const report = {file: name, rejected_rows: count};
		const third = Math.floor(bytes.length / 3);
		const pieces = [
			{start: 0, bytes: third},
			{start: third, bytes: third},
			{start: 2 * third, bytes: bytes.length - 2 * third},
		];
		rememberSpooledRejects(report, {
			...{names, delimiter: ',', quote: '"', encoding: 'utf-8', analyses: null},
			parts: [{pieces, lineShift: 0}],
		});
		return {report, descriptor};
	};
	const files = [open('one.csv'), open('other.csv')];
	const pagesOf = (rows: typeof rejectRows) =>
		files.map(({report, descriptor}) =>
			rejectsCsvPages({files: [report], descriptor, maxRecords: 1e9, rejectRows: rows}),
		);
	const take = (pages: readonly Generator<Uint8Array, void>[]): string[] => {
		const texts = pages.map(() => '');
		for (let open = pages.length; open > 0; ) {
			open = 0;
			for (const [index, each] of pages.entries()) {
				const {value, done} = each.next();
				if (done !== true) open++;
				texts[index] += Buffer.from(value ?? []).toString();
			}
		}
		return texts;
	};
	const write = vi.spyOn(RejectRows.prototype, 'write');
	const texts = take(pagesOf(rejectRows));
	const counts = write.mock.results.map(({value}) => (value as ReturnType<RejectRows['write']>).count);
	write.mockRestore();
	expect(texts).toEqual(take(pagesOf(null)));
	expect(counts.reduce((sum, each) => sum + each, 0)).toBe(isByKernel ? files.length * count : 0);
	for (const {descriptor} of files) closeSync(descriptor);
});
