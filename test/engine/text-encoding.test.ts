// Files that are not in UTF-8: two texts that differ in a file differ in its report, and what is the same text in two files is one.
import fc from 'fast-check';
import {afterAll, expect, test} from 'vitest';
import {
	addDistinct,
	countDistinct,
	createDistinct,
	distinctInUtf8,
	mergeDistinct,
} from '../../source/analysis/distinct.ts';
import {layoutOf} from '../../source/analysis/registry.ts';
import {stateOfFigures} from '../../source/analysis/state.ts';
import {bytesInUtf8, decodeBytes} from '../../source/analysis/text-encoding.ts';
import {runToEnd} from '../../source/analysis/turns.ts';
import {Consolidation, decodeState} from '../../source/engine/shared/consolidation.ts';
import {SmallFileReader} from '../../source/engine/worker/small/small-file.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import {bytesInPieces, type FoldName, foldBytes, folds} from '../helpers/fold-bytes.ts';
import {openPool} from '../helpers/open-pool.ts';
import {encodingByOracle} from '../helpers/oracle.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {table} from '../helpers/random-tables.ts';
import {readDefaults} from '../helpers/read-defaults.ts';
import {readSplit} from '../helpers/split-reading.ts';
import {takeState} from '../helpers/states.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const pool = openPool({threads: 2, onLog: () => {}});
afterAll(() => pool.close());

const settings = readDefaults;
const foldNames: readonly FoldName[] = ['kernel', 'reference'];
const header = 'customer_id,amount,date,category\n';
/** A category or an id for each record. */
const recordsOf = (names: readonly string[]): string => names.map(name => `${name},1.50,2024-01-01,${name}\n`).join('');
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

const fold = (name: FoldName, bytes: Uint8Array, pieces = [65_536]) =>
	folds[name](
		bytesInPieces(bytes, pieces),
		{...settings, chunkBytes: Math.max(...pieces), reader: name},
		{report() {}, wait() {}},
	);

test('each byte of Windows-1252 is another character, as browsers have it, and becomes UTF-8', () => {
	const bytes = Uint8Array.from({length: 256}, (_, byte) => byte);
	const text = decodeBytes(latin1(String.fromCharCode(...bytes)).toString('latin1'), 'windows-1252');
	expect(new Set(text).size).toBe(256);
	expect(text).toBe(new TextDecoder('windows-1252').decode(bytes));
	expect(Buffer.from(bytesInUtf8('M\xfcller \x80', 'windows-1252'), 'latin1').toString('utf8')).toBe('Müller €');
});

test.each(
	foldNames,
)('names that differ in one byte are two, and the report says how they were decoded: %s', async name => {
	const folded = await fold(name, latin1(header + recordsOf(['M\xfcller', 'M\xf6ller', 'M\xfcller', '\x80\x9d'])));
	expect(folded.dialect.encoding).toBe('windows-1252');
	const consolidation = new Consolidation();
	const named = takeState(folded);
	if (named !== null) consolidation.absorb(named);
	const {categories, unique_customers: customers} = consolidation.finish().transactions ?? {};
	expect(categories?.map(({category}) => category)).toEqual(['Müller', 'Möller', '€\u009d']);
	expect(customers).toEqual({value: 3, exact: true});
});

test.each(foldNames)('a byte in a column that is not needed, or in the header, is enough: %s', async name => {
	const columns = (note: string, value: string): Buffer =>
		latin1(`customer_id,amount,date,category,${note}\nC1,1,2024-01-01,Gr\xc3\xbc\xc3\x9fe,${value}\n`);
	expect((await fold(name, columns('note', 'x'))).dialect.encoding).toBe('utf-8');
	expect((await fold(name, columns('note', '\xe9'))).dialect.encoding).toBe('windows-1252');
	expect((await fold(name, columns('n\xf6te', 'x'))).dialect.encoding).toBe('windows-1252');
	expect((await fold(name, columns('\xc3\xa9', '\xc3\xa9'))).dialect.encoding).toBe('utf-8');
});

test('whatever the chunks are, a file is told to be in UTF-8 exactly where all of it is', async () => {
	const counts = {'utf-8': 0, 'windows-1252': 0};
	await fc.assert(
		fc.asyncProperty(
			table,
			fc.array(fc.integer({min: 1, max: 60}), {minLength: 1, maxLength: 4}),
			async (bytes, pieces) => {
				const expected = encodingByOracle(bytes);
				for (const name of foldNames) {
					// Quotes may stay open.
					const folded = await fold(name, bytes, pieces).catch(() => null);
					if (folded === null) continue;
					expect(folded.dialect.encoding).toBe(expected);
					counts[expected]++;
				}
			},
		),
		{numRuns: randomCases(100)},
	);
	expect(counts['utf-8']).toBeGreaterThan(randomCases(20));
	expect(counts['windows-1252']).toBeGreaterThan(randomCases(20));
});

test('a name in one encoding is the same name in the other, in any order of files and also where they are read in a group', async () => {
	const folder = createTemporaryFolder();
	const names = ['Müller', 'Möller', 'Ünal and others of a longer name', 'plain'];
	// What is told of one file must not be taken for told of another, where the same bytes are another text.
	const [trap, trapped] = ['Ã¼', 'ü'];
	const contents = [
		latin1(header + recordsOf([...names, trap])),
		Buffer.from(header + recordsOf([...names, trapped])),
		latin1(header + recordsOf(names)),
	];
	for (const order of [
		[0, 1, 2],
		[1, 0, 2],
		[2, 1, 0],
	]) {
		const paths = order.map(index => folder.write(`${index}.csv`, contents[index] ?? ''));
		const all = new Consolidation();
		const encodings: string[] = [];
		const fresh = openPool({threads: 1, onLog: () => {}});
		const group = await fresh.startGroup({
			choose: () => ({sources: paths.map(path => ({kind: 'file', path})), settings}),
			onStart() {},
			onReply({outcomes, merged}) {
				for (const outcome of outcomes) if (outcome.type === 'completed') encodings.push(outcome.dialect.encoding);
				for (const partial of merged) all.absorb(decodeState(partial));
			},
		});
		await group?.ended;
		await fresh.close();
		expect(encodings).toEqual(order.map(index => (index === 1 ? 'utf-8' : 'windows-1252')));
		const {categories, unique_customers: customers} = all.finish().transactions ?? {};
		expect(new Set(categories?.map(({category}) => category))).toEqual(new Set([...names, trap, trapped]));
		expect(customers).toEqual({value: names.length + 2, exact: true});
	}
});

test('one byte at the end of a large file decides how all of it is decoded, whichever threads read which ranges', async () => {
	const folder = createTemporaryFolder();
	const bad = 'C9,x\xc3\xa9,2024-01-01,food\n';
	const most = Array.from({length: 60}, (_, index) => `C${index},1,2024-01-01,caf\xc3\xa9 ${index % 3}\n`).join('');
	for (const [last, encoding, value, category] of [
		['', 'utf-8', 'xé', 'café 0'],
		['C9,1,2024-01-01,\xe9\n', 'windows-1252', 'xÃ©', 'cafÃ© 0'],
	] as const) {
		const bytes = latin1(header + bad + most + last);
		const path = folder.write('a.csv', bytes);
		const whole = await readSplit(pool, path, bytes.length);
		expect(whole).toMatchObject({dialect: {encoding}, rejects: [{value}]});
		expect((whole as {result: {categories: unknown[]}}).result.categories[0]).toMatchObject({category});
		for (let rangeBytes = 40; rangeBytes < 900; rangeBytes += 61) {
			expect(await readSplit(pool, path, bytes.length, {rangeBytes}), `${rangeBytes}`).toEqual(whole);
		}
	}
});

test('ids that are numbers behind a letter that is not ASCII are the ids of other files, too', async () => {
	const ids = Array.from({length: 3000}, (_, index) => `Ö${String(index).padStart(7, '0')}`);
	const all = new Consolidation();
	for (const encoding of ['latin1', 'utf8'] as const) {
		const named = takeState(await fold('kernel', Buffer.from(header + recordsOf(ids), encoding)));
		if (named !== null) all.absorb(named);
	}
	expect(all.finish().transactions).toMatchObject({
		total_transactions: 6000,
		unique_customers: {value: 3000, exact: true},
	});
});

test.each([
	{kind: 'short', idOf: (index: number) => `\xe9${index}`},
	{kind: 'long', idOf: (index: number) => `\xe9 of a value that is long ${index}`},
	{kind: 'plain', idOf: (index: number) => `C${index}`},
])('distinct values in Windows-1252 merge with those in UTF-8: $kind', ({idOf}) => {
	const [one, other] = [createDistinct(), createDistinct()];
	for (let index = 0; index < 500; index++) {
		addDistinct(one, idOf(index));
		addDistinct(other, bytesInUtf8(idOf(index + 250), 'windows-1252'));
	}
	const before = structuredClone(one);
	mergeDistinct(other, runToEnd(distinctInUtf8(one, 'windows-1252')));
	expect(countDistinct(other)).toEqual({value: 750, exact: true});
	expect(one).toEqual(before);
});

test('a small file in another encoding leaves the rows of those around it as they are', () => {
	const folder = createTemporaryFolder();
	const files = new SmallFileReader(new Kernel());
	const read = (name: string, bytes: Buffer) => files.read(folder.write(name, bytes), settings);
	expect(read('a.csv', Buffer.from(header + recordsOf(['Müller'])))).not.toBeNull();
	expect(read('b.csv', latin1(header + recordsOf(['Müller', 'b'])))).toBeNull();
	expect(read('c.csv', Buffer.from(header + recordsOf(['Müller'])))).not.toBeNull();
	const all = new Consolidation();
	for (const {figures} of files.takeRows())
		for (const each of figures)
			all.absorb({analysis: 'transactions', state: stateOfFigures(layoutOf('transactions'), each, 'utf-8')});
	expect(all.finish().transactions).toMatchObject({total_transactions: 2, unique_customers: {value: 1}});
});

test.each(foldNames)('what fails a file is told in the encoding of what is told: %s', async name => {
	const messageOf = async (value: string): Promise<string> => {
		const bytes = latin1(`${header}C1,${value},2024-01-01,food\n`);
		const source = bytesInPieces(bytes, [65_536]);
		const error = await folds[name](source, {...settings, maxErrors: 1}, {report() {}, wait() {}}).catch(
			(fault: Error) => fault,
		);
		return (error as Error).message;
	};
	expect(await messageOf('f\xfcnf')).toContain('found "fünf"');
	expect(await messageOf('f\xc3\xbcnf')).toContain('found "fünf"');
	const {rejects} = await foldBytes(latin1(`${header}C1,f\xfcnf,2024-01-01,food\n`), {fold: name});
	expect(rejects[0]?.value).toBe('fünf');
});
