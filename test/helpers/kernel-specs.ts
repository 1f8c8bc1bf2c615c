// How a kernel is told to read records of transactions, with any columns and caps.
import {transactions} from '../../source/analysis/builtin/transactions.ts';
import {compileProgram} from '../../source/analysis/program.ts';
import {defaultCaps} from '../../source/analysis/state-layout.ts';
import {defaultLimits} from '../../source/engine/shared/limits.ts';
import type {KernelSpec} from '../../source/kernel/spec.ts';

/** For records within all bounds. */
export const specBounds = {
	rejectLimit: null,
	rejectLimitPerMillion: null,
	maxRejects: defaultLimits.maxRejectsKept,
	maxRecordBytes: defaultLimits.maxRecordBytes,
	maxFieldBytes: defaultLimits.maxFieldBytes,
} as const;

export interface TransactionColumns {
	readonly columnCount: number;
	readonly customer_id: number;
	readonly amount: number;
	readonly date: number;
	readonly category: number;
}

export const transactionsSpec = (
	{columnCount, ...indexes}: TransactionColumns,
	caps: Partial<typeof defaultCaps> = {},
	delimiter = ',',
): KernelSpec => ({
	program: compileProgram([{declaration: transactions, indexes}], {...defaultCaps, ...caps}),
	...{delimiter, quote: '"', columnCount},
	...specBounds,
});
