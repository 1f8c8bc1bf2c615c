// What further workers are worth: `npm run bench:workers`. The built program reads by a queue on a Redis of its own:
//
//   - objects of a store that takes its time for each answer, with 1, 2 and 4 workers of one thread: many objects, and one large one in parts.
//     What each run takes beside its reading is measured, too: by a run of one small object
//   - files of this machine, with two workers of one thread each and with one worker of two threads, in turn
//
// It is no test: figures depend on the machine, so nothing is asserted but that all reports are the same.
import {type ChildProcess, execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, readdirSync, readFileSync, rmSync, statSync} from 'node:fs';
import {type AddressInfo, connect, createServer} from 'node:net';
import {loadavg, tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {nameOfObject, SMALL_OBJECT, startSlowStore} from './slow-store.ts';

const {values} = parseArgs({
	options: {
		delay: {type: 'string', default: '400'},
		objects: {type: 'string', default: '160'},
		rows: {type: 'string', default: '60000'},
		'large-mb': {type: 'string', default: '2048'},
		pairs: {type: 'string', default: '5'},
		only: {type: 'string', default: 'objects,large,local'},
		cli: {type: 'string', default: fileURLToPath(new URL('../../../dist/cli.js', import.meta.url))},
	},
});
const WORKER_COUNTS = [1, 2, 4] as const;
const folder = mkdtempSync(join(tmpdir(), 'fileproc-tui-workers-'));
const children = new Set<ChildProcess>();
process.on('exit', () => {
	for (const child of children) child.kill('SIGKILL');
	rmSync(folder, {recursive: true, force: true});
});

function start(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
	const child = spawn(command, args, {stdio: ['ignore', 'pipe', 'pipe'], env: {...process.env, ...environment}});
	children.add(child);
	child.once('exit', () => children.delete(child));
	return child;
}

async function end(child: ChildProcess): Promise<void> {
	child.kill('SIGKILL');
	if (children.has(child)) await once(child, 'exit');
}

async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const {port} = server.address() as AddressInfo;
	server.close();
	await once(server, 'close');
	return port;
}

async function untilOpen(port: number): Promise<void> {
	for (;;) {
		const socket = connect(port, '127.0.0.1');
		const isOpen = await new Promise<boolean>(resolve => {
			socket.once('connect', () => resolve(true));
			socket.once('error', () => resolve(false));
		});
		socket.destroy();
		if (isOpen) return;
		await wait(50);
	}
}

/** Of all threads that a process has had, in seconds. */
function cpuSecondsOf({pid}: ChildProcess): number {
	const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
	return (Number(fields[11]) + Number(fields[12])) / 100;
}

interface Measuring {
	readonly environment: NodeJS.ProcessEnv;
	/** What workers read before. */
	readonly warmUp: string | null;
	readonly requestCount: () => number;
}

interface Measured {
	readonly requests: number;
	readonly seconds: number;
	/** Of the workers. */
	readonly cpuSeconds: number;
	readonly report: string;
}

/** @param threads - Of each worker. */
async function measure(
	url: string,
	what: string,
	threads: readonly number[],
	{environment = {}, warmUp = null, requestCount = () => 0}: Partial<Measuring> = {},
): Promise<Measured> {
	const environmentOfAll = {...environment, FILEPROC_QUEUE_SECRET: 'bench'};
	const workers = threads.map(count =>
		start(process.execPath, [values.cli, 'worker', '--queue', url, '--threads', String(count)], environmentOfAll),
	);
	for (const worker of workers) {
		let said = '';
		worker.stderr?.on('data', text => {
			said += text;
		});
		while (!said.includes('takes files')) {
			if (worker.exitCode !== null) throw new Error(`A worker has ended: ${said}`);
			await wait(20);
		}
	}
	// Workers are there for many runs, so what each of their threads needs for its first file is no part of this one.
	if (warmUp !== null)
		for (let count = 0; count < 2 * threads.length; count++) await runOnce(url, warmUp, environmentOfAll);
	await wait(500);
	const before = workers.reduce((sum, worker) => sum + cpuSecondsOf(worker), 0);
	const requestsBefore = requestCount();
	const {seconds, report} = await runOnce(url, what, environmentOfAll);
	const cpuSeconds = workers.reduce((sum, worker) => sum + cpuSecondsOf(worker), 0) - before;
	await Promise.all(workers.map(end));
	return {seconds, cpuSeconds, requests: requestCount() - requestsBefore, report: withoutTimes(report)};
}

async function runOnce(
	url: string,
	what: string,
	environment: NodeJS.ProcessEnv,
): Promise<{readonly seconds: number; readonly report: string}> {
	const startedAt = performance.now();
	const words = ['--queue', url, '--json', '--force', '--analysis', 'transactions', '--concurrency', '16'];
	const run = start(process.execPath, [values.cli, what, ...words], environment);
	let [report, said] = ['', ''];
	run.stdout?.on('data', text => {
		report += text;
	});
	run.stderr?.on('data', text => {
		said += text;
	});
	const [code] = (await once(run, 'close')) as [number];
	if (code !== 0) throw new Error(`The run ended with ${code}: ${said}${report.slice(0, 500)}`);
	return {seconds: (performance.now() - startedAt) / 1000, report};
}

/** Figures, and nothing of how fast they came. */
function withoutTimes(report: string): string {
	const {totals, analyses} = JSON.parse(report) as {totals: Record<string, unknown>; analyses: unknown};
	return JSON.stringify({totals: {...totals, processing_time: 0}, analyses});
}

function assertSame(reports: readonly string[]): void {
	if (new Set(reports).size > 1) throw new Error('The reports are not the same');
}

const say = (text: string): void => {
	process.stdout.write(`${text}\n`);
};
const tell = (text: string): void => {
	process.stderr.write(`${text}\n`);
};

const mb = (bytes: number): number => Math.round(bytes / 1e6);
const twoDigits = (value: number): string => value.toFixed(2);
const load = (): string => twoDigits(loadavg()[0] ?? 0);

async function measureStore(url: string, title: string, data: Uint8Array, count: number): Promise<void> {
	const store = await startSlowStore({data, count, small}, Number(values.delay));
	const environment = {
		...{AWS_ENDPOINT_URL_S3: store.endpoint, AWS_REGION: 'eu-central-1'},
		...{AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench'},
	};
	const what = count === 1 ? `s3://slow/${nameOfObject(0)}` : 's3://slow/part-*.csv';
	say(`\n${title}: ${count} × ${mb(data.length)} MB, ${values.delay} ms before each answer; load average ${load()}\n`);
	const smallObject = `s3://slow/${SMALL_OBJECT}`;
	const reading = {environment, warmUp: smallObject, requestCount: store.requestCount};
	const fixed = await measure(url, smallObject, [1], reading);
	say(
		`A run of one small object takes ${twoDigits(fixed.seconds)} s, whatever the workers: so much is beside the reading of each.\n`,
	);
	say(
		'| workers of one thread | seconds | requests | times as fast | of what they could be | without the fixed part |',
	);
	say('| --- | --- | --- | --- | --- | --- |');
	const reports: string[] = [];
	let alone = 0;
	for (const workers of WORKER_COUNTS) {
		const {seconds, report, requests} = await measure(url, what, Array(workers).fill(1), reading);
		reports.push(report);
		if (workers === 1) alone = seconds;
		const faster = alone / seconds;
		const fasterReading = (alone - fixed.seconds) / (seconds - fixed.seconds);
		say(
			`| ${workers} | ${twoDigits(seconds)} | ${requests} | ${twoDigits(faster)} | ${twoDigits(faster / workers)} | ${twoDigits(fasterReading / workers)} |`,
		);
	}
	assertSame(reports);
	await store.close();
}

async function measureLocal(url: string): Promise<void> {
	const files = join(folder, 'local');
	execFileSync(process.execPath, [values.cli, 'generate', files, '--files', '8', '--rows', '600000'], {
		stdio: 'ignore',
	});
	const bytes = readdirSync(files).reduce((sum, name) => sum + statSync(join(files, name)).size, 0);
	say(`\nFiles of this machine: 8 files, ${mb(bytes)} MB, in turn, ${values.pairs} times; load average ${load()}\n`);
	say('| | two workers of one thread | one of two threads | ratio |');
	say('| --- | --- | --- | --- |');
	const ratios: Array<{readonly seconds: number; readonly cpuSeconds: number}> = [];
	for (let pair = 1; pair <= Number(values.pairs); pair++) {
		const two = await measure(url, files, [1, 1]);
		const one = await measure(url, files, [2]);
		assertSame([two.report, one.report]);
		const ratio = {seconds: two.seconds / one.seconds, cpuSeconds: two.cpuSeconds / one.cpuSeconds};
		ratios.push(ratio);
		for (const what of ['seconds', 'cpuSeconds'] as const)
			say(
				`| ${pair}: ${what === 'seconds' ? 'seconds' : 'processor seconds of the workers'} | ${twoDigits(two[what])} | ${twoDigits(one[what])} | ${twoDigits(ratio[what])} |`,
			);
	}
	const median = (of: (ratio: (typeof ratios)[number]) => number): string =>
		twoDigits(ratios.map(of).sort((left, right) => left - right)[ratios.length >> 1] ?? Number.NaN);
	say(
		`| median | | | ${median(({seconds}) => seconds)} by the clock, ${median(({cpuSeconds}) => cpuSeconds)} of processor time |`,
	);
}

/** A file of records, repeated to so many bytes. */
function dataOf(rows: string, atLeastBytes = 0): Uint8Array {
	const made = join(folder, `rows-${rows}`);
	execFileSync(process.execPath, [values.cli, 'generate', made, '--files', '1', '--rows', rows], {stdio: 'ignore'});
	const [name = ''] = readdirSync(made);
	const data = readFileSync(join(made, name));
	const records = data.subarray(data.indexOf(10) + 1);
	const times = Math.ceil(Math.max(0, atLeastBytes - data.length) / records.length);
	return Buffer.concat([data, ...Array<Uint8Array>(times).fill(records)]);
}

const port = await freePort();
start('redis-server', [
	'--port',
	String(port),
	'--bind',
	'127.0.0.1',
	'--dir',
	folder,
	'--save',
	'',
	'--appendonly',
	'yes',
]);
await untilOpen(port);
const url = `redis://127.0.0.1:${port}`;
const only = values.only.split(',');
const small = dataOf('2000');
tell(`Redis at ${url}; data in ${folder}`);
if (only.includes('objects')) await measureStore(url, 'Objects', dataOf(values.rows), Number(values.objects));
if (only.includes('large'))
	await measureStore(url, 'One large object, read in parts', dataOf('200000', Number(values['large-mb']) * 1e6), 1);
if (only.includes('local')) await measureLocal(url);
process.exit();
