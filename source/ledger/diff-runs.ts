// What changed between two runs: files that came, went or have other bytes, and totals.
import type {RunTotals} from '../model/report.ts';
import type {Ledger, LedgerFile, LedgerRun} from './ledger.ts';
import {LedgerError} from './ledger-error.ts';

export interface RunDiff {
	readonly from: string;
	readonly to: string;
	/** Files of the later run that the earlier one did not have. */
	readonly new: readonly string[];
	readonly gone: readonly string[];
	/** Files with other bytes, or that failed in one of the runs. */
	readonly changed: readonly string[];
	readonly unchanged: number;
	readonly totals: {readonly from: RunTotals; readonly to: RunTotals};
}

/** @throws {LedgerError} When there is no such run. */
export function diffRuns(ledger: Ledger, from: string, to: string): RunDiff {
	const [before, after] = [from, to].map(id => filesOf(ledger, id));
	if (before === undefined || after === undefined) throw new Error('Expected two runs');
	const common = [...after.values()].filter(({file}) => before.has(file));
	const isChanged = (file: LedgerFile): boolean => !isSame(before.get(file.file), file);
	const changed = common.filter(isChanged);
	return {
		...{from, to},
		new: [...after.keys()].filter(file => !before.has(file)).sort(),
		gone: [...before.keys()].filter(file => !after.has(file)).sort(),
		changed: changed.map(({file}) => file).sort(),
		unchanged: common.length - changed.length,
		totals: {from: totalsOf(ledger, from), to: totalsOf(ledger, to)},
	};
}

const filesOf = (ledger: Ledger, id: string): Map<string, LedgerFile> =>
	new Map(Array.from(ledger.files(id), file => [file.file, file]));

/** Where nothing is known of the bytes, size and status decide. */
const isSame = (before: LedgerFile | undefined, {bytes, status, content_hash}: LedgerFile): boolean =>
	before?.bytes === bytes && before.status === status && before.content_hash === content_hash;

function totalsOf(ledger: Ledger, id: string): LedgerRun['totals'] {
	const run = ledger.run(id);
	if (run === null) throw new LedgerError(`There is no run ${id} in the ledger.`);
	return run.totals;
}
