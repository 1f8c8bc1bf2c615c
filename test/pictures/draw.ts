// `npm run pictures`: draws the screens of a recorded run for the README, on dark and on light.
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {importBuiltDashboard} from '../helpers/built-dashboard.ts';
import {type DrawnCell, VirtualTerminal} from '../helpers/virtual-terminal.ts';
import {recordedRun} from '../ui/recorded-run.ts';
import {DARK, LIGHT, screenToSvg} from './screen-to-svg.ts';

process.env.CI = 'false';

const FOLDER = 'fixtures/pictures';
const SCREENS = [
	{name: 'files', keys: '', columns: 120, rows: 34, title: 'The list of files while a run is on'},
	{
		name: 'overview',
		keys: '3',
		columns: 120,
		rows: 40,
		title: 'The whole run: throughput, figures, failures by reason',
	},
	{name: 'details', keys: '\r', columns: 120, rows: 37, title: 'One file, live: figures, amounts over time, rejects'},
];

const {runDashboard} = await importBuiltDashboard();
mkdirSync(FOLDER, {recursive: true});
for (const {name, keys, columns, rows, title} of SCREENS) {
	for (const [background, surroundings] of [
		['dark', DARK],
		['light', LIGHT],
	] as const) {
		const run = await recordedRun();
		const terminal = new VirtualTerminal(columns, rows);
		const left = runDashboard({
			store: run.store,
			control: run.control,
			now: run.now,
			title: './exports',
			stdin: terminal.stdin,
			stdout: terminal.stdout,
			look: {fps: 30, altScreen: true, ascii: false, theme: 'default', colorLevel: 3, background},
			onForceQuit() {},
		});
		await wait(300);
		for (const key of keys) {
			terminal.press(key);
			// Amounts over time are for who stays half a second to look.
			await wait(1000);
		}
		const path = join(FOLDER, `${name}-${background}.svg`);
		writeFileSync(path, screenToSvg(withStillSpinner(await terminal.cells()), title, surroundings));
		console.log(path);
		terminal.press('\u{3}\u{3}');
		await left;
	}
}
process.exit(0);

/** The header's spinner has a clock of its own: a picture that is drawn anew must not differ by it. */
function withStillSpinner(lines: DrawnCell[][]): DrawnCell[][] {
	return lines.map((cells, row) =>
		cells.map(cell =>
			row === 0 && /[-\\|]/.test(cell.text) && cell.color !== 'default' ? {...cell, text: '/'} : cell,
		),
	);
}
