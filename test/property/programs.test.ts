// Programs of any analyses over any tables: the kernel gives what the reference gives, in every figure and every reject, whatever the
// pieces in which it is given the bytes, and whatever it has read before.
import {expect, test} from 'vitest';
import type {AnyRecord} from '../../source/analysis/declaration.ts';
import type {AnalysisProgram, ComputedProgram, Lane, Program} from '../../source/analysis/program.ts';
import {PhysicalLines} from '../../source/input/physical-lines.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import type {KernelSpec} from '../../source/kernel/spec.ts';
import {comparable, readProgramByReference} from '../helpers/figures-of-programs.ts';
import {specBounds} from '../helpers/kernel-specs.ts';
import {Dice} from '../helpers/large-tables.ts';
import {randomSeeds} from '../helpers/random-cases.ts';
import {type ProgramTable, programTable} from '../helpers/random-programs.ts';

const specOf = (
	{program, delimiter, quote, columnCount, header}: ProgramTable,
	more: Partial<KernelSpec> = {},
): KernelSpec => ({
	...{program, delimiter, quote, columnCount, header},
	...specBounds,
	...more,
});

/** Gives a kernel all bytes, in pieces of random sizes and with random stops. Returns what ended it. */
function readInPieces(kernel: Kernel, spec: KernelSpec, bytes: Uint8Array, dice: Dice): string {
	const {input} = kernel;
	input.begin(0);
	kernel.begin(spec, 1);
	let read = 0;
	for (;;) {
		const piece = bytes.subarray(read, read + 1 + dice.roll(dice.pick([100, 5000, 70_000, 200_000])));
		input.space(piece.length).set(piece);
		input.extend(piece.length);
		read += piece.length;
		const isLast = read === bytes.length;
		if (dice.isOneIn(3)) {
			const stopped = kernel.consume(isLast, dice.roll(bytes.length));
			if (stopped !== 'needs-more' && stopped !== 'reached-stop') return stopped;
		}
		const outcome = kernel.consume(isLast);
		if (outcome !== 'needs-more' || isLast) return outcome;
	}
}

function countLines(bytes: Uint8Array): number {
	const lines = new PhysicalLines();
	void lines.watch({read: target => target.length}).read(bytes);
	return lines.count;
}

const used = new Kernel();

test.each([
	{tables: 70, mostRecords: 60},
	{tables: 25, mostRecords: 700},
	{tables: 4, mostRecords: 5000},
])('$tables programs over up to $mostRecords records', async ({tables, mostRecords}) => {
	for (const seed of randomSeeds(tables)) {
		const dice = new Dice(seed);
		const table = programTable(dice, mostRecords);
		const bytes = Buffer.concat(table.records);
		const maxRejects = dice.pick([1, 20, 1_000_000]);
		const expected = await readProgramByReference(table, table.records);
		const kernel = dice.isOneIn(4) ? new Kernel() : used;
		expect(
			readInPieces(kernel, specOf(table, {maxRejects: Math.min(maxRejects, 20_000)}), bytes, dice),
			`seed ${seed}`,
		).toBe('needs-more');
		expect(kernel.rows, `seed ${seed}`).toBe(expected.rows);
		expect(kernel.readFigures()[0]?.lines, `seed ${seed}`).toBe(countLines(bytes));
		expect(kernel.filteredRows, `seed ${seed}`).toBe(expected.filteredRows);
		expect(comparable(table.program, kernel.readFigures()), `seed ${seed}`).toEqual(
			comparable(table.program, expected.figures),
		);
		const rejected = new Set(expected.faults.map(({byteOffset}) => byteOffset)).size;
		expect(kernel.rejectedRows, `seed ${seed}`).toBe(rejected);
		const rejects = kernel.readRejects();
		for (let analysis = -1; analysis < table.program.analyses.length; analysis++) {
			const faults = expected.faults.filter(fault => fault.analysis === analysis);
			const kept = rejects.filter(reject => reject.analysis === analysis);
			expect(kept, `seed ${seed}`).toMatchObject(faults.slice(0, maxRejects));
			if (analysis === -1) continue;
			expect(kernel.filteredRowsOf(analysis), `seed ${seed}`).toBe(expected.filteredRowsOf[analysis]);
			const all = expected.faults.filter(fault => fault.analysis === analysis || fault.analysis === -1);
			expect(kernel.rejectedRowsOf(analysis), `seed ${seed}`).toBe(all.length);
		}
	}
});

test('a limit of rejected records counts each once, and its record is the last one of the log', async () => {
	for (const seed of randomSeeds(80)) {
		const dice = new Dice(seed);
		const table = programTable(dice, 300);
		const {faults} = await readProgramByReference(table, table.records);
		const offsets = [...new Set(faults.map(({byteOffset}) => byteOffset))];
		if (offsets.length === 0) continue;
		const rejectLimit = 1 + dice.roll(offsets.length + 1);
		const spec = specOf(table, {rejectLimit, maxRejects: dice.pick([1, 2, 20])});
		const outcome = readInPieces(used, spec, Buffer.concat(table.records), dice);
		if (rejectLimit > offsets.length) expect(outcome, `seed ${seed}`).toBe('needs-more');
		else {
			expect(outcome, `seed ${seed}`).toBe('too-many-rejects');
			expect(used.rejectedRows, `seed ${seed}`).toBe(rejectLimit);
			expect(used.readRejects().at(-1)?.byteOffset, `seed ${seed}`).toBe(offsets[rejectLimit - 1]);
		}
	}
});

/** A program of one analysis over columns of one kind. */
const programOf = (lanes: readonly Lane[], analysis: Partial<AnalysisProgram>): Program => ({
	lanes,
	analyses: [{...{name: 'any', digest: '', required: [], sums: [], ranges: [], sets: [], tables: []}, ...analysis}],
});

async function expectSame(program: Program, columnCount: number, text: string, kernel = used): Promise<void> {
	const table = {program, columnCount, delimiter: ',', quote: '"' as const, records: [Buffer.from(text)]};
	const expected = await readProgramByReference(table, table.records);
	expect(readInPieces(kernel, specOf(table), Buffer.from(text), new Dice(1))).toBe('needs-more');
	expect(comparable(program, kernel.readFigures())).toEqual(comparable(program, expected.figures));
}

test('keys of two parts of any length', async () => {
	const [first, second] = [0, 1].map((column): Lane => ({kind: 'text', column, isOptional: false}));
	const parts = ['', 'a', 'b'.repeat(20), 'c'.repeat(5000), 'd'.repeat(70_000)];
	const records = parts.flatMap(one => parts.map(other => `${one},${other}\n`));
	const keys = [0, 1].map(lane => ({lane, part: 'text' as const}));
	const tables = [{keys, sums: [], maxGroups: 1000, maxKeyBytes: 2 ** 30}];
	await expectSame(
		programOf(
			[first, second].filter(lane => lane !== undefined),
			{tables},
		),
		2,
		records.join(''),
	);
});

test('functions for whose texts the memory of the kernel grows', async () => {
	const places = [2, 3, 4, 5, 6, 7, 8, 9];
	const lanes: Lane[] = [
		{kind: 'number', column: 0, isOptional: false},
		{kind: 'computed', is: 'number', decimals: 0, of: 'any.number'},
		...places.map((place): Lane => ({kind: 'computed', is: 'text', decimals: 0, of: `any.text${place}`})),
	];
	const long = 'y'.repeat(1_000_000);
	const computed: ComputedProgram[] = [
		...places.map(
			(lane): ComputedProgram => ({path: 'text', lane, is: 'text', decimals: 0, js: ({amount}) => `${long}${amount}`}),
		),
		{path: 'number', lane: 1, is: 'number', decimals: 0, js: ({amount}) => Number(amount)},
	];
	const program = programOf(lanes, {
		required: [0],
		sums: [{lane: 1, isCounted: false}],
		sets: places.map(lane => ({lane, maxValues: 1000, maxValueBytes: 2 ** 27})),
		functions: {inputs: [{name: 'amount', lane: 0}], where: undefined, accept: undefined, computed},
	});
	const text = '1\n2\n3\n4\n';
	const table = {program, columnCount: 1, delimiter: ',', quote: '"' as const, records: [Buffer.from(text)]};
	const expected = await readProgramByReference(table, table.records);
	// One that has no memory of others.
	const kernel = new Kernel();
	expect(readInPieces(kernel, specOf(table), Buffer.from(text), new Dice(1))).toBe('needs-more');
	expect(comparable(program, kernel.readFigures())).toEqual(comparable(program, expected.figures));
});

test('memory that grows while functions run loses nothing of what they are given and compute', async () => {
	const lanes: Lane[] = [
		{kind: 'text', column: 0, isOptional: false},
		{kind: 'number', column: 1, isOptional: false},
		{kind: 'computed', is: 'number', decimals: 0, of: 'any.length'},
		{kind: 'computed', is: 'date', decimals: 0, of: 'any.day'},
	];
	const inputs = [0, 1].map(lane => ({name: `lane${lane}`, lane}));
	const functions = {
		inputs,
		where: (record: AnyRecord) => String(record.lane0).length % 3 > 0 && record.lane1 !== null,
		accept: (record: AnyRecord) => String(record.lane0).length % 7 > 0 || 'seven',
		computed: [
			{
				...({path: 'derive.length', lane: 2, is: 'number', decimals: 0} as const),
				js: (record: AnyRecord) => String(record.lane0).length + Number(record.lane1),
			},
			{
				...({path: 'derive.day', lane: 3, is: 'date', decimals: 0} as const),
				js: (record: AnyRecord) => `2024-01-${10 + (String(record.lane0).length % 20)}`,
			},
		],
	};
	const program = programOf(lanes, {
		...{required: [1], sums: [{lane: 2, isCounted: true}], ranges: [3], functions},
		tables: [{keys: [{lane: 3, part: 'day'}], sums: [], maxGroups: 100, maxKeyBytes: 10_000}],
	});
	const kernel = new Kernel();
	kernel.input.begin(0);
	// No room is left but in the last page, and a field without its doubled quotes is copied to a larger block each time.
	kernel.input.space(4_000_000);
	const records = [1000, 5000, 10_000, 20_000].flatMap(bytes =>
		Array.from({length: 40}, (_, index) => `"${'x'.repeat(index === 25 ? bytes : index)}"" "",",${index}\n`),
	);
	await expectSame(program, 2, records.join(''), kernel);
});

test('products whose factors have more decimals together than units can have', async () => {
	const lanes: Lane[] = [
		{kind: 'number', column: 0, isOptional: false},
		{kind: 'number', column: 1, isOptional: false},
		{kind: 'product', factors: [0, 1], isOptional: false},
	];
	const sums = [{lane: 2, isCounted: false}];
	const usual = '0.000000012,0.000000003\n';
	const records = `${usual.repeat(20)}0.0000000012,0.000000003\n${usual.repeat(2000)}`;
	await expectSame(programOf(lanes, {required: [0, 1, 2], sums}), 2, records);
});

test('a sign alone is no number that may be missing, in a difference', async () => {
	const lanes: Lane[] = [
		{kind: 'number', column: 0, isOptional: true},
		{kind: 'number', column: 1, isOptional: true},
		{kind: 'difference', parts: [0, 1], isOptional: false},
	];
	const program = programOf(lanes, {required: [2], sums: [{lane: 2, isCounted: false}]});
	for (const sign of ['-', '"-"', '+', '""', '- ']) await expectSame(program, 2, `2,1\n3,${sign}\n${sign},4\n`);
	expect(used.rejectedRows).toBe(2);
});
