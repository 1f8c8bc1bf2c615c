// What saving a run costs: the same data without a ledger, with a new one, and with one whose files are hashed by SHA-256, in turns.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Dataset} from '../data/dataset.ts';
import {ownCommand} from '../own-command.ts';
import {measure} from './process.ts';
import {pairedRatios, type Spread, spreadOf} from './statistics.ts';

export interface LedgerPrice {
	readonly data: Dataset;
	readonly threads: number;
	readonly plainMs: Spread;
	/** By `--ledger`, and by `--ledger --hash sha256`. */
	readonly savedMs: Spread;
	readonly sha256Ms: Spread;
	/** Time with ÷ time without, of neighbouring runs. */
	readonly savedRatio: Spread;
	readonly sha256Ratio: Spread;
}

export async function measureLedger(
	data: Dataset,
	{threads, runs, log}: {readonly threads: number; readonly runs: number; readonly log: (message: string) => void},
): Promise<LedgerPrice> {
	const timed = async (...extra: readonly string[]): Promise<number> => {
		const folder = mkdtempSync(join(tmpdir(), 'fileproc-tui-bench-ledger-'));
		try {
			const saving = extra.length === 0 ? [] : ['--ledger', join(folder, 'ledger.db'), ...extra.slice(1)];
			const command = ownCommand('--json', '--threads', String(threads), ...saving, data.folder);
			return (await measure(command)).wallMs;
		} finally {
			rmSync(folder, {recursive: true});
		}
	};
	const [plain, saved, sha256]: [number[], number[], number[]] = [[], [], []];
	for (let run = 0; run <= runs; run++) {
		const times = [await timed(), await timed('--ledger'), await timed('--ledger', '--hash', 'sha256')] as const;
		const name = `ledger, ${data.kind.name}: ${run === 0 ? 'warm-up' : `${run}/${runs}`}`;
		log(`${name}: ${times.map(ms => `${(ms / 1000).toFixed(2)} s`).join(', ')}`);
		if (run === 0) continue;
		plain.push(times[0]);
		saved.push(times[1]);
		sha256.push(times[2]);
	}
	return {
		...{data, threads, plainMs: spreadOf(plain), savedMs: spreadOf(saved), sha256Ms: spreadOf(sha256)},
		savedRatio: spreadOf(pairedRatios(saved, plain)),
		sha256Ratio: spreadOf(pairedRatios(sha256, plain)),
	};
}
