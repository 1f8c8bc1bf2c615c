// Signals to the built command, at any moment: it ends in an orderly way, and its report accounts for every file.
import {existsSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test, vi} from 'vitest';
import {
	createFolder,
	expectToAddUp,
	expectToBeWellFormed,
	hasSignalHandlers,
	parseEvents,
	readReport,
	startCommand,
	transactions,
	whyNoSignalState,
	writeFiles,
} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';

const FILE_COUNT = 600;

/** 599 short files, and one that would take half an hour: no signal comes too late. */
function createBatch(): string {
	const cwd = createFolder();
	writeFiles(join(cwd, 'data'), FILE_COUNT - 1, 2);
	writeFileSync(join(cwd, 'data', 'z.csv'), transactions(20_000));
	return cwd;
}

const SLOW = ['--simulate-io', '9000'];

/** Random numbers that are the same in every run (mulberry32). */
function createRandom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let hash = Math.imul(state ^ (state >>> 15), 1 | state);
		hash = (hash + Math.imul(hash ^ (hash >>> 7), 61 | hash)) ^ hash;
		return ((hash ^ (hash >>> 14)) >>> 0) / 2 ** 32;
	};
}

const random = createRandom(2026);
const moments = [0, ...[1, 2].map(() => Math.floor(random() * FILE_COUNT)), FILE_COUNT - 1];

describe('SIGINT in the middle of 600 files', () => {
	test.each(moments)('after %i have completed: all are accounted for', async moment => {
		const cwd = createBatch();
		let completed = 0;
		let readTo = 0;
		let isSent = false;
		const command = startCommand(['data', '--jsonl', '--report', 'x.json', ...SLOW], {
			cwd,
			onOutput(stdout) {
				for (;;) {
					const found = stdout.indexOf('"file-completed"', readTo);
					if (found === -1) break;
					completed++;
					readTo = found + 1;
				}
				if (isSent || completed < moment) return;
				isSent = true;
				command.kill('SIGINT');
			},
		});
		const {code, stdout, stderr} = await command.ended;
		expect([code, stderr]).toEqual([130, '']);
		const events = parseEvents(stdout);
		expectToBeWellFormed(events);
		const report = readReport(join(cwd, 'x.json'));
		expectToAddUp(report, FILE_COUNT);
		expect(report.status).toBe('cancelled');
		expect(report.totals.completed).toBeGreaterThanOrEqual(moment);
		expect(report.totals.cancelled).toBeGreaterThanOrEqual(1);
		// A file has as many attempts as it was started.
		const started = events.flatMap(event => (event.type === 'file-started' ? [event.file] : []));
		expect(new Set(report.files.filter(({attempts}) => attempts === 1).map(({file}) => file))).toEqual(
			new Set(started),
		);
		expect(report.files.filter(({attempts}) => attempts === 0)).toHaveLength(FILE_COUNT - started.length);
		expect(events.at(-1)).toMatchObject({status: 'cancelled', totals: report.totals});
	});

	test('as soon as the command listens: its output is complete', async ({skip}) => {
		if (whyNoSignalState !== null) skip(whyNoSignalState);
		const cwd = createBatch();
		const command = startCommand(['data', '--jsonl', '--report', 'x.json', ...SLOW], {cwd});
		await vi.waitFor(() => expect(hasSignalHandlers(command.pid)).toBe(true), PATIENT);
		command.kill('SIGINT');
		const {code, stdout, stderr} = await command.ended;
		expect([code, stderr]).toEqual([130, '']);
		// While files are still listed, there is nothing to report.
		if (stdout === '') return expect(existsSync(join(cwd, 'x.json'))).toBe(false);
		expectToBeWellFormed(parseEvents(stdout));
		expectToAddUp(readReport(join(cwd, 'x.json')), FILE_COUNT);
	});
});

test.each([
	['SIGHUP', 129],
	['SIGINT', 130],
	['SIGQUIT', 131],
	['SIGTERM', 143],
] as const)('%s ends the run in an orderly way, with code %i', async (signal, expected) => {
	const cwd = createFolder();
	writeFiles(join(cwd, 'data'), 10, 100);
	const command = startCommand(['data', '--jsonl', '--report', 'x.json', '--simulate-io', '60000'], {
		cwd,
		onOutput(stdout) {
			if (!stdout.includes('"file-started"') || isSent) return;
			isSent = true;
			command.kill(signal);
		},
	});
	let isSent = false;
	const {code, stdout, stderr} = await command.ended;
	expect([code, stderr]).toEqual([expected, '']);
	expectToBeWellFormed(parseEvents(stdout));
	const report = readReport(join(cwd, 'x.json'));
	expectToAddUp(report, 10);
	expect(report.totals.cancelled).toBe(10);
});

describe('while a read does not return', () => {
	// Standard input has no writer: a thread that waits for it cannot be stopped.
	const start = (cwd: string, onStarted: () => void) => {
		let isStarted = false;
		return startCommand(['-', '--jsonl', '--report', 'x.json'], {
			cwd,
			input: 'open',
			onOutput(stdout) {
				if (isStarted || !stdout.includes('"file-started"')) return;
				isStarted = true;
				onStarted();
			},
		});
	};

	test('one SIGINT ends the run in an orderly way after a while', async () => {
		const cwd = createFolder();
		const command = start(cwd, () => command.kill('SIGINT'));
		const {code, stdout, stderr} = await command.ended;
		expect([code, stderr]).toEqual([130, '']);
		expectToBeWellFormed(parseEvents(stdout));
		expect(readReport(join(cwd, 'x.json')).files).toMatchObject([{file: '-', status: 'cancelled', attempts: 1}]);
	});

	test('a second SIGINT ends it at once', async () => {
		const cwd = createFolder();
		let again: NodeJS.Timeout | undefined;
		// Signals that come before the first is handled count once, so there are more of them.
		const command = start(cwd, () => {
			again = setInterval(() => command.kill('SIGINT'), 20);
		});
		const {code, stdout} = await command.ended;
		clearInterval(again);
		// A signal while the process is exiting has no listener.
		expect([130, 'SIGINT']).toContain(code);
		// Ended in the middle: no report was written.
		expect(stdout).not.toContain('run-completed');
		expect(existsSync(join(cwd, 'x.json'))).toBe(false);
	});
});
