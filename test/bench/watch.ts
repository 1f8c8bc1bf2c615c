// How fast dropped files get to processed/, and what memory that takes: `node test/bench/watch.ts`, or with a number of files and of runs.
// Besides, the loop that a shell would make of it: a hash, a sum, a result and a move for each file, each of them flushed to the disk. That
// one knows no duplicates, no failures and no recovery, and its sum is a float. Both take turns.
import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {availableParallelism, loadavg, tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {BenchError} from './bench-error.ts';
import {type Measurement, measure} from './measure/process.ts';
import {median} from './measure/statistics.ts';
import type {Command} from './own-command.ts';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const ROWS = 55;
const [fileCount = 10_000, runCount = 3] = process.argv.slice(2).map(Number);

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

const PROGRAMS: Readonly<Record<string, (root: string) => Command>> = {
	'fileproc-tui watch --once --plain': root => ({
		file: process.execPath,
		args: [CLI, 'watch', root, '--once', '--plain', '--settle', '0'],
	}),
	'fileproc-tui watch --once --jsonl': root => ({
		file: process.execPath,
		args: [CLI, 'watch', root, '--once', '--jsonl', '--settle', '0'],
	}),
	'a loop of the shell': root => ({file: 'sh', args: ['-ec', SHELL_LOOP, 'sh', root]}),
};

function drop(root: string): void {
	for (const name of ['unprocessed', 'underprocess', 'processed', 'results'])
		mkdirSync(join(root, name), {recursive: true});
	for (let index = 0; index < fileCount; index++) {
		const rows = Array.from(
			{length: ROWS},
			(_, row) =>
				`T${index}-${row},C${(index * 7 + row) % 5000},${(index * 31 + row) % 1000}.25,2024-01-1${row % 10},category ${row % 16}\n`,
		);
		const header = 'transaction_id,customer_id,amount,date,category\n';
		writeFileSync(join(root, 'unprocessed', `${String(index).padStart(7, '0')}.csv`), header + rows.join(''));
	}
	execFileSync('sync');
}

async function run(toCommand: (root: string) => Command): Promise<Measurement> {
	const root = mkdtempSync(join(tmpdir(), 'fileproc-tui-bench-watch-'));
	try {
		drop(root);
		const measured = await measure(toCommand(root));
		const moved = readdirSync(join(root, 'processed')).length;
		if (moved !== fileCount) throw new BenchError(`Expected ${fileCount} files in processed/, found ${moved}`);
		return measured;
	} finally {
		rmSync(root, {recursive: true});
	}
}

const measured = new Map<string, Measurement[]>(Object.keys(PROGRAMS).map(name => [name, []]));
for (let count = 0; count < runCount; count++) {
	for (const [name, toCommand] of Object.entries(PROGRAMS)) measured.get(name)?.push(await run(toCommand));
}
console.log(
	`${fileCount} files of some 2.5 kB, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)} at the end\n`,
);
console.log('| | files/s | peak memory |\n| --- | ---: | ---: |');
for (const [name, all] of measured) {
	const perSecond = Math.round((fileCount / median(all.map(({wallMs}) => wallMs))) * 1000);
	const peaks = all.flatMap(({peakBytes}) => (peakBytes === null ? [] : [peakBytes]));
	console.log(
		`| ${name} | ${perSecond} | ${peaks.length === 0 ? '–' : `${Math.round(Math.max(...peaks) / 1e6)} MB`} |`,
	);
}
