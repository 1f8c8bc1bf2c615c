// What it costs a run that others follow it: `node test/bench/share.ts`. A run by itself and one with a viewer at 5 kB/s, one that has stalled and
// one beside it take turns; what is compared is the processor time of the run alone, so other programs on the machine count little. Runs are short and many: each pair
// is spoilt by what the caches and the clock of the machine do meanwhile, and of many the trimmed mean says how sure it is. Viewers are served by the main thread alone,
// so what it takes more is what they cost, without the noise of the threads that read; that of all threads is said, too.
// It also says how large the frames of the viewer beside it were. It is no test: figures depend on the machine, so nothing is asserted.
import {execFileSync, spawn} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {connect, createServer, type Socket} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {WebSocket} from 'ws';
import {SUBPROTOCOL} from '../../source/share/messages.ts';
import {type Estimate, trimmedMean} from './measure/statistics.ts';

const {values} = parseArgs({
	options: {
		pairs: {type: 'string', default: '40'},
		files: {type: 'string', default: '4'},
		rows: {type: 'string', default: '100000'},
		analysis: {type: 'string', default: 'quality'},
		cli: {type: 'string', default: fileURLToPath(new URL('../../dist/cli.js', import.meta.url))},
	},
});
const SLOW_BYTES_PER_SECOND = 5000;
const [TURN_MS, ANSWER_MS] = [100, 20];

const folder = mkdtempSync(join(tmpdir(), 'fileproc-tui-share-'));
process.on('exit', () => rmSync(folder, {recursive: true, force: true}));
const data = join(folder, 'data');
mkdirSync(data);
execFileSync(process.execPath, [
	values.cli,
	'generate',
	data,
	'--files',
	values.files,
	'--rows',
	values.rows,
	'--malformed',
	'0.001',
]);

interface Frames {
	count: number;
	bytes: number;
}

/** Takes each frame as it comes, as `attach` does. */
function follow(path: string, frames: Frames): WebSocket {
	const socket = new WebSocket(`ws+unix:${path}:/`, SUBPROTOCOL, {perMessageDeflate: false});
	socket.on('error', () => {});
	socket.on('message', text => {
		const message = JSON.parse(String(text)) as {type: string; number: number};
		if (message.type !== 'frame') return;
		frames.count++;
		frames.bytes += Buffer.byteLength(String(text));
		socket.send(JSON.stringify({type: 'taken', frame: message.number}));
	});
	return socket;
}

/** A socket behind which the run is reached at so many bytes a second. */
async function slowDown(path: string): Promise<string> {
	const slow = join(folder, `slow-${Math.random()}`);
	const sockets = new Set<Socket>();
	const server = createServer(client => {
		const behind = connect(path);
		for (const socket of [client, behind]) {
			sockets.add(socket);
			socket.on('error', () => {});
			socket.on('close', () => {
				client.destroy();
				behind.destroy();
			});
		}
		client.pipe(behind);
		behind.on('readable', () => {});
		const timer = setInterval(() => {
			const bytes = behind.read(
				Math.min(behind.readableLength, (SLOW_BYTES_PER_SECOND * TURN_MS) / 1000),
			) as Buffer | null;
			if (bytes !== null) client.write(bytes);
		}, TURN_MS);
		client.on('close', () => clearInterval(timer));
	});
	server.unref();
	await new Promise<void>(resolve => server.listen(slow, resolve));
	return slow;
}

interface CpuUsage {
	readonly user: number;
	readonly system: number;
}

const toMs = ({user, system}: CpuUsage): number => (user + system) / 1000;

/** Milliseconds of processor time. */
interface Cost {
	readonly allMs: number;
	/** Viewers are served by the main thread, which has little else to do: what they cost shows there, where the noise of all threads would hide it. */
	readonly mainMs: number;
}

async function run(isFollowed: boolean, frames: Frames): Promise<Cost> {
	const [path, report] = [join(folder, `run-${Math.random()}`), join(folder, 'cpu.json')];
	const words = [values.cli, data, '--plain', '--analysis', values.analysis, '--listen', path];
	const preload = fileURLToPath(new URL('measure/cpu-process.cjs', import.meta.url));
	const child = spawn(process.execPath, ['--require', preload, ...words], {
		env: {...process.env, CPU_TO: report},
		stdio: ['ignore', 'ignore', 'inherit'],
	});
	const ended = new Promise<void>(resolve => child.once('exit', () => resolve()));
	const viewers: WebSocket[] = [];
	if (isFollowed) {
		for (let isThere = false; !isThere; await wait(ANSWER_MS))
			isThere = await new Promise<boolean>(resolve => {
				const probe = connect(path, () => resolve(true)).on('error', () => resolve(false));
				probe.on('connect', () => probe.destroy());
			});
		viewers.push(follow(path, frames), follow(await slowDown(path), {count: 0, bytes: 0}));
		const stalled = new WebSocket(`ws+unix:${path}:/`, SUBPROTOCOL);
		stalled.on('open', () => stalled.pause()).on('error', () => {});
		viewers.push(stalled);
	}
	await ended;
	for (const viewer of viewers) viewer.terminate();
	const all = JSON.parse(readFileSync(report, 'utf8')) as CpuUsage & {readonly main: CpuUsage};
	return {allMs: toMs(all), mainMs: toMs(all.main)};
}

const percent = (share = 0): string => `${(share * 100).toFixed(2)} %`;
const showEstimate = ({mean, least, most}: Estimate): string =>
	`${percent(mean)} (95 % sure: ${percent(least)} to ${percent(most)})`;
const showCost = ({allMs, mainMs}: Cost): string => `${allMs.toFixed(0)} ms (${mainMs.toFixed(0)})`;

const frames: Frames = {count: 0, bytes: 0};
const [ratios, shares]: [number[], number[]] = [[], []];
await run(false, frames);
for (let pair = 1; pair <= Number(values.pairs); pair++) {
	// Each is the first one of every other pair.
	const first = await run(pair % 2 === 0, frames);
	const second = await run(pair % 2 !== 0, frames);
	const [alone, followed] = pair % 2 === 0 ? [second, first] : [first, second];
	ratios.push(followed.allMs / alone.allMs - 1);
	shares.push((followed.mainMs - alone.mainMs) / alone.allMs);
	process.stdout.write(
		`${showCost(alone)} alone, ${showCost(followed)} followed, ${percent(ratios.at(-1))}, of the main thread ${percent(shares.at(-1))}\n`,
	);
}
process.stdout.write(
	`viewers cost ${showEstimate(trimmedMean(shares))} of the run by its main thread, ${showEstimate(trimmedMean(ratios))} by all threads; ${frames.count} frames of ${Math.round(frames.bytes / Math.max(1, frames.count))} bytes on average\n`,
);
process.exit();
