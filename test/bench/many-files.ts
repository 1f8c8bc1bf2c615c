// Very many small files: memory, how long the event loop is busy at a time, and how soon the second signal ends the process, in
// every output. Prints a table. Linux and macOS; `npm run bench:files`, or with a number of files: `npm run bench:files -- 20000`.
import {type ChildProcess, spawn} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const WATCH = fileURLToPath(new URL('measure/watch-process.cjs', import.meta.url));
const FILES_PER_FOLDER = 1000;

interface Watched {
	readonly peakMib: number;
	/** Of the milliseconds of its own time that the main thread was busy without a turn. */
	readonly busyMs99: number;
	readonly busyMsMost: number;
	readonly wallMs: number;
}

const folder = mkdtempSync(join(tmpdir(), 'fileproc-many-files-'));
const out = (name: string): string => join(folder, name);
const OUTPUTS: Readonly<Record<string, readonly string[]>> = {
	'--json': ['--json'],
	'--jsonl': ['--jsonl'],
	'--plain': ['--plain'],
	'--screen-reader': ['--screen-reader'],
	'--plain, log and recording': ['--plain', '--log-file', out('log'), '--record', out('recording')],
	'--plain, three reports': ['--plain', ...['json', 'csv', 'md'].flatMap(type => ['--report', out(`report.${type}`)])],
	dashboard: [],
};

function writeData(count: number): string {
	const data = out('data');
	for (let index = 0; index < count; index++) {
		const place = join(data, String(Math.floor(index / FILES_PER_FOLDER)).padStart(4, '0'));
		if (index % FILES_PER_FOLDER === 0) mkdirSync(place, {recursive: true});
		writeFileSync(join(place, `${String(index).padStart(7, '0')}.csv`), textOf(index));
	}
	return data;
}

/** Ten records in eight categories; one file in fifty has a reject, and one in a hundred fails. */
function textOf(index: number): string {
	if (index % 100 === 13) return 'id;name\n1;2\n';
	let text = 'transaction_id,customer_id,amount,date,category\n';
	for (let row = 0; row < 10; row++) {
		const customer = (index * 7 + row * 13) % 5000;
		text += `T${index}${row},C${customer},${(index * 31 + row) % 1000}.25,2024-01-1${row},category ${(index + row) % 8}\n`;
	}
	return index % 50 === 7 ? `${text}T,C1,none,2024-01-01,food\n` : text;
}

/** A terminal of its own, where `script` can give one. */
function start(args: readonly string[], data: string, watched: string): ChildProcess {
	const command = [process.execPath, '--require', WATCH, CLI, data, ...args];
	const env = {...process.env, WATCHED_TO: watched, TERM: 'xterm-256color', CI: ''};
	if (args.length > 0) return spawn(process.execPath, command.slice(1), {env, stdio: ['ignore', 'pipe', 'ignore']});
	const shell = `stty rows 40 columns 120; exec ${command.map(word => `'${word}'`).join(' ')}`;
	return spawn('script', ['-qec', shell, '/dev/null'], {env, stdio: ['pipe', 'pipe', 'ignore']});
}

const sleep = (durationMs: number): Promise<void> => new Promise(resolve => setTimeout(resolve, durationMs));
const exitOf = (child: ChildProcess): Promise<void> => new Promise(resolve => child.once('exit', () => resolve()));

async function measure(args: readonly string[], data: string): Promise<Watched> {
	const watched = out('watched.json');
	const child = start(args, data, watched);
	child.stdout?.resume();
	const exit = exitOf(child);
	// It stays on the screen until somebody leaves it.
	const leave = args.length > 0 ? undefined : setInterval(() => child.stdin?.write('q'), 8000);
	await exit;
	clearInterval(leave);
	return JSON.parse(readFileSync(watched, 'utf8')) as Watched;
}

/** The longest time from the second SIGINT to the end, at moments all over the run. */
async function measureSecondSignal(args: readonly string[], data: string, wallMs: number): Promise<number> {
	let mostMs = 0;
	for (let moment = 1; moment <= 8; moment++) {
		const child = start(args, data, out('watched.json'));
		child.stdout?.resume();
		let isOver = false;
		const exit = exitOf(child).then(() => {
			isOver = true;
		});
		await sleep((wallMs * moment) / 9);
		child.kill('SIGINT');
		await sleep(30);
		const startedAtMs = performance.now();
		if (!isOver) {
			child.kill('SIGINT');
			await exit;
			mostMs = Math.max(mostMs, performance.now() - startedAtMs);
		}
	}
	return mostMs;
}

const count = Number(process.argv[2] ?? 100_000);
try {
	process.stderr.write(`Writing ${count} files …\n`);
	const data = writeData(count);
	process.stdout.write('| output | peak memory | busy, 99 of 100 | busy, most | second signal | time |\n');
	process.stdout.write('| --- | ---: | ---: | ---: | ---: | ---: |\n');
	for (const [name, args] of Object.entries(OUTPUTS)) {
		const {peakMib, busyMs99, busyMsMost, wallMs} = await measure(args, data);
		// `script` would get the signal in place of the dashboard.
		const signalMs = args.length === 0 ? null : await measureSecondSignal(args, data, wallMs);
		const cells = [
			...[name, `${Math.round(peakMib)} MiB`, `${Math.round(busyMs99)} ms`, `${Math.round(busyMsMost)} ms`],
			...[signalMs === null ? '' : `${Math.round(signalMs)} ms`, `${(wallMs / 1000).toFixed(1)} s`],
		];
		process.stdout.write(`| ${cells.join(' | ')} |\n`);
	}
} finally {
	rmSync(folder, {recursive: true, force: true});
}
