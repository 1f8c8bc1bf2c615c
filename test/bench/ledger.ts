// How long a large ledger takes to be opened and searched: `node test/bench/ledger.ts` makes one with a million rows of files and
// prints figures; `--runs 20 --files 50000` makes another one. It is no test: figures depend on the machine, so nothing is asserted.
// Searches are those of `history`; each is done several times, and the median of the thread's own time is printed, which other
// programs on the machine do not change.
import {mkdtempSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {KeptResults} from '../../source/ledger/kept-results.ts';
import {openLedger} from '../../source/ledger/ledger.ts';
import {openToWrite} from '../../source/ledger/open-database.ts';
import type {FileRow} from '../../source/ledger/protocol.ts';
import {RunWriter} from '../../source/ledger/run-writer.ts';

const {values} = parseArgs({
	options: {
		runs: {type: 'string', default: '1000'},
		files: {type: 'string', default: '1000'},
		times: {type: 'string', default: '7'},
	},
});
const [runCount, fileCount, times] = [values.runs, values.files, values.times].map(Number) as [number, number, number];

const SEARCHES = [
	'',
	'since:2026-03-01',
	'status:failed',
	'nowhere',
	'status:failed nowhere',
	'missing_column',
	'!status:failed',
	'!orders',
	'äpfel',
	'rows>999999',
	'size>1GB status:done',
	'reason:not-a-date',
	'analysis:sales orders_0000999',
];

/** One file in a hundred fails, and one in a thousand is of another analysis. */
function rowOf(run: number, position: number): FileRow {
	const isFailed = (run + position) % 100 === 99;
	return {
		position,
		file: `./exports/branch ${position % 40}/orders_${String(position).padStart(7, '0')}.csv`,
		status: isFailed ? 'failed' : 'completed',
		noRecord: null,
		code: isFailed ? 'MISSING_COLUMN' : null,
		analyses: isFailed ? null : position % 1000 === 7 ? 'sales' : 'transactions',
		attempts: 1,
		bytes: 10_000 + ((position * 7919) % 100_000),
		rows: 200 + ((position * 31) % 2000),
		rejectedRows: position % 50 === 0 ? 3 : 0,
		contentHash: position.toString(16).padStart(32, '0'),
	};
}

function fill(path: string): void {
	const database = openToWrite(path);
	for (let run = 0; run < runCount; run++) {
		const startedAt = Date.parse('2024-01-01T08:00:00Z') + run * 86_400_000;
		const id = `${new Date(startedAt).toISOString().slice(0, 10).replaceAll('-', '')}-080000-${run.toString(16).padStart(6, '0')}`;
		const begun = {folder: '/home/anna', paths: ['./exports'], settings: '{}', process: '1 1 elsewhere', version: '0'};
		const writer = new RunWriter(database, new KeptResults(database, ''), {id, startedAt, ...begun});
		const files = Array.from({length: fileCount}, (_, position) => rowOf(run, position));
		const counts = {files: fileCount, completed: fileCount, failed: 0, cancelled: 0, skipped: 0};
		const totals = {...counts, bytes: 1, rows: 1, rejected_rows: 0, processing_time: 1};
		const end = {status: 'completed' as const, endedAt: startedAt + 60_000, totals};
		writer.write([{lines: new Uint8Array(0), files, results: [], checkpoints: [], end}]);
	}
	database.close();
}

/** The median, in milliseconds. */
function measure(perform: () => unknown): string {
	const figures = Array.from({length: times}, () => {
		const start = process.threadCpuUsage();
		perform();
		const {user, system} = process.threadCpuUsage(start);
		return (user + system) / 1000;
	});
	return (figures.toSorted((left, right) => left - right)[times >> 1] ?? 0).toFixed(1).padStart(8);
}

const folder = mkdtempSync(join(tmpdir(), 'fileproc-ledger-'));
try {
	const path = join(folder, 'ledger.db');
	fill(path);
	const megabytes = (statSync(path).size / 1e6).toFixed(0);
	console.log(`${runCount} runs of ${fileCount} files: ${megabytes} MB`);
	console.log(`${measure(() => openLedger(path).close())} ms to open and close it`);
	const ledger = openLedger(path);
	for (const search of SEARCHES) {
		const found = ledger.runs({search}).length;
		console.log(`${measure(() => ledger.runs({search, limit: 40}))} ms for “${search}”: ${found} runs`);
	}
	ledger.close();
} finally {
	rmSync(folder, {recursive: true});
}
