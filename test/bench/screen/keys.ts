// How long after a key the screen changes, while all threads are busy: `npm run bench:keys -- <folder with a minute of
// work>` prints figures. It is no test: figures depend on the machine, so nothing is asserted.
//
// The built command runs on a pty of 120×40. Keys are pressed at odd moments, so that they meet the frames anywhere; each
// is a move of the cursor, which changes the screen at once. Frames that come by themselves are told from an answer by what
// is in it: only a move paints the mark of the cursor's row.
import {setTimeout as wait} from 'node:timers/promises';
import {spawn} from '@lydell/node-pty';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Which folder? It should hold two hundred files, and a minute of work');
const PRESSES = 200;
const CURSOR = '▸';

const terminal = spawn(process.execPath, ['dist/cli.js', folder], {
	cols: 120,
	rows: 40,
	env: {...process.env, CI: 'false', LANG: 'C.UTF-8', TERM: 'xterm-256color'},
});
let heard: (data: string) => void = () => {};
let hasEnded = false;
terminal.onData(data => heard(data));
terminal.onExit(() => {
	hasEnded = true;
});

/** Resolves with how long it took, in ms, until the mark was painted; `null` when it was not within a second. */
const press = (key: string): Promise<number | null> =>
	new Promise(resolve => {
		const startedAtMs = performance.now();
		const timer = setTimeout(() => resolve(null), 1000);
		heard = data => {
			if (!data.includes(CURSOR)) return;
			clearTimeout(timer);
			heard = () => {};
			resolve(performance.now() - startedAtMs);
		};
		terminal.write(key);
	});

await wait(3000);
const times: number[] = [];
let missed = 0;
for (let count = 0; count < PRESSES && !hasEnded; count++) {
	await wait(90 + Math.random() * 120);
	const ms = await press(count % 40 < 20 ? 'j' : 'k');
	if (ms === null) missed++;
	else times.push(ms);
}
terminal.kill('SIGINT');
times.sort((left, right) => left - right);
const at = (share: number): string => (times[Math.floor((times.length - 1) * share)] ?? Number.NaN).toFixed(1);
console.log(`${times.length} keys, ${missed} without an answer${hasEnded ? ', then the run was over' : ''}`);
console.log(`key to screen: median ${at(0.5)} ms, p90 ${at(0.9)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`);
process.exit(0);
