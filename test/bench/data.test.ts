import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {generateFiles} from '../../source/cli/commands/generate/generate.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';
import {type FilePlan, generate, headerOf} from './data/generate.ts';
import {KINDS, plainRows, type RowShape, scaleKind} from './data/kinds.ts';
import {createParts} from './data/parts.ts';

const planOf = (shape: RowShape, bytes: number, seed = 1): FilePlan => ({
	shape,
	parts: createParts(shape),
	seed,
	number: 0,
	bytes,
});

/** A chunk is gone when the next one comes. */
const textOf = (plan: FilePlan): string =>
	Array.from(generate(plan), chunk => Buffer.from(chunk).toString('utf8')).join('');

test('the same seed gives the same data, another one other data', () => {
	const text = textOf(planOf(plainRows, 20_000));
	expect(textOf(planOf(plainRows, 20_000))).toBe(text);
	expect(textOf(planOf(plainRows, 20_000, 2))).not.toBe(text);
});

test('a smaller file is a beginning of a larger one', () => {
	expect(textOf(planOf(plainRows, 50_000)).startsWith(textOf(planOf(plainRows, 20_000)))).toBe(true);
});

const shapes = KINDS.filter(({question, rows}) => question === 'transactions' && rows.customers < 1_000_000).map(
	({name, rows}) => [name, rows] as const,
);

test.for(shapes)('a file of %s is as large as asked for, and ends with a whole record', ([, shape]) => {
	const text = textOf(planOf(shape, 30_000));
	expect(Buffer.byteLength(text)).toBeLessThanOrEqual(30_000);
	expect(Buffer.byteLength(text)).toBeGreaterThan(30_000 - 256);
	expect(text.startsWith(headerOf(shape))).toBe(true);
	expect(text.endsWith(shape.newline)).toBe(true);
	expect((text.match(/"/g)?.length ?? 0) % 2).toBe(0);
});

test('plain records are as described', () => {
	const [, ...records] = textOf(planOf(plainRows, 200_000)).trimEnd().split('\n');
	for (const record of records) {
		expect(record).toMatch(/^T\d{10},C00\d{5},-?[1-9]\d{0,3}\.\d\d,202[2-5]-\d\d-\d\d,[a-z]+$/);
	}
	expect(new Set(records.map(record => record.split(',')[4])).size).toBe(16);
	expect(records.some(record => record.includes(',-'))).toBe(true);
});

test('quoted records have delimiters, quotes and newlines inside', () => {
	const text = textOf(planOf({...plainRows, isQuoted: true}, 30_000));
	for (const awkward of ['"home, garden"', '"books ""second hand"""', '"music\nand video"', '""",\n"']) {
		expect(text).toContain(awkward);
	}
});

test('fewer sales are a beginning of more', async () => {
	const folder = createTemporaryFolder();
	const texts: string[] = [];
	for (const rows of [200, 300]) {
		const directory = folder.at(String(rows));
		await generateFiles({directory, kind: 'sales', fileCount: 1, rowsPerFile: rows, seed: 7, malformedFraction: 0});
		texts.push(readFileSync(join(directory, 'sales_001.csv'), 'utf8'));
	}
	expect(texts[1]?.startsWith(texts[0] ?? 'nothing')).toBe(true);
});

test('scaling keeps small files small', () => {
	const [plain, tiny] = ['plain', 'tiny'].map(name => KINDS.find(kind => kind.name === name));
	expect(plain && scaleKind(plain, 0.5)).toMatchObject({files: 8, bytesPerFile: 64_000_000});
	expect(tiny && scaleKind(tiny, 0.5)).toMatchObject({files: 2500, bytesPerFile: 20_000});
});
