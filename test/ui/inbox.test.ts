// The dashboard of a watched folder in whole screens: its files and figures, and what keys do there.
import {setTimeout as wait} from 'node:timers/promises';
import {afterEach, describe, expect, test, vi} from 'vitest';
import {displayWidth} from '../../source/text/width.ts';
import {THEME_NAMES, type ThemeName} from '../../source/ui/look/theme.ts';
import {PATIENT} from '../helpers/patient.ts';
import {KEY} from '../helpers/virtual-terminal.ts';
import {describeColors, golden} from './golden.ts';
import {createSampleFolder, FILES, folderRun, type SampleFolder, statusOf} from './sample-folder.ts';
import {type SampleRun, sampleRun} from './sample-run.ts';
import {leaveAll, type Shown, show} from './show.ts';

afterEach(leaveAll);

async function open(
	columns = 80,
	rows = 24,
	look = {},
	folder = createSampleFolder(),
): Promise<Shown & {folder: SampleFolder; run: SampleRun}> {
	const run = folderRun();
	const shown = show(run, columns, rows, look, {watched: folder});
	await shown.see(/quit\s*$/);
	return {...shown, folder, run};
}

/** What turns has a star in its place. */
const still = (screen: string): string =>
	screen.replaceAll(/[-\\|/](?= {1,2}watching|\s+in work)/g, '*').replaceAll(/[-\\|/](?= in work)/g, '*');

const SIZES = [
	[40, 10],
	[80, 24],
	[120, 40],
	[200, 50],
] as const;

const SCENES: Readonly<Record<string, {readonly keys: string; readonly sign: RegExp}>> = {
	inbox: {keys: '', sign: /AGE/},
	'inbox-details': {keys: 'jjjjj\r', sign: /lies at|1–\d of/},
	'inbox-routes': {keys: 'jjjjjt', sign: /on the route/},
};

describe.each(Object.entries(SCENES))('%s', (view, {keys, sign}) => {
	test.each(SIZES)('at %i x %i', async (columns, rows) => {
		const name = `${view}-${columns}x${rows}`;
		const showIn = async (theme: ThemeName): Promise<string> => {
			const {terminal, see} = await open(columns, rows, {theme});
			if (keys !== '') terminal.press(keys);
			await see(sign);
			if (process.env.UPDATE_GOLDEN === '1') await wait(300);
			const look = async (): Promise<string> => still(await terminal.screen());
			await vi.waitFor(async () => expect(await look()).toBe(golden(`${name}.txt`, await look())), PATIENT);
			const lines = (await look()).split('\n');
			expect(lines.length).toBeLessThanOrEqual(rows);
			for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
			return `${theme}\n${describeColors(await terminal.cells())}`;
		};
		const colors = await Promise.all(THEME_NAMES.map(showIn));
		await leaveAll();
		const text = colors.join('\n\n');
		expect(text).toBe(golden(`${name}.colours.txt`, text));
		expect(text).not.toMatch(/BLUE/);
	});
});

test('in ASCII there is nothing else', async () => {
	const {see} = await open(80, 24, {ascii: true});
	expect(await see('AGE')).not.toMatch(/[^\n -~]/);
});

test('files come and go by themselves; the cursor stays with its file when it is taken', async () => {
	const {terminal, see, seeNo, folder} = await open();
	terminal.press('j');
	await see(/▸ orders_2025-12-31.csv +· waiting/);
	const [first, second, ...others] = FILES;
	if (first === undefined || second === undefined) throw new Error('Expected files');
	const claim = '20260101-120000-ffffffff';
	folder.files = [{...first, file: 'new.csv', key: 'new.csv', cameAt: 2e12}, first, ...others];
	folder.files = [...folder.files, {...second, key: claim, claim, state: 'processing', tag: 'other', attempts: 1}];
	await see('new.csv');
	await see(/▸ orders_2025-12-31.csv +\S in work +other/);
	folder.files = FILES.slice(0, 1);
	await seeNo('large_export.csv');
	await see(/▸ orders_2026-01-01.csv/);
});

test('the oldest ones come first on s, and newest again; pages and ends move the cursor', async () => {
	const {terminal, see} = await open(120);
	expect(await see('AGE ▲')).toMatch(/▸ orders_2026-01-01.csv/);
	terminal.press('s');
	expect(await see('AGE ▼')).toMatch(/▸ january_again.csv/);
	expect(await see('s newest first')).toMatch(/january_again.csv[\s\S]+evil[\s\S]+upload.csv.part/);
	terminal.press('G');
	await see(/▸ upload.csv.part/);
	terminal.press(KEY.pageUp);
	await see(/▸ january_again.csv/);
	terminal.press('S');
	await see('AGE ▲');
});

test('a filter finds states, routes and names, and says what it does not understand', async () => {
	const {terminal, see, seeNo} = await open();
	terminal.press('/');
	terminal.press('status:fail');
	await see('2 of 9');
	await seeNo('january.csv');
	terminal.press('\r');
	expect(await see('/status:fail 2 of 9')).toContain('Esc all files');
	terminal.press(KEY.escape);
	await see('january.csv');
	terminal.press('/');
	terminal.press('tag:trans !large');
	await see('2 of 9');
	terminal.press('\u{15}');
	terminal.press('status:x');
	await see('There is no status “x”, only waiting');
	terminal.press('\r\u{15}');
	terminal.press('size>1');
	await see('0 of 9');
	await see('No file fits.');
	terminal.press(KEY.escape);
	await see('january.csv');
	terminal.press('/');
	terminal.press('size:1');
	await see('There is no “size” to filter by');
});

test('r retries the failed file under the cursor at once, and anywhere else it asks about all of them; R always asks', async () => {
	const {terminal, see, seeNo, run} = await open();
	terminal.press('r');
	await see('Retry 2 failed files?');
	terminal.press('n');
	await seeNo('Retry 2');
	expect(run.requests).toEqual([]);
	terminal.press('jjjjj');
	expect(await see(/▸ people.csv/)).toContain('r retry');
	terminal.press('r');
	await see('Retrying people.csv');
	expect(run.requests).toEqual(['retry claims 20260101-114500-cccccccc']);
	terminal.press('R');
	await see('Retry 2 failed files?');
	terminal.press('y');
	await see('Retrying');
	expect(run.requests.slice(1)).toEqual(['retry claims all-failed']);
});

test('where nothing has failed there is nothing to retry', async () => {
	const {terminal, see, seeNo, folder, run} = await open();
	folder.status = statusOf({last_error: null}, {failed: 0});
	folder.files = FILES.slice(0, 3);
	await seeNo('2 failed');
	terminal.press('R');
	await see('No file has failed: nothing to retry');
	expect(run.requests).toEqual([]);
});

test('a failed file is sent on a route that is chosen from a list', async () => {
	const {terminal, see, seeNo, run} = await open();
	terminal.press('t');
	await see('Only a file that has failed can be sent on another route');
	terminal.press('jjjjjt');
	expect(await see('Retry people.csv on the route')).toMatch(/▸ transactions\s*\n {3}other\s*\n {3}archive/);
	terminal.press('j');
	await see('▸ other');
	terminal.press(KEY.escape);
	await seeNo('on the route');
	terminal.press('tj\r');
	await see('Retrying people.csv on the route');
	expect(run.requests).toEqual(['retry claims 20260101-114500-cccccccc on other']);
});

test('where there is one route only, there is none to choose', async () => {
	const folder = createSampleFolder();
	folder.routes = ['all'];
	const {terminal, see} = await open(120, 40, {}, folder);
	terminal.press('jjjjj');
	expect(await see('r retry')).not.toContain('t route');
	terminal.press('t');
	await see('There is one route only');
});

test('a file that cannot be retried any more is told', async () => {
	const {terminal, see, run} = await open();
	run.retriable = 0;
	terminal.press('jjjjjr');
	await see('people.csv cannot be retried any more');
});

test('p pauses the intake, and says that running files go on', async () => {
	const {terminal, see, run, folder} = await open();
	terminal.press('p');
	await see('Paused: no further file is taken; 1 file that was taken goes on');
	expect(run.requests).toEqual(['pause']);
	run.emit({type: 'run-paused'});
	const reason = {code: 'INTAKE_PAUSED', message: 'It is paused.'} as const;
	folder.status = statusOf({health: {status: 'degraded', reasons: [reason]}});
	await see('‖ paused');
	expect(await see('No further file is taken until it is resumed; 1 file in work goes on.')).toBeTruthy();
	terminal.press('p');
	await see('Going on: files are taken again');
	expect(run.requests).toEqual(['pause', 'resume']);
});

test('a file without an accepted record is not shown as one that went well', async () => {
	const {see, folder} = await open();
	const [done] = FILES.filter(({state}) => state === 'completed');
	if (done === undefined) throw new Error('Expected a file that is done');
	const like = (file: string, rows: number | null, rejectedRows: number | null) => ({
		...{...done, file, key: file, rows, rejectedRows},
	});
	folder.files = [like('a.gz', 0, 0), like('b.csv', 3, 3), like('c.csv', 3, 2), like('d.bin', null, null)];
	const screen = await see('d.bin');
	expect(screen).toMatch(/a\.gz +! empty/);
	expect(screen).toMatch(/b\.csv +! rejected/);
	expect(screen).toMatch(/c\.csv +✔ done/);
	expect(screen).toMatch(/d\.bin +✔ done/);
});

test('what is in the way of the folder stands at the top', async () => {
	const {see, folder} = await open();
	const reasons = [
		{
			code: 'DISK_FULL',
			message: 'Its disk has 3 MB left, so no more files are taken: make room, and it goes on by itself.',
		},
		{code: 'CRASH_LOOP', message: 'a.csv was given up.'},
	] as const;
	folder.status = statusOf({health: {status: 'degraded', reasons}});
	expect(await see('! Its disk has 3 MB left')).toMatch(/… {2}\+ 1 more$/m);
});

test('leaving asks what is being worked on; a second q confirms', async () => {
	const {terminal, see, run} = await open();
	terminal.press('q');
	await see('Stop watching? (1 file in work, 3 waiting)');
	terminal.press('q');
	await see('Stopping …');
	expect(run.requests).toEqual(['stop']);
});

test('1 and 6 lead to the list from anywhere, Tab goes round, and keys of a batch are not there', async () => {
	const {terminal, see, run} = await open();
	terminal.press('3');
	await see('THROUGHPUT');
	terminal.press('1');
	await see('AGE ▲');
	terminal.press('4');
	// Not as of a run that ends.
	expect(await see('No further file is taken')).not.toContain('The run is paused');
	terminal.press('6');
	await see('AGE ▲');
	terminal.press('?');
	const help = await see('KEYS');
	expect(help).not.toContain('Cancel the marked files');
	terminal.press('?x+ P5');
	await see('AGE ▲');
	expect(run.requests).toEqual([]);
	terminal.press('\t\t\t\t');
	await see('AGE ▲');
});

test('rows, the heading and the wheel answer to the mouse', async () => {
	const {terminal, see} = await open();
	const click = (row: number): void => terminal.press(`\u{1b}[<0;5;${row}M\u{1b}[<0;5;${row}m`);
	const rowOf = async (text: string): Promise<number> =>
		(await see(text)).split('\n').findIndex(line => line.includes(text)) + 1;
	click(await rowOf('large_export.csv'));
	await see('▸ large_export.csv');
	click(await rowOf('large_export.csv'));
	await see('lies at');
	terminal.press(KEY.escape);
	click(await rowOf('AGE ▲'));
	await see('AGE ▼');
});

test('of many files only the rows on the screen are there, and the others are counted', async () => {
	const {terminal, see, folder} = await open();
	const [first] = FILES;
	if (first === undefined) throw new Error('Expected a file');
	folder.files = Array.from({length: 3000}, (_, index) => ({
		...first,
		key: `${index}`,
		file: `${index}.csv`,
		cameAt: index,
	}));
	await see('of 3,000');
	terminal.press('G');
	expect(await see('↑ 2,988 above')).toMatch(/▸ 0.csv/);
});

test('beside the files of a run the folder is one view more, and its files are none of the run', async () => {
	const run = sampleRun();
	const [first, ...others] = FILES;
	if (first === undefined) throw new Error('Expected a file');
	const name = 'transactions_005.csv';
	const folder = createSampleFolder();
	folder.files = [{...first, file: name, key: name, place: `unprocessed/${name}`, state: 'waiting'}, ...others];
	const beside = {...folder, look: folder.look, isBeside: true as const, noChanges: 'It is only seen from here'};
	const {terminal, see} = show(run, 120, 30, {}, {watched: beside});
	await see(`▸ ${name}`);
	terminal.press('6');
	const inbox = await see(/AGE ▲/);
	expect(inbox).toMatch(/Esc tasks/);
	expect(inbox).toContain('/srv/inbox');
	expect(inbox.split('\n').at(-1)).not.toMatch(/retry|route/);
	terminal.press('\r');
	await see(/lies at +unprocessed\/transactions_005\.csv/);
	terminal.press('x');
	terminal.press(KEY.escape);
	await see('AGE ▲');
	terminal.press('jjjjjr');
	await see('It is only seen from here');
	terminal.press('R');
	terminal.press(':');
	terminal.press('sort\r');
	await see('AGE ▼');
	terminal.press(KEY.escape);
	terminal.press(KEY.escape);
	await see(`▸ ${name}`);
	expect(run.requests).toEqual([]);
});
