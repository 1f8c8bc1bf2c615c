// Many files that are dropped at once into a folder that is watched: whether each is taken once and counted right, how long that takes, and the memory of
// the watch. On Linux, by hand:
//
//   npm run test:kills watch-storm                    30,000 files
//   npm run test:kills watch-storm -- --files 1000
import {mkdirSync, mkdtempSync, opendirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {parseArgs} from 'node:util';
import {HEADER, WITHOUT_AMOUNT} from '../helpers/command.ts';
import {startWatching} from '../helpers/watch-kills.ts';
import {accountFor, type Drop} from '../helpers/watched-account.ts';

const {values} = parseArgs({
	options: {
		files: {type: 'string', default: '30000'},
		/** Another build of the command. */
		cli: {type: 'string'},
	},
});
const count = Number(values.files);
if (!(count >= 1)) throw new Error('Expected --files from 1.');
const folder = mkdtempSync(join(tmpdir(), 'fileproc-tui-storm-'));
const [root, staging] = [join(folder, 'watched'), join(folder, 'staging')];

function say(text: string): void {
	process.stdout.write(`${text}\n`);
}

/** One of a hundred fails, and one of fifty has the content of another. */
function bodyOf(number: number): string {
	if (number % 100 === 7) return `${WITHOUT_AMOUNT}T${number},C1,1.50,2024-01-01,food\n`;
	const own = number % 50 === 3 ? 1 : number;
	const lines = Array.from({length: 1 + (own % 30)}, (_, row) => {
		const amount = `${(own * 31 + row) % 997}.${10 + (own % 90)}`;
		return `T${own}-${row},C${(own + row) % 97},${amount},2024-0${1 + (row % 9)}-01,category ${own % 7}\n`;
	});
	return `${HEADER}\n${lines.join('')}`;
}

/** Without keeping their names. */
function countIn(name: string): number {
	const entries = opendirSync(join(root, name));
	let found = 0;
	while (entries.readSync() !== null) found++;
	entries.closeSync();
	return found;
}

const peakMegabytes = (pid: number): number =>
	Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);
/** Of the process and of those that it has waited for. */
const cpuSeconds = (pid: number): number => {
	const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
	return [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]) / 100, 0);
};

for (const path of [join(root, 'unprocessed'), staging]) mkdirSync(path, {recursive: true});
const drops: Drop[] = Array.from({length: count}, (_, number) => {
	const drop = {name: Buffer.from(`${number}.csv`), body: Buffer.from(bodyOf(number))};
	writeFileSync(join(staging, `${number}.csv`), drop.body);
	return drop;
});
const told = new Map<string, number>();
const onLine = (line: string): void => {
	const type = /^\{"type":"([\w-]+)"/.exec(line)?.[1] ?? '';
	told.set(type, (told.get(type) ?? 0) + 1);
};
const watching = startWatching(root, {flags: ['--jsonl'], onLine, cli: values.cli});
while (!told.has('folder-status')) await wait(20);
const before = peakMegabytes(watching.pid);
const startedMs = performance.now();
for (let number = 0; number < count; number++)
	renameSync(join(staging, `${number}.csv`), join(root, 'unprocessed', `${number}.csv`));
const droppedMs = performance.now();
const failed = drops.filter((_, number) => number % 100 === 7).length;
// A failed one has a reason beside it.
while (countIn('processed') + countIn('failed') < count + failed) {
	if (watching.isOver()) throw new Error(`The process has ended by itself: ${JSON.stringify(await watching.ended)}`);
	await wait(200);
}
const seconds = (performance.now() - startedMs) / 1000;
const [peak, cpu] = [peakMegabytes(watching.pid), cpuSeconds(watching.pid)];
watching.kill('SIGTERM');
const {code, stderr} = await watching.ended;
say(
	`dropped within ${((droppedMs - startedMs) / 1000).toFixed(1)} s, all at their places after ${seconds.toFixed(1)} s`,
);
say(`${cpu.toFixed(1)} s of CPU; ${before} MB before, ${peak} MB at most; ended with ${code} ${stderr}`);
const [completed = 0, hasFailed = 0, skipped = 0] = ['completed', 'failed', 'skipped'].map(what =>
	told.get(`file-${what}`),
);
const {faults} = accountFor(root, drops);
say(`${completed} completed, ${hasFailed} failed, ${skipped} skipped; ${faults.length} faults`);
for (const fault of faults.slice(0, 30)) say(`  ${fault}`);
if (faults.length > 0 || completed + hasFailed + skipped !== count) process.exitCode = 1;
else rmSync(folder, {recursive: true, force: true});
