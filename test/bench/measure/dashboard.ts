// What the dashboard costs: the same data with it, on a terminal of 120×40, and with --json. The dashboard waits for a key
// at its end, so both are timed from their start until their report file is there, which is when the run is over.
import {existsSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import type {IPty} from '@lydell/node-pty';
import {BenchError} from '../bench-error.ts';
import type {Dataset} from '../data/dataset.ts';
import {ownCommand} from '../own-command.ts';
import {environment} from './process.ts';
import {pairedRatios, type Spread, spreadOf} from './statistics.ts';

export interface DashboardResult {
	readonly data: Dataset;
	readonly threads: number;
	readonly dashboardMs: Spread;
	readonly jsonMs: Spread;
	/** Time with the dashboard ÷ time without, of neighbouring runs. */
	readonly ratio: Spread;
}

const POLL_MS = 2;
const LEAVE_MS = 10_000;

/** @throws {BenchError} When there are no terminals to be had here. */
export async function measureDashboard(
	data: Dataset,
	{threads, runs, log}: {readonly threads: number; readonly runs: number; readonly log: (message: string) => void},
): Promise<DashboardResult> {
	const nodePty = await import('@lydell/node-pty').catch((error: unknown) => {
		throw new BenchError(`There are no terminals here to show the dashboard on: ${String(error)}`);
	});
	const folder = mkdtempSync(join(tmpdir(), 'fileproc-tui-bench-dashboard-'));
	const report = join(folder, 'report.json');
	const options = ['--report', report, '--threads', String(threads), '-j', String(Math.max(2, threads)), data.folder];

	/** Both on a terminal, so that they differ in the dashboard only. */
	const timed = async (extra: readonly string[]): Promise<number> => {
		rmSync(report, {force: true});
		const {file, args} = ownCommand(...extra, ...options);
		const started = performance.now();
		const pty: IPty = nodePty.spawn(file, [...args], {
			cols: 120,
			rows: 40,
			name: 'xterm-256color',
			env: {...environment(), TERM: 'xterm-256color', LANG: 'C.UTF-8'},
		});
		let written = '';
		// A terminal that reads at once. The end of it is for the message below.
		pty.onData(text => {
			written = (written + text).slice(-2000);
		});
		let hasEnded = false;
		const exit = new Promise<void>(resolve => {
			pty.onExit(() => {
				hasEnded = true;
				resolve();
			});
		});
		while (!existsSync(report)) {
			if (hasEnded) throw new BenchError(`Expected a report of ${[...extra, ...options].join(' ')}\n${written}`);
			await sleep(POLL_MS);
		}
		const wallMs = performance.now() - started;
		if (extra.length === 0) pty.write('q');
		const left = sleep(LEAVE_MS, undefined, {ref: false}).then(() => {
			if (!hasEnded) pty.kill('SIGKILL');
		});
		await Promise.race([exit, left]);
		return wallMs;
	};

	const dashboard: number[] = [];
	const json: number[] = [];
	try {
		for (let run = 0; run <= runs; run++) {
			const [withIt, without] = [await timed([]), await timed(['--json'])];
			log(`dashboard: ${run === 0 ? 'warm-up' : `${run}/${runs}`}: ${seconds(withIt)}, without ${seconds(without)}`);
			if (run === 0) continue;
			dashboard.push(withIt);
			json.push(without);
		}
	} finally {
		rmSync(folder, {recursive: true});
	}
	return {
		data,
		threads,
		dashboardMs: spreadOf(dashboard),
		jsonMs: spreadOf(json),
		ratio: spreadOf(pairedRatios(dashboard, json)),
	};
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
