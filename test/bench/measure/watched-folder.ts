// How fast dropped files get to processed/, and what memory that takes. Besides, the loop that a shell would make of it: a hash, a sum, a result and
// a move for each file, each of them flushed to the disk. That one knows no duplicates, no failures and no recovery, and its sum is a float. All
// take turns.
import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {BenchError} from '../bench-error.ts';
import {type Command, ownCommand} from '../own-command.ts';
import {measure} from './process.ts';
import {type Spread, spreadOf} from './statistics.ts';

export interface WatchFigures {
	readonly files: number;
	readonly programs: readonly {
		readonly name: string;
		readonly wallMs: Spread;
		/** The largest of all runs; `null` where it is not known. */
		readonly peakBytes: number | null;
	}[];
}

/** Of some 2.5 kB each. */
const ROWS = 55;
/** The other way takes as long again. */
export const WATCHED_FILES = 10_000;

const SHELL_LOOP = `cd "$1" && for file in unprocessed/*.csv; do
	name=\${file#unprocessed/}
	mv "$file" "underprocess/$name"
	sync -d "underprocess/$name" underprocess
	{
		sha256sum "underprocess/$name"
		awk -F, 'NR > 1 {sum += $3; count[$5]++} END {printf "%d %.2f\\n", NR - 1, sum; for (name in count) print name, count[name]}' "underprocess/$name"
	} > "results/$name.txt"
	sync -d "results/$name.txt" results
	mv "underprocess/$name" "processed/$name"
	sync -d processed underprocess
done`;

const watching =
	(output: string) =>
	(root: string): Command =>
		ownCommand('watch', root, '--once', output, '--settle', '0');

const PROGRAMS: Readonly<Record<string, (root: string) => Command>> = {
	'`watch --once --plain`': watching('--plain'),
	'`watch --once --jsonl`': watching('--jsonl'),
	'a loop of the shell': root => ({file: 'sh', args: ['-ec', SHELL_LOOP, 'sh', root]}),
};

export async function measureWatch(
	files: number,
	{runs, log}: {readonly runs: number; readonly log: (message: string) => void},
): Promise<WatchFigures> {
	const measured = new Map<string, {wallMs: number[]; peaks: number[]}>(
		Object.keys(PROGRAMS).map(name => [name, {wallMs: [], peaks: []}]),
	);
	for (let run = 1; run <= runs; run++) {
		for (const [name, toCommand] of Object.entries(PROGRAMS)) {
			const {wallMs, peakBytes} = await workOff(files, toCommand);
			log(`watch, ${name}: ${run}/${runs}: ${(wallMs / 1000).toFixed(1)} s`);
			measured.get(name)?.wallMs.push(wallMs);
			if (peakBytes !== null) measured.get(name)?.peaks.push(peakBytes);
		}
	}
	const programs = Array.from(measured, ([name, {wallMs, peaks}]) => ({
		...{name, wallMs: spreadOf(wallMs)},
		peakBytes: peaks.length === 0 ? null : Math.max(...peaks),
	}));
	return {files, programs};
}

async function workOff(files: number, toCommand: (root: string) => Command): ReturnType<typeof measure> {
	const root = mkdtempSync(join(tmpdir(), 'fileproc-tui-bench-watch-'));
	try {
		drop(root, files);
		const measured = await measure(toCommand(root));
		const moved = readdirSync(join(root, 'processed')).length;
		if (moved !== files) throw new BenchError(`Expected ${files} files in processed/, found ${moved}`);
		return measured;
	} finally {
		rmSync(root, {recursive: true});
	}
}

function drop(root: string, files: number): void {
	for (const name of ['unprocessed', 'underprocess', 'processed', 'results'])
		mkdirSync(join(root, name), {recursive: true});
	const header = 'transaction_id,customer_id,amount,date,category\n';
	for (let index = 0; index < files; index++) {
		const rows = Array.from(
			{length: ROWS},
			(_, row) =>
				`T${index}-${row},C${(index * 7 + row) % 5000},${(index * 31 + row) % 1000}.25,2024-01-1${row % 10},category ${row % 16}\n`,
		);
		writeFileSync(join(root, 'unprocessed', `${String(index).padStart(7, '0')}.csv`), header + rows.join(''));
	}
	execFileSync('sync');
}
