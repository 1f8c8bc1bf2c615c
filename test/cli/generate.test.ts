import {createHash} from 'node:crypto';
import {existsSync} from 'node:fs';
import {mkdir, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import os from 'node:os';
import {join} from 'node:path';
import {parse} from 'csv-parse/sync';
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {type FilePlan, generateChunks} from '../../source/cli/commands/generate/chunks.ts';
import {
	formatFileName,
	type GenerateOptions,
	generateFiles,
	writeChunks,
} from '../../source/cli/commands/generate/generate.ts';
import {GenerateError} from '../../source/cli/commands/generate/generate-error.ts';
import {MAX_ROW_BYTES} from '../../source/cli/commands/generate/kind.ts';
import {type GenerateKind, KINDS} from '../../source/cli/commands/generate/kinds.ts';
import {Random} from '../../source/cli/commands/generate/random.ts';
import {RowBuffer} from '../../source/cli/commands/generate/row-buffer.ts';
import {startCommand} from '../helpers/command.ts';
import {generateBytes, splitRecords} from '../helpers/generated.ts';
import {PATIENT} from '../helpers/patient.ts';

let directory = '';
beforeEach(async () => {
	directory = await mkdtemp(join(os.tmpdir(), 'fileproc-generate-'));
});
afterEach(async () => {
	await rm(directory, {recursive: true, force: true});
});

const plan: GenerateOptions = {
	directory: '',
	fileCount: 1,
	rowsPerFile: 100,
	seed: 1,
	kind: 'transactions',
	malformedFraction: 0,
};
const kinds = Object.keys(KINDS) as readonly GenerateKind[];

const bytesOf = generateBytes;
const textOf = (changes: Partial<FilePlan> = {}): string => bytesOf(changes).toString();
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('the bytes of a file', () => {
	test.each([
		['transactions', 0, 'ac2b8dadcd41f5fa1f33e720ae26cbf9779a7cf9fc5352303f0683233f6c4f4f'],
		['transactions', 0.2, '5c69f7dd8e7016ffa8aefb14f6815a0d4b6f8fcec4783064392205c17707d21e'],
		['sales', 0, '993ba9652ba6d431824181b70a2aca7ce7f3dd5f547d31e0a7805d708d543c04'],
		['activity', 0, '5291813249f8702c1e53826671c32e46de78f3bd75bfe4f67f6ef3bf1d847a90'],
		['wide', 0, '2359889c7e049b5c6f56719c853ad5fed30419b23a7000658acc01e4173e98e7'],
		['wide', 0.2, '821878ab2651d7cdaa16a6def16e31390e2c0f8f97af2d907f24047e4a354722'],
		['dirty', 0, '5f205492fdff376b78ea11d53577fe9783cf2c06c31655f83128ddb9b5be1f48'],
		['dirty', 0.2, '0372ea5ebefba4f25a1e4f745b1acea98d041bc88a9c269c41d7a8cdf83805c7'],
	] as const)('never change: %s with %d malformed', (kind, malformedFraction, hash) => {
		expect(sha256(bytesOf({kind, malformedFraction, rowsPerFile: 1000}))).toBe(hash);
	});

	test.each([
		[0, 0, 'a4baddee84be163325fda2d7bee7c377692af227939f4a9481f241a9a53f61c6'],
		[1, 0, 'd0eb0e420728bf36e074c23ef5d4d1296d624c111176cf8d3ff7a74f1cb51105'],
		[2, 0, '7f538250cb132d03dadb0d67ba2101564fa40973598e47d1fe66c3d86ef758dd'],
		[0, 0.2, '9d53f57c3ff10993ebea12e79f91cccac728d2a8c704f990bb9fdbd40e15ba06'],
		[1, 0.2, '02725a86951ded964a47300f969439d4fe21a90e95779a87d6cb2508c1d72474'],
		[2, 0.2, '5ba975b08180eeea8dd4e6b214986b122e95c1c01b3f64a0e2e5036eb21cf61d'],
	])('never change: file %i of logs with %d malformed', (index, malformedFraction, hash) => {
		expect(sha256(bytesOf({kind: 'logs', index, malformedFraction, rowsPerFile: 1000}))).toBe(hash);
	});

	test.each([1, 2, 3, 4, 5])('are those of the fixture transactions_00%i.csv', async number => {
		const fixture = await readFile(
			new URL(`../../fixtures/transactions/transactions_00${number}.csv`, import.meta.url),
		);
		const rowsPerFile = [10, 50, 100, 250, 1000][number - 1] ?? 0;
		expect(bytesOf({index: number - 1, rowsPerFile}).equals(fixture)).toBe(true);
	});

	test('differ from seed to seed, also beyond 32 bits, and from file to file', () => {
		const files = [{seed: 1}, {seed: 2}, {seed: 2 ** 32 + 1}, {seed: 2 ** 53 - 1}, {index: 1}, {index: 2}];
		expect(new Set(files.map(changes => textOf(changes).split('\n')[1]?.slice(12))).size).toBe(files.length);
	});

	test.each(kinds)('no record of %s is longer than the room reserved for it', kind => {
		const {createRowWriter, breakRecord} = KINDS[kind];
		const random = new Random(5);
		for (const index of [0, 1, 2]) {
			const writeRow = createRowWriter(random, index, 10_000);
			const buffer = new RowBuffer(2 * MAX_ROW_BYTES);
			for (let row = 0; row < 10_000; row++) {
				buffer.position = 0;
				writeRow(buffer);
				const record = buffer.readText(0, buffer.position - 1);
				expect(record.length).toBeLessThan(MAX_ROW_BYTES / 2);
				expect(breakRecord(record, random).length).toBeLessThan(MAX_ROW_BYTES / 2);
			}
		}
	});
});

describe('records', () => {
	test.each([
		['transactions', 'transaction_id,customer_id,amount,date,category'],
		['sales', 'order_id,department,product,quantity,unit_price,date'],
		['activity', 'timestamp,user_id,action,duration_ms'],
	] as const)('of %s have the columns of their header', (kind, header) => {
		const [names, ...records]: string[][] = parse(textOf({kind, rowsPerFile: 500}), {relax_column_count: true});
		expect(names?.join(',')).toBe(header);
		expect(records).toHaveLength(500);
		for (const record of records) expect(record).toHaveLength(names?.length ?? 0);
	});

	test('of transactions are good: ids without gaps, real dates, amounts with two decimals', () => {
		const records: Record<string, string>[] = parse(textOf({rowsPerFile: 5000, index: 2}), {columns: true});
		expect(records.map(record => Number(record.transaction_id?.slice(1)))).toEqual(
			Array.from({length: 5000}, (_, row) => 10_001 + row),
		);
		for (const {amount = '', date = '', customer_id = ''} of records) {
			expect(amount).toMatch(/^-?(?:0|[1-9]\d*)\.\d\d$/);
			expect(new Date(date).toISOString().slice(0, 10)).toBe(date);
			expect(customer_id).toMatch(/^C\d{6}$/);
		}
	});

	test('of transactions look like the real thing: skewed categories, a few refunds, about 48 bytes', () => {
		const bytes = bytesOf({rowsPerFile: 20_000});
		const records: Record<string, string>[] = parse(bytes, {columns: true});
		const counts = new Map<string, number>();
		for (const {category = ''} of records) counts.set(category, (counts.get(category) ?? 0) + 1);
		const sorted = [...counts.values()].sort((left, right) => right - left);
		expect(sorted).toHaveLength(16);
		expect((sorted[0] ?? 0) / (sorted.at(-1) ?? 1)).toBeGreaterThan(10);
		const refunds = records.filter(({amount}) => amount?.startsWith('-')).length;
		expect(refunds).toBeGreaterThan(400);
		expect(refunds).toBeLessThan(1000);
		expect(bytes.length / 20_000).toBeGreaterThan(45);
		expect(bytes.length / 20_000).toBeLessThan(51);
		expect(bytes.includes('"home, garden"')).toBe(true);
	});

	test('of activity have increasing times, over midnight too', () => {
		const records: Record<string, string>[] = parse(textOf({kind: 'activity', rowsPerFile: 100_000}), {columns: true});
		const times = records.map(({timestamp = ''}) => Date.parse(timestamp));
		expect(times.every((time, row) => time >= (times[row - 1] ?? 0))).toBe(true);
		expect(records.at(-1)?.timestamp).toMatch(/^2022-01-02T/);
	});
});

describe('malformed records', () => {
	const isBroken = (line: string, good: string | undefined): boolean => line !== good;

	test.each([
		[0, 0],
		[0.001, 2],
		[0.05, 100],
		[0.3333, 667],
		[1, 2000],
	])('a fraction of %d of 2000 is %i records, the others stay unchanged', (malformedFraction, expected) => {
		let told = 0;
		const good = textOf({rowsPerFile: 2000}).split('\n');
		const lines = textOf({rowsPerFile: 2000, malformedFraction, onMalformed: () => told++}).split('\n');
		expect(lines).toHaveLength(good.length);
		expect(lines.filter((line, index) => isBroken(line, good[index]))).toHaveLength(expected);
		expect(told).toBe(expected);
	});

	test('are spread over the whole file', () => {
		const good = textOf({rowsPerFile: 2000}).split('\n');
		const lines = textOf({rowsPerFile: 2000, malformedFraction: 0.05}).split('\n');
		const places = lines.flatMap((line, index) => (isBroken(line, good[index]) ? [index] : []));
		for (const quarter of [0, 1, 2, 3]) {
			expect(places.filter(place => Math.floor((place - 1) / 500) === quarter).length).toBeGreaterThan(10);
		}
	});

	test('are malformed in each of the ways a reader must reject, and never by an open quote', () => {
		const lines = textOf({rowsPerFile: 2000, malformedFraction: 1}).split('\n').slice(1, -1);
		const isDate = (text: string): boolean =>
			/^\d{4}-\d\d-\d\d$/.test(text) &&
			!Number.isNaN(Date.parse(text)) &&
			new Date(text).toISOString().startsWith(text);
		const reasons = new Map<string, number>();
		for (const line of lines) {
			expect((line.match(/"/g) ?? []).length % 2, line).toBe(0);
			const fields = line.match(/(?<=^|,)(?:"(?:[^"]|"")*"[^,]*|[^",]*)(?=,|$)/g) ?? [];
			const [, , amount = '', date = ''] = fields;
			const reason =
				fields.length !== 5
					? `field-count ${fields.length}`
					: fields.some(field => /^".*"[^"]+$/.test(field))
						? 'quote'
						: amount === ''
							? 'missing amount'
							: !/^-?\d+\.\d\d$/.test(amount)
								? 'not-a-number'
								: date === ''
									? 'missing date'
									: isDate(date)
										? 'good'
										: 'not-a-date';
			reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
		}
		expect([...reasons.keys()].sort()).toEqual([
			'field-count 4',
			'field-count 6',
			'missing amount',
			'missing date',
			'not-a-date',
			'not-a-number',
			'quote',
		]);
		for (const count of reasons.values()) expect(count).toBeGreaterThan(200);
	});

	test.each(kinds.filter(kind => KINDS[kind].extension === 'csv'))('of %s never have an open quote', kind => {
		expect(splitRecords(textOf({kind, rowsPerFile: 3000, malformedFraction: 1}))).toHaveLength(3000);
	});
});

describe('writing', () => {
	test('names files by number, reports each, and sums them up', async () => {
		const told: string[] = [];
		const target = join(directory, 'new', 'folder');
		const summary = await generateFiles({
			...plan,
			directory: target,
			fileCount: 3,
			malformedFraction: 0.1,
			onFile: ({path, index, rowCount, malformedCount}) => told.push(`${path} ${index} ${rowCount} ${malformedCount}`),
		});
		const names = ['transactions_001.csv', 'transactions_002.csv', 'transactions_003.csv'];
		expect((await readdir(target)).sort()).toEqual(names);
		expect(told).toEqual(names.map((name, index) => `${join(target, name)} ${index} 100 10`));
		const contents = await Promise.all(names.map(name => readFile(join(target, name))));
		expect(summary).toEqual({
			fileCount: 3,
			rowCount: 300,
			malformedCount: 30,
			bytesWritten: contents.reduce((sum, content) => sum + content.length, 0),
		});
		expect(contents.map(sha256)).toEqual([0, 1, 2].map(index => sha256(bytesOf({index, malformedFraction: 0.1}))));
	});

	test('file k does not depend on the number of files', async () => {
		await generateFiles({...plan, directory: join(directory, 'two'), fileCount: 2});
		await generateFiles({...plan, directory: join(directory, 'four'), fileCount: 4});
		for (const name of ['transactions_001.csv', 'transactions_002.csv']) {
			const [few, many] = await Promise.all(['two', 'four'].map(folder => readFile(join(directory, folder, name))));
			expect(few).toEqual(many);
		}
	});

	test('the number gets wider with the count, and logs are text files', () => {
		expect(formatFileName('sales', 0, 999)).toBe('sales_001.csv');
		expect(formatFileName('sales', 0, 1000)).toBe('sales_0001.csv');
		expect(formatFileName('sales', 99_999, 100_000)).toBe('sales_100000.csv');
		expect(formatFileName('logs', 2, 3)).toBe('logs_003.log');
	});

	test('overwrites no existing file: not one file is written, and all existing ones are reported', async () => {
		for (const number of [2, 3]) await writeFile(join(directory, `transactions_00${number}.csv`), 'old');
		const error = await generateFiles({...plan, directory, fileCount: 3}).catch(thrown => thrown);
		expect(error).toBeInstanceOf(GenerateError);
		expect(error.code).toBe('EEXIST');
		expect(error.message).toBe(
			`2 of these files exist already: ${join(directory, 'transactions_002.csv')} and 1 more. --force replaces them`,
		);
		expect(await readdir(directory)).toEqual(['transactions_002.csv', 'transactions_003.csv']);
		expect(await readFile(join(directory, 'transactions_002.csv'), 'utf8')).toBe('old');
	});

	test('replaces a file of the same name with --force, and leaves others alone', async () => {
		await writeFile(join(directory, 'transactions_001.csv'), 'old');
		await writeFile(join(directory, 'mine.csv'), 'mine');
		await generateFiles({...plan, directory, isForced: true});
		expect(await readFile(join(directory, 'transactions_001.csv'))).toEqual(bytesOf());
		expect(await readFile(join(directory, 'mine.csv'), 'utf8')).toBe('mine');
	});

	test.runIf(existsSync('/proc/self'))('where no folder can be made, it fails instead of trying forever', async () => {
		const error = await generateFiles({...plan, directory: '/proc/x/y'}).catch(thrown => thrown);
		expect(error).toBeInstanceOf(GenerateError);
		expect(error.message).toBe('Cannot write /proc/x/y: no folder can be made there (ENOENT)');
	});

	test('a second signal leaves no incomplete file behind', async () => {
		const words = ['generate', directory, '--rows', '1000000000'];
		const command = startCommand(words);
		const hasBegun = async (): Promise<void> => expect(await readdir(directory)).toHaveLength(1);
		await vi.waitFor(hasBegun, PATIENT);
		expect(await readdir(directory)).toEqual([expect.stringMatching(/^\.fileproc-.+\.tmp$/)]);
		command.kill('SIGTERM');
		command.kill('SIGTERM');
		expect((await command.ended).code).toBe(143);
		expect(await readdir(directory)).toEqual([]);
	});

	test('no records is a header only', async () => {
		await generateFiles({...plan, directory, rowsPerFile: 0});
		expect(await readFile(join(directory, 'transactions_001.csv'), 'utf8')).toBe(
			'transaction_id,customer_id,amount,date,category\n',
		);
	});

	test('a folder that cannot be made is reported with its path and the reason', async () => {
		await writeFile(join(directory, 'file'), '');
		const error = await generateFiles({...plan, directory: join(directory, 'file', 'x')}).catch(thrown => thrown);
		expect(error).toBeInstanceOf(GenerateError);
		expect(error.code).toBe('ENOTDIR');
		expect(error.message).toBe(
			`Cannot write ${join(directory, 'file', 'x')}: a part of the path is a file, not a folder (ENOTDIR)`,
		);
	});

	test('a file that cannot be put in place leaves no temporary one behind', async () => {
		await mkdir(join(directory, 'transactions_001.csv', 'x'), {recursive: true});
		await expect(generateFiles({...plan, directory, isForced: true})).rejects.toBeInstanceOf(GenerateError);
		expect(await readdir(directory)).toEqual(['transactions_001.csv']);
	});

	test('stops on request: finished files stay, the unfinished one is removed', async () => {
		const controller = new AbortController();
		const options = {...plan, directory, fileCount: 5, signal: controller.signal};
		const promise = generateFiles({...options, onFile: () => controller.abort(new Error('enough'))});
		await expect(promise).rejects.toThrow('enough');
		expect(await readdir(directory)).toEqual(['transactions_001.csv']);
	});

	test('stops in the middle of a file as well', async () => {
		const controller = new AbortController();
		const promise = generateFiles({...plan, directory, rowsPerFile: 500_000_000, signal: controller.signal});
		setImmediate(() => controller.abort(new Error('enough')));
		await expect(promise).rejects.toThrow('enough');
		expect(await readdir(directory)).toEqual([]);
	});
});

describe('memory', () => {
	test('the first chunk of ten gigabytes comes at once, and every chunk is a view of the same megabyte', () => {
		const chunks = generateChunks({...plan, index: 0, rowsPerFile: 220_000_000});
		const seen = new Set<ArrayBufferLike>();
		for (let count = 0; count < 3; count++) {
			const {value} = chunks.next();
			if (value === undefined) throw new Error('Expected a chunk');
			expect(value.length).toBeGreaterThan(1024 * 1024 - 1024);
			expect(value.length).toBeLessThanOrEqual(1024 * 1024);
			seen.add(value.buffer);
		}
		expect(seen.size).toBe(1);
	});

	test('the next chunk is not made before the last one is written', async () => {
		const log: string[] = [];
		function* chunks(): Generator<Uint8Array> {
			for (const number of [1, 2, 3]) {
				log.push(`made ${number}`);
				yield new Uint8Array(number);
			}
		}
		const bytesWritten = await writeChunks(chunks(), async chunk => {
			await new Promise(resolve => setImmediate(resolve));
			log.push(`written ${chunk.length}`);
		});
		expect(log).toEqual(['made 1', 'written 1', 'made 2', 'written 2', 'made 3', 'written 3']);
		expect(bytesWritten).toBe(6);
	});
});

describe('the parts', () => {
	test('the generator agrees with a second one in BigInt, straight from the published C', () => {
		const mask = 0xffff_ffffn;
		const rotate = (word: bigint, bits: bigint) => ((word << bits) | (word >> (32n - bits))) & mask;
		const scramble = (word: bigint): bigint => {
			let hash = ((word ^ (word >> 16n)) * 0x85ebca6bn) & mask;
			hash = ((hash ^ (hash >> 13n)) * 0xc2b2ae35n) & mask;
			return hash ^ (hash >> 16n);
		};
		let hash = 0n;
		const [s0, s1, s2, s3] = [1n, 0n, 7n, 2n, 0n, 1n, 2n, 3n]
			.map(word => {
				hash = scramble(((hash + 0x9e3779b9n) & mask) ^ word);
				return hash;
			})
			.slice(4);
		const state = [s0 ?? 0n, s1 ?? 0n, s2 ?? 0n, (s3 ?? 0n) | 1n] as [bigint, bigint, bigint, bigint];
		const next = (): bigint => {
			const result = (rotate((state[1] * 5n) & mask, 7n) * 9n) & mask;
			const shifted = (state[1] << 9n) & mask;
			state[2] ^= state[0];
			state[3] ^= state[1];
			state[1] ^= state[2];
			state[0] ^= state[3];
			state[2] ^= shifted;
			state[3] = rotate(state[3], 11n);
			return result;
		};
		const random = new Random(1, 7 + 2 * 2 ** 32);
		for (let count = 0; count < 1000; count++) expect(random.next()).toBe(Number(next()));
	});

	test('pick() picks each item equally often', () => {
		const random = new Random(7);
		const picks = Array.from({length: 30_000}, () => random.pick(['a', 'b', 'c']));
		for (const item of ['a', 'b', 'c']) {
			expect(Math.abs(picks.filter(pick => pick === item).length - 10_000)).toBeLessThan(400);
		}
	});

	test('below() stays below, reaches both ends and is unbiased', () => {
		const random = new Random(7);
		const counts = new Array(10).fill(0);
		for (let count = 0; count < 100_000; count++) counts[random.below(10)]++;
		for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
		expect(counts).toHaveLength(10);
	});

	test.each([
		0,
		9,
		10,
		99,
		2_147_483_647,
		2_147_483_648,
		4_294_967_296,
		999_999_999_999,
		Number.MAX_SAFE_INTEGER,
	])('%i is written as its digits', value => {
		const buffer = new RowBuffer(64);
		buffer.writeInteger(value, 3);
		expect(new TextDecoder().decode(buffer.bytes.subarray(0, buffer.position))).toBe(String(value).padStart(3, '0'));
	});

	test('cents have two decimals', () => {
		const buffer = new RowBuffer(64);
		for (const cents of [0, 5, 99, 100, 123_456]) {
			buffer.writeCents(cents);
			buffer.writeByte(0x20);
		}
		expect(new TextDecoder().decode(buffer.bytes.subarray(0, buffer.position))).toBe('0.00 0.05 0.99 1.00 1234.56 ');
	});
});
