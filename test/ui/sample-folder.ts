// A watched folder with a file in every state, at a fixed time.

import type {StatusCounts, WatchStatus} from '../../source/model/watch-status.ts';
import type {WatchedFile, WatchedFolder} from '../../source/model/watched-folder.ts';
import {SampleRun, sampleReport} from './sample-run.ts';

export const NOW = Date.parse('2026-01-01T12:00:00.000Z');

const file = (name: string, secondsAgo: number, changes: Partial<WatchedFile>): WatchedFile => ({
	...{key: name, file: name, claim: null, state: 'waiting', tag: null, step: null, attempts: 0, bytes: 120_000},
	...{cameAt: NOW - secondsAgo * 1000, endedAt: null, rows: null, rejectedRows: null, code: null, message: null},
	note: null,
	...{place: `unprocessed/${name}`, isRetriable: false},
	...changes,
});

const claimed = (name: string, claim: string, secondsAgo: number, changes: Partial<WatchedFile>): WatchedFile =>
	file(name, secondsAgo, {
		...{key: claim, claim, tag: 'transactions', step: 'analyze', attempts: 1, endedAt: NOW - secondsAgo * 1000 + 1500},
		place: `${changes.state === 'failed' ? 'failed' : 'processed'}/${claim}__${name}`,
		...changes,
	});

export const FILES: readonly WatchedFile[] = [
	file('orders_2026-01-01.csv', 2, {state: 'growing'}),
	file('orders_2025-12-31.csv', 8, {}),
	file('locked.csv', 95, {
		...{code: 'BLOCKED', message: 'It cannot be taken: permission denied. It is tried again now and then.'},
		note: 'BLOCKED permission denied',
	}),
	claimed('large_export.csv', '20260101-115930-aaaaaaaa', 30, {
		...{state: 'processing', endedAt: null, attempts: 2, step: 'validate', bytes: 1.2e9},
		place: 'underprocess/20260101-115930-aaaaaaaa__large_export.csv',
	}),
	claimed('sales/january.csv', '20260101-115900-bbbbbbbb', 60, {state: 'completed', rows: 13_000, rejectedRows: 2}),
	claimed('people.csv', '20260101-114500-cccccccc', 900, {
		...{state: 'failed', code: 'MISSING_COLUMN', isRetriable: true, rows: 0, rejectedRows: 0},
		message: 'The columns amount and date that the transactions analysis needs are missing.',
	}),
	claimed('evil\u{1b}]52;c;x\u{7}.bin', '20260101-080000-dddddddd', 4 * 3600, {
		...{state: 'failed', code: 'NO_ROUTE', tag: null, step: null, isRetriable: true},
		message: 'No route takes this file.',
	}),
	claimed('january_again.csv', '20251230-120000-eeeeeeee', 48 * 3600, {
		...{state: 'duplicate', tag: null, step: null},
		message: 'Its content is that of sales/january.csv (claim 20260101-115900-bbbbbbbb), so it was not computed again.',
		note: 'of sales/january.csv',
	}),
	file('upload.csv.part', 0, {
		...{state: 'skipped', cameAt: null, code: 'part'},
		message: 'It is being written, as its name says: who writes it renames it when it is whole.',
	}),
];

const countOf = (state: WatchedFile['state']): number => FILES.filter(each => each.state === state).length;

export const statusOf = (changes: Partial<WatchStatus> = {}, counts: Partial<StatusCounts> = {}): WatchStatus => ({
	folder: '/srv/inbox',
	at: new Date(NOW).toISOString(),
	health: {status: 'ok', reasons: []},
	owner: {
		...{pid: 4711, host: 'here', epoch: 3, since: '2026-01-01T10:47:27.000Z', uptime: 4353},
		usage: {cpu: 130, cpu_share: 0.03, memory_bytes: 212e6, open_files: 42},
	},
	last_watched: null,
	files: {
		...{waiting: countOf('waiting') + countOf('growing'), skipped: countOf('skipped'), processing: 1, completed: 1204},
		...{failed: 2, duplicate: 1, ...counts},
	},
	bytes: {waiting: 360_000, skipped: 0, processing: 1.2e9, completed: 5e9, failed: 240_000, duplicate: 120_000},
	rows: {read: 14_200_000, rejected: 37},
	tags: [{tag: 'transactions', completed: 1204, failed: 1, duplicate: 1}],
	success_rate: 1204 / 1206,
	processing_time: {files: 1206, mean: 0.213, p50: 0.124, p95: 0.9, p99: 2.1},
	throughput: {
		...{last_minute: {files: 12, bytes: 1.2e6}, last_hour: {files: 340, bytes: 1.2e9}},
		since_start: {files: 401, bytes: 1.5e9},
	},
	oldest: {file: 'locked.csv', age: 95},
	last_error: {
		...{file: 'people.csv', claim: '20260101-114500-cccccccc', at: '2026-01-01T11:45:02.000Z', code: 'MISSING_COLUMN'},
		...{message: 'The columns amount and date are missing.', tag: 'transactions', attempts: 1},
	},
	waiting: [],
	processing: [],
	failed: [],
	skipped: [],
	...changes,
});

export interface SampleFolder extends WatchedFolder {
	files: readonly WatchedFile[];
	status: WatchStatus;
	routes: readonly string[];
}

export function createSampleFolder(): SampleFolder {
	const folder: SampleFolder = {
		...{root: '/data', isOnce: false, files: FILES, status: statusOf(), routes: ['transactions', 'other', 'archive']},
		look: () => ({status: folder.status, files: folder.files}),
		tags: () => folder.routes,
	};
	return folder;
}

const NO_RESULT = {analysis: null, dialect: null, result: null} as const;

/** The events of the same folder: one file is worked on, one is done, one has failed. */
export function folderRun(): SampleRun {
	const run = new SampleRun();
	run.emit({
		...{type: 'run-started', version: '0.1.0', paths: ['/srv/inbox'], fileCount: 0, bytesTotal: 0, concurrency: 64},
		...{threads: 1, analyses: [], isEndless: true},
	});
	let jobId = 0;
	for (const {file: name, claim, state, bytes, place, tag, code, message} of FILES) {
		if (claim === null || state === 'duplicate') continue;
		const address = {file: name, jobId: ++jobId, claim};
		run.emit(
			{type: 'file-queued', ...address, attempt: 0, bytesTotal: bytes, isAdded: true},
			{type: 'file-started', ...address, attempt: 1},
		);
		if (state === 'failed') {
			const error = {code: code ?? '', message: message ?? '', line: null, byte_offset: null};
			const report = sampleReport(name, {
				status: 'failed',
				bytes,
				rows: 0,
				rejected_rows: 0,
				rejects: [],
				error,
				...NO_RESULT,
			});
			run.emit({type: 'file-failed', ...address, attempt: 1, place, tag, report});
		}
		if (state === 'completed')
			run.emit({
				type: 'file-completed',
				...address,
				attempt: 1,
				place,
				tag,
				report: sampleReport(name, {bytes, rows: 13_000}),
			});
	}
	run.elapsedMs = 5000;
	run.emit({type: 'run-paused'}, {type: 'run-resumed'});
	return run;
}
