// How long one small file takes, from start to exit: what a person waits for at least.
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {headerOf} from '../data/generate.ts';
import {plainRows} from '../data/kinds.ts';
import {ownCommand} from '../own-command.ts';
import {measure} from './process.ts';
import {type Spread, spreadOf} from './statistics.ts';

const RECORDS = 10;

export async function measureStart(runs: number): Promise<Spread> {
	const folder = mkdtempSync(join(tmpdir(), 'fileproc-tui-bench-start-'));
	try {
		const path = join(folder, 'ten.csv');
		const records = Array.from({length: RECORDS}, (_, index) => `T${index},C${index},1.25,2024-01-01,books\n`);
		writeFileSync(path, headerOf(plainRows) + records.join(''));
		const command = ownCommand('--json', path);
		await measure(command);
		const times: number[] = [];
		// These are short, so there can be more of them.
		for (let run = 0; run < 4 * runs; run++) times.push((await measure(command)).wallMs);
		return spreadOf(times);
	} finally {
		rmSync(folder, {recursive: true});
	}
}
