// Which runs a search finds.
import {expect, test} from 'vitest';
import {type Ledger, openLedger} from '../../source/ledger/ledger.ts';
import {saveRun} from '../../source/ledger/save-run.ts';
import type {RunEvent} from '../../source/model/events.ts';
import type {FileReport, RejectReport} from '../../source/model/report.ts';
import {sumTotals} from '../../source/model/totals.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const fileReport = (file: string, changes: Partial<FileReport> = {}): FileReport => ({
	...{file, status: 'completed', analysis: 'transactions', attempts: 1, bytes: 1000, rows: 10, rejected_rows: 0},
	...{processing_time: 0.1, error: null, dialect: null, result: null, rejects: []},
	...changes,
});
const failed = (file: string, code: string): FileReport =>
	fileReport(file, {
		status: 'failed',
		analysis: null,
		rows: 0,
		error: {code, message: 'x', line: null, byte_offset: null},
	});

const rejected = (reason: RejectReport['reason'], line: number): RejectReport => ({
	line,
	byte_offset: 0,
	column: 'date',
	reason,
	value: 'x',
});

/** Runs by what they are called in the tests: the day they started on, and their files. */
const RUNS: Readonly<Record<string, readonly [day: string, files: readonly FileReport[]]>> = {
	old: ['2026-10-01', [fileReport('data/Orders_100%.csv', {rows: 5})]],
	middle: ['2026-11-15', [fileReport('data/orders.csv'), failed('data/returns.csv', 'MISSING_COLUMN')]],
	late: [
		'2026-11-15',
		[
			fileReport('data/ÄPFEL.csv', {analysis: 'sales', bytes: 5_000_000}),
			fileReport('data/none.csv', {
				rows: 3,
				rejected_rows: 3,
				rejects: [rejected('not-a-date', 4), rejected('not-a-date', 2)],
			}),
			failed('data/orders.csv', 'EIO'),
		],
	],
};

async function openFilled(): Promise<{
	readonly ledger: Ledger;
	readonly find: (search: string, limit?: number) => string[];
}> {
	const path = createTemporaryFolder().at('ledger.db');
	const names = new Map<string, string>();
	for (const [name, [day, files]] of Object.entries(RUNS)) {
		const at = `${day}T10:00:00.000Z`;
		const saved = saveRun(path, {}, {settingsDigest: null, isResumed: false, startedAt: Date.parse(at)});
		names.set(saved.id, name);
		let seq = 0;
		const handle = (event: object): void => saved.handle({...event, seq: ++seq, at, elapsedMs: seq} as RunEvent);
		const started = {paths: ['data'], fileCount: files.length, bytesTotal: 0, concurrency: 1, threads: 1, analyses: []};
		handle({type: 'run-started', version: '0', ...started});
		for (const report of files) {
			handle({type: 'file-queued', file: report.file, attempt: 0, bytesTotal: null});
			handle({type: `file-${report.status}`, file: report.file, attempt: 1, report});
		}
		handle({type: 'run-completed', status: 'completed', totals: sumTotals(files, 10), analyses: {}});
		await saved.finish();
	}
	const ledger = openLedger(path);
	const find = (search: string, limit?: number): string[] =>
		ledger.runs({search, ...(limit !== undefined && {limit})}).map(({id}) => names.get(id) ?? id);
	return {ledger, find};
}

test('runs are found by names, codes, status, figures and dates, the newest first', async () => {
	const {ledger, find} = await openFilled();
	const expected: Readonly<Record<string, readonly string[]>> = {
		'': ['late', 'middle', 'old'],
		orders: ['late', 'middle', 'old'],
		ORDERS_100: ['old'],
		// What stands for other characters in patterns of SQL stands for itself.
		'100%': ['old'],
		'0_': [],
		äpfel: ['late'],
		missing_column: ['middle'],
		'status:failed': ['late', 'middle'],
		// One file must fit all terms.
		'status:failed orders': ['late'],
		'status:done orders': ['middle', 'old'],
		'status:rejected': ['late'],
		'!status:failed': ['old'],
		'!returns orders': ['late', 'old'],
		'analysis:sal': ['late'],
		'reason:not-a-date': ['late'],
		'reason:date none': ['late'],
		'reason:date orders': [],
		'!reason:not-a-date': ['middle', 'old'],
		'reason:missing': [],
		'analysis:ales': [],
		'size>1MB': ['late'],
		'rows<=5 !status:failed': ['old'],
		// Figures are those of the run, as they are listed.
		'rows>12': ['late'],
		'rows=13 size>5MB': ['late'],
		'!rows>12': ['middle', 'old'],
		'rejected>0 orders': ['late'],
		'attempts>=1 returns': ['middle'],
		'since:2026-11-15': ['late', 'middle'],
		'since:2026-11-16': [],
		'until:2026-11-14': ['old'],
		'since:2026-10-01 until:2026-10-01': ['old'],
		'until:2026-11-15 eio': ['late'],
		'status:running': [],
	};
	for (const [search, names] of Object.entries(expected)) expect([search, find(search)]).toEqual([search, names]);
	expect(find('', 2)).toEqual(['late', 'middle']);
	ledger.close();
});

test('a search that cannot be understood is an error and says what can be', async () => {
	const {ledger, find} = await openFilled();
	const messages = {
		'since:yesterday': 'After since: comes a day, as in since:2026-11-01, not “yesterday”',
		'until:2026-02-31': 'After until: comes a day, as in until:2026-11-01, not “2026-02-31”',
		'reason:': 'After reason: comes why records were rejected, as in reason:not-a-date',
		'colour:red': 'There is no “colour” to filter by',
	};
	for (const [search, message] of Object.entries(messages)) expect(() => find(search)).toThrow(message);
	ledger.close();
});
