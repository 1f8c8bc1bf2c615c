// What one frame of the dashboard costs: `node test/bench/screen/frame.ts` prints figures. It is no test: figures depend on the
// machine, so nothing is asserted. The dashboard is bundled as it is for the command.
//
// Each frame is what happens ten times a second in a run: 16 files tell their progress, time goes on, the store makes a
// new state, the app renders, Ink paints the difference. CPU time is taken over the whole frame, garbage included.
import {Writable} from 'node:stream';
import {setTimeout as wait} from 'node:timers/promises';
import {parseArgs} from 'node:util';
import type {RunEvent, RunFact} from '../../../source/model/events.ts';
import {createRunState, reduce} from '../../../source/store/reduce.ts';
import {createStore} from '../../../source/store/store.ts';
import type {DashboardOptions} from '../../../source/ui/dashboard.tsx';
import {importBuiltDashboard} from '../../helpers/built-dashboard.ts';
import {VirtualTerminal} from '../../helpers/virtual-terminal.ts';

const {values} = parseArgs({
	options: {
		files: {type: 'string', default: '100000'},
		running: {type: 'string', default: '16'},
		frames: {type: 'string', default: '300'},
		'warm-up': {type: 'string', default: '100'},
		columns: {type: 'string', default: '120'},
		rows: {type: 'string', default: '40'},
		fps: {type: 'string', default: '10'},
		keys: {type: 'string', default: ''},
	},
});
const fileCount = Number(values.files);
const runningCount = Number(values.running);

interface Frame {
	readonly cpuMs: number;
	readonly reduceMs: number;
	readonly bytes: number;
}

const median = (figures: readonly number[]): number => percentile(figures, 0.5);
function percentile(figures: readonly number[], share: number): number {
	const sorted = figures.toSorted((left, right) => left - right);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

const {runDashboard} = await importBuiltDashboard();

let elapsedMs = 0;
let seq = 0;
const store = createStore({initialState: createRunState(), reduce, scheduleFrame: () => {}});
const emit = (fact: RunFact): void => {
	seq++;
	store.dispatch({...fact, seq, at: '2026-01-01T00:00:00.000Z', elapsedMs} satisfies RunEvent);
};
const nameOf = (index: number): string => `data/exports/transactions_${String(index).padStart(6, '0')}.csv`;
emit({
	type: 'run-started',
	version: '0',
	paths: ['data'],
	fileCount,
	bytesTotal: fileCount * 1e8,
	concurrency: runningCount,
	threads: runningCount,
	analyses: [],
});
for (let index = 0; index < fileCount; index++) {
	emit({type: 'file-queued', file: nameOf(index), attempt: 0, bytesTotal: 1e8});
}
const first = Math.max(0, Math.floor(fileCount / 2) - 4);
for (let index = first; index < first + runningCount; index++) {
	emit({type: 'file-started', file: nameOf(index), attempt: 1});
}
store.flush();

const terminal = new VirtualTerminal(Number(values.columns), Number(values.rows));
let bytes = 0;
const stdout = new Writable({
	write(chunk: Buffer, _encoding, onWritten) {
		bytes += chunk.length;
		onWritten();
	},
});
Object.defineProperties(stdout, {
	isTTY: {value: true},
	columns: {value: terminal.columns},
	rows: {value: terminal.rows},
});
void runDashboard({
	store,
	control: {perform: () => ({fileCount: 0, concurrency: 3})} as DashboardOptions['control'],
	now: () => elapsedMs,
	title: './data',
	stdin: terminal.stdin,
	stdout: stdout as unknown as NodeJS.WriteStream,
	look: {
		fps: Number(values.fps),
		altScreen: true,
		ascii: false,
		theme: 'default',
		colorLevel: 3,
	} as DashboardOptions['look'],
	onForceQuit() {},
});
await wait(500);
for (const key of values.keys) {
	terminal.press(key);
	await wait(200);
}

const frameMs = 1000 / Number(values.fps);
const frames: Frame[] = [];
for (let count = 0; count < Number(values.frames) + Number(values['warm-up']); count++) {
	elapsedMs += frameMs;
	bytes = 0;
	const before = process.cpuUsage();
	const reduceStart = performance.now();
	for (let index = first; index < first + runningCount; index++) {
		const bytesRead = (elapsedMs * 1e3 * (1 + (index % 5))) % 1e8;
		const rows = Math.floor(bytesRead / 70);
		emit({
			type: 'file-progressed',
			file: nameOf(index),
			attempt: 1,
			bytesRead,
			rows,
			rejectedRows: 3,
			isPaused: false,
		});
	}
	store.flush();
	const reduceMs = performance.now() - reduceStart;
	await wait(frameMs);
	const {user, system} = process.cpuUsage(before);
	if (count >= Number(values['warm-up'])) frames.push({cpuMs: (user + system) / 1000, reduceMs, bytes});
}

const cpu = frames.map(frame => frame.cpuMs);
const sent = frames.map(frame => frame.bytes);
const mean = (figures: readonly number[]): number => figures.reduce((sum, figure) => sum + figure, 0) / figures.length;
console.log(`${fileCount} files, ${runningCount} running, ${values.columns} x ${values.rows}, ${frames.length} frames`);
console.log(`CPU a frame    median ${median(cpu).toFixed(1)} ms, 95 % ${percentile(cpu, 0.95).toFixed(1)} ms`);
console.log(`store + react  median ${median(frames.map(frame => frame.reduceMs)).toFixed(2)} ms`);
console.log(`bytes a frame  mean ${mean(sent).toFixed(0)}, 95 % ${percentile(sent, 0.95)}`);

// A held run: nothing changes, nothing may be sent.
emit({type: 'run-paused'});
store.flush();
await wait(500);
bytes = 0;
const before = process.cpuUsage();
await wait(2000);
const {user, system} = process.cpuUsage(before);
console.log(`while nothing changes: ${bytes} bytes and ${((user + system) / 1000).toFixed(1)} ms CPU in 2 s`);
process.exit(0);
