// A thread that works through a group of small files tells of each what the reference reader says of it, to the letter of the
// report, and of all together what they come to – whether they are the usual ones, which the kernel writes out by itself, or not.
import {gzipSync} from 'node:zlib';
import fc from 'fast-check';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {finishState} from '../../source/analysis/finish.ts';
import {Consolidation, decodeState, type NamedState} from '../../source/engine/shared/consolidation.ts';
import {withForms} from '../../source/engine/shared/describe-forms.ts';
import {withDefaults} from '../../source/engine/shared/limits.ts';
import type {FilesReply, ReadSettings} from '../../source/engine/shared/protocol.ts';
import {withResults} from '../../source/engine/small-files/group-outcomes.ts';
import {foldWithFallbacks} from '../../source/engine/worker/read/fallbacks.ts';
import {foldByReference} from '../../source/engine/worker/read/fold-by-reference.ts';
import {foldLinesWith} from '../../source/engine/worker/read/fold-lines.ts';
import {readInRightForms} from '../../source/engine/worker/read/read-in-right-forms.ts';
import {SmallFileReader} from '../../source/engine/worker/small/small-file.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import {escapeActing} from '../../source/text/escape.ts';
import {layOutSafely, RESULT_INDENT} from '../../source/text/json-layout.ts';
import type {ResultText} from '../../source/text/result-text.ts';
import {bytesInPieces} from '../helpers/fold-bytes.ts';
import {type OpenPool, openPool} from '../helpers/open-pool.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {table} from '../helpers/random-tables.ts';
import {readDefaults} from '../helpers/read-defaults.ts';
import {copyOf, onlyOf} from '../helpers/states.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const settings: ReadSettings = {
	...readDefaults,
};
let pool: OpenPool;
beforeAll(() => {
	pool = openPool({threads: 1, onLog: () => {}});
});
afterAll(() => pool.close());

const header = 'transaction_id,customer_id,amount,date,category\n';
const quote = (text: string): string => (/[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** How files begin; what begins with quotes is read the general way each time. */
interface Layout {
	readonly delimiter: string;
	readonly columns: readonly string[];
	readonly isQuoted: boolean;
}
const usualLayout: Layout = {
	...{delimiter: ',', isQuoted: false},
	columns: ['transaction_id', 'customer_id', 'amount', 'date', 'category'],
};
const otherLayouts: readonly Layout[] = [
	{delimiter: ';', columns: ['amount', 'date', 'category', 'customer_id'], isQuoted: false},
	{delimiter: '\t', columns: ['category', 'customer_id', 'note', 'date', 'amount', 'more'], isQuoted: false},
	{delimiter: ';', columns: ['amount', 'category', 'date', 'customer_id'], isQuoted: true},
];
const layOut = ({delimiter, columns}: Layout, fields: Readonly<Record<string, string>>): string =>
	`${columns.map(column => quote(fields[column] ?? 't')).join(delimiter)}\n`;
const headerOf = ({delimiter, columns, isQuoted}: Layout): string =>
	`${columns.map(column => (isQuoted ? `"${column}"` : column)).join(delimiter)}\n`;

const nameForms: ReadonlyArray<(index: number) => string> = [
	index => `c${index}`,
	index => `category number ${index}`,
	index => `ein langer Name für Waren aller Art ${'x'.repeat(index % 40)}${index}`,
	index => `say "${index}"\t\\`,
	index => `\u202e漢字\u0007${index}`,
	index => `\ud83d\ude00${'y'.repeat(60)}${index}`,
	index => (index === 0 ? '' : `${index}`),
];
const amountForms: ReadonlyArray<(number: number) => string> = [
	number => String(number),
	number => (number / 100).toFixed(2),
	number => (-number / 100).toFixed(2),
	number => (number / 1e6).toFixed(6),
	number => `0.${String(number).padStart(7, '0')}`,
	number => `${number}${'0'.repeat(6)}`,
	number => `${number}${'0'.repeat(9)}.5`,
	number => `${'9'.repeat(17)}${number % 10}`,
	number => (number % 97 === 0 ? '1.5' : '9'.repeat(18)),
	number => `${number}${'0'.repeat(20)}`,
	() => '0.00',
];
const idForms: ReadonlyArray<(number: number) => string> = [
	number => `C${String(number % 3000).padStart(7, '0')}`,
	number => String(number % 900),
	number => `customer of this shop, number ${number % 50}`,
	number => ['', 'a', 'B7'][number % 3] ?? '',
];

/** A file of one kind of amounts, names and ids, as they mostly are. */
const usualFile = fc
	.record({
		seed: fc.integer({min: 1, max: 1_000_000}),
		records: fc.constantFrom(0, 1, 2, 3, 40, 300),
		names: fc.constantFrom(1, 1, 2, 3, 16, 100, 101),
		nameForm: fc.constantFrom(...nameForms),
		amountForm: fc.oneof({weight: 2, arbitrary: fc.constant(amountForms[1])}, fc.constantFrom(...amountForms)),
		idForm: fc.constantFrom(...idForms),
		hasBadRecord: fc.integer({min: 0, max: 5}).map(dice => dice === 0),
	})
	.map(({seed, records, names, nameForm, amountForm, idForm, hasBadRecord}) => (layout: Layout) => {
		const lines = Array.from({length: records}, (_, index) => {
			const number = (seed * (index + 1) * 7919) % 1_000_003;
			const day = `20${10 + (number % 20)}-0${1 + (number % 9)}-1${number % 10}`;
			return layOut(layout, {
				...{customer_id: idForm(number), amount: amountForm?.(number) ?? '', date: day},
				category: nameForm((index % 3 === 0 ? number : index) % names),
			});
		});
		if (hasBadRecord) {
			lines.push(layOut(layout, {customer_id: 'c', amount: 'oops', date: '2024-01-01', category: 'x'}));
		}
		return Buffer.from(headerOf(layout) + lines.join(''));
	});
const anyFile = fc.oneof(
	{weight: 6, arbitrary: usualFile},
	{weight: 2, arbitrary: table.map(bytes => () => bytes)},
	{
		weight: 1,
		// Where it is stored and not packed, its text stands in it as it is.
		arbitrary: fc.tuple(usualFile, fc.constantFrom(0, 6)).map(
			([inLayout, level]) =>
				(layout: Layout) =>
					gzipSync(inLayout(layout), {level}),
		),
	},
	{
		weight: 1,
		arbitrary: fc
			.constantFrom(Buffer.alloc(0), Buffer.from('no,such\n1,2\n'), Buffer.from(`${header}"open`))
			.map(bytes => () => bytes),
	},
);
/** Files that lie together mostly begin alike. */
const someFiles = fc
	.record({
		layout: fc.oneof({weight: 2, arbitrary: fc.constant(usualLayout)}, fc.constantFrom(...otherLayouts)),
		files: fc.array(anyFile, {minLength: 1, maxLength: 6}),
	})
	.map(({layout, files}) => files.map(inLayout => inLayout(layout)));

/** Has a thread work through the files. */
async function readBatch(paths: readonly string[], readSettings = settings): Promise<FilesReply[]> {
	const replies: FilesReply[] = [];
	const group = await pool.startGroup({
		choose: () => ({sources: paths.map(path => ({kind: 'file', path})), settings: readSettings}),
		onStart() {},
		onReply: reply => replies.push(reply),
	});
	expect(await group?.ended).toEqual({type: 'done'});
	return replies;
}

interface Told {
	readonly rows: number;
	readonly rejectedRows: number;
	readonly rejects: readonly unknown[];
	readonly dialect: unknown;
	readonly text: string | null;
}

/** As threads read files of these names. */
const foldAnyTable = foldWithFallbacks(
	foldByReference,
	{
		columns: 'profile',
		texts: [],
		foldLines: foldLinesWith(null),
		foldColumns: async () => foldByReference,
		isStream: false,
	},
	'0.csv',
);

async function readByReference(bytes: Buffer): Promise<{told: Told; named: NamedState | null} | null> {
	const plain = bytes[0] === 0x1f ? (await import('node:zlib')).gunzipSync(bytes) : bytes;
	const read = (inForms: ReadSettings) =>
		foldAnyTable(bytesInPieces(plain, [65_536]), inForms, {report() {}, wait() {}});
	try {
		const {take, columnForms, undecidedCells, ...told} = await readInRightForms(settings, read, async () => {});
		const named = onlyOf(take(() => true, undecidedCells));
		const text = named === null ? null : layOutSafely(finishState(named.state), RESULT_INDENT);
		const compression = plain === bytes ? null : 'gzip';
		const dialect = {...withForms(told.dialect, columnForms), compression};
		return {told: {...told, dialect, text}, named};
	} catch {
		return null;
	}
}

function laidOut(result: ResultText): string {
	const text = result.laidOut();
	expect(result.onOneLine()).toBe(escapeActing(JSON.stringify(JSON.parse(text))));
	return text;
}

test('what is told of each file, and of all, is what the reference says', async () => {
	const all = new Consolidation();
	const allByReference = new Consolidation();
	const counts = {byKernel: 0, otherwise: 0};
	const folder = createTemporaryFolder();
	await fc.assert(
		fc.asyncProperty(fc.array(someFiles, {minLength: 1, maxLength: 3}), async runs => {
			const files = runs.flat();
			const replies = await readBatch(files.map((bytes, index) => folder.write(`${index}.csv`, bytes)));
			const told: Array<Told | null> = [];
			const [group, groupByReference] = [new Consolidation(), new Consolidation()];
			for (const {outcomes, merged, rows: allRows} of replies) {
				const reported = withResults(outcomes, allRows);
				for (let place = 0; place < reported.length; place++) {
					const outcome = reported.at(place);
					if (outcome?.type !== 'summed') {
						told.push(null);
						continue;
					}
					const {rows, rejectedRows, rejects, dialect, state} = outcome.file;
					counts[state === undefined ? 'otherwise' : 'byKernel']++;
					const text = outcome.row === null ? null : laidOut(outcome.row);
					told.push({rows, rejectedRows, rejects, dialect, text});
				}
				for (const partial of merged) for (const each of [all, group]) each.absorb(decodeState(partial));
			}
			const references: Array<Awaited<ReturnType<typeof readByReference>>> = [];
			for (const bytes of files) references.push(await readByReference(bytes));
			for (const reference of references) {
				if (reference?.named == null) continue;
				const {analysis, state} = reference.named;
				allByReference.absorb({analysis, state: copyOf(state)});
				groupByReference.absorb({analysis, state});
			}
			expect(told).toEqual(references.map(reference => reference?.told ?? null));
			expect(group.finish()).toEqual(groupByReference.finish());
			expect(all.finish()).toEqual(allByReference.finish());
		}),
		{numRuns: randomCases(30)},
	);
	// It is about both ways.
	expect(counts.byKernel).toBeGreaterThan(randomCases(10));
	expect(counts.otherwise).toBeGreaterThan(randomCases(10));
});

test('sums that need more than 64 bits with the decimals of another file are exact', async () => {
	const folder = createTemporaryFolder();
	const file = (...records: readonly string[]): string => header + records.map(record => `t,c,${record}\n`).join('');
	const large = file('950000000000000,2024-01-01,plus', '-950000000000000,2024-01-01,minus');
	const files = [file('1.5,2024-01-01,a'), file('0.000001,2024-01-01,a'), large, large];
	const replies = await readBatch(files.map((text, index) => folder.write(`${index}.csv`, text)));
	const all = new Consolidation();
	for (const {merged} of replies) for (const partial of merged) all.absorb(decodeState(partial));
	expect(all.finish().transactions?.categories).toEqual([
		{category: 'a', count: 2, amount: '1.500001'},
		{category: 'minus', count: 2, amount: '-1900000000000000.000000'},
		{category: 'plus', count: 2, amount: '1900000000000000.000000'},
	]);
});

test('sums that outgrow the kernel in one file are those of no other', async () => {
	const folder = createTemporaryFolder();
	const file = (...records: readonly string[]): string => header + records.map(record => `t,c,${record}\n`).join('');
	const usual = file('1.5,2024-01-01,a');
	// With the decimal of the last amount, the sum of those in front of it is more than the kernel multiplies.
	const many = Array.from({length: 200}, () => `${'9'.repeat(18)},2024-01-01,a`);
	const large = file(...many, '1.5,2024-01-01,b');
	const replies = await readBatch(
		[usual, usual, large, usual].map((text, index) => folder.write(`${index}.csv`, text)),
	);
	const all = new Consolidation();
	for (const {merged} of replies) for (const partial of merged) all.absorb(decodeState(partial));
	expect(all.finish().transactions?.categories).toEqual([
		{category: 'a', count: 203, amount: '199999999999999999804.5'},
		{category: 'b', count: 1, amount: '1.5'},
	]);
});

test('each group is read by its own settings', async () => {
	const folder = createTemporaryFolder();
	const text = `${header}t,c,oops,2024-01-01,a\nt,c,1,2024-01-01,a\nt,c,oops,2024-01-01,a\n`;
	const paths = [1, 2, 3].map(index => folder.write(`${index}.csv`, text));
	const typesWith = async (changes: Partial<ReadSettings>): Promise<string[]> => {
		const replies = await readBatch(paths, {...settings, ...changes});
		return replies.flatMap(({outcomes}) => Array.from(outcomes, ({type}) => type));
	};
	const [completed, failed] = [Array(3).fill('completed'), Array(3).fill('failed')];
	expect(await typesWith({maxErrors: null})).toEqual(completed);
	expect(await typesWith({maxErrors: 2})).toEqual(failed);
	expect(await typesWith({maxErrors: 3})).toEqual(completed);
	expect(await typesWith({maxErrorsPerMillion: 666_666})).toEqual(failed);
	expect(await typesWith({maxErrorsPerMillion: 666_667})).toEqual(completed);
	for (const [name, limit] of [
		['maxRecordBytes', header.length - 1],
		['maxFieldBytes', 14],
		['maxColumns', 5],
	] as const) {
		expect(await typesWith({limits: withDefaults({[name]: limit - 1})}), name).toEqual(failed);
		expect(await typesWith({limits: withDefaults({[name]: limit})}), name).toEqual(completed);
	}
});

test('a bound that a record behind the header breaks fails the file, and what was read of it is in no figure', async () => {
	const folder = createTemporaryFolder();
	const good = `${header}t,c,1,2024-01-01,a\n`;
	const texts = [good, `${good}t,c,1,2024-01-01,${'long '.repeat(20)}\n`, good];
	const paths = texts.map((text, index) => folder.write(`${index}.csv`, text));
	for (const limits of [{maxRecordBytes: 100}, {maxFieldBytes: 99}]) {
		const replies = await readBatch(paths, {...settings, limits: withDefaults(limits)});
		const outcomes = replies.flatMap(reply => [...reply.outcomes]);
		expect(outcomes.map(({type}) => type)).toEqual(['completed', 'failed', 'completed']);
		const all = new Consolidation();
		for (const {merged} of replies) for (const partial of merged) all.absorb(decodeState(partial));
		expect(all.finish().transactions?.total_transactions).toBe(2);
	}
});

test('files whose figures are unusual leave nothing behind in the kernel', () => {
	const kernel = new Kernel();
	const smallFiles = new SmallFileReader(kernel);
	const folder = createTemporaryFolder();
	const names = (file: number) =>
		Array.from({length: 150}, (_, index) => `group ${index} that is only in file ${file}`);
	const paths = Array.from({length: 60}, (_, file) => {
		const records = names(file).map(name => `t,a customer of file ${file} and of ${name},1.50,2024-01-01,${name}\n`);
		return folder.write(`${file}.csv`, header + records.join(''));
	});
	const memoryOf = (): number => kernel.input.bytes.length;
	const read = paths.map(path => {
		const small = smallFiles.read(path, settings);
		expect(small).not.toBeNull();
		return memoryOf();
	});
	expect(read.at(-1)).toBe(read[20]);
});
