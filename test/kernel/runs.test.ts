// Records are read in runs, a column after the other, unless one of them needs all the rules: that is ten times as fast.
import {afterEach, expect, test, vi} from 'vitest';
import type {AnalysisProgram} from '../../source/analysis/program.ts';
import {KernelFunctions} from '../../source/kernel/call-functions.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import {transactionsSpec} from '../helpers/kernel-specs.ts';

afterEach(() => {
	vi.restoreAllMocks();
});

const spec = transactionsSpec({columnCount: 4, customer_id: 0, amount: 1, date: 2, category: 3});
const functions = {inputs: [], where: undefined, accept: (): true => true, computed: []} as const;
/** As before, with a function that accepts all, which the host is asked of: for a run, or for a record that is read by the rules. */
const asking = {
	...spec,
	program: {
		...spec.program,
		analyses: spec.program.analyses.map((analysis): AnalysisProgram => ({...analysis, functions})),
	},
};
const RECORDS = 400;

test.each([...Array(64).keys()])('of a source that ends at byte %i of a block, whatever is behind it', over => {
	const kernel = new Kernel();
	const byTheRules = vi.spyOn(KernelFunctions.prototype, 'computeRecord');
	const records = Buffer.from(
		`${'c,1.50,2024-01-01,x\n'.repeat(RECORDS - 1)}c,1.50,2024-01-01,${'x'.repeat(1 + over)}\n`,
	);
	for (const behind of [0, 0xff]) {
		kernel.input.begin(0);
		const space = kernel.input.space(records.length + 100);
		space.fill(behind).set(records);
		kernel.input.extend(records.length);
		kernel.begin(asking, 1);
		expect([kernel.consume(true), kernel.rows]).toEqual(['needs-more', RECORDS]);
	}
	// What numbers look like, and in which form dates are, is learnt from the first ones.
	expect(byTheRules.mock.calls.length).toBeLessThan(20);
});

test('of records among which some have wrong quotes, only those and what shares their 64 bytes', () => {
	const kernel = new Kernel();
	const byTheRules = vi.spyOn(KernelFunctions.prototype, 'computeRecord');
	const wrong = ['c,1.50,2024-01-01,"x"y\n', 'c,1.50,2024-01-01,x"y"\n', '"c" d,1.50,2024-01-01,x\n'];
	const records = Buffer.from(
		wrong.map(line => 'c,1.50,2024-01-01,x\n'.repeat(100) + line + 'c,"1.50",2024-01-01,"x,\n"\n'.repeat(100)).join(''),
	);
	kernel.input.begin(0);
	kernel.input.space(records.length + 100).set(records);
	kernel.input.extend(records.length);
	kernel.begin(asking, 1);
	expect([kernel.consume(true), kernel.rows, kernel.rejectedRows]).toEqual(['needs-more', 603, 2]);
	expect(byTheRules.mock.calls.length).toBeLessThan(30);
});
