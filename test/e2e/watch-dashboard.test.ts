// The dashboard of a watched folder: the built command on a real terminal, with files that come and go.
import {existsSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test, vi} from 'vitest';
import {createFolder, startCommand, transactions} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';
import {Robot, whyNoTerminal} from '../helpers/pty.ts';

/** Tables that are no transactions fail on the first one. */
const ROUTES = {
	watch: {
		routes: [
			{tag: 'strict', match: {name: '*.csv'}, steps: [{processor: 'analyze', with: {analysis: ['transactions']}}]},
			{tag: 'loose', match: 'any', steps: [{processor: 'analyze', with: {}}]},
		],
	},
};

function createInbox(): {inbox: string; flags: string[]; drop: (name: string, text: string) => void} {
	const folder = createFolder();
	const [inbox, routes] = [join(folder, 'inbox'), join(folder, 'routes.json')];
	writeFileSync(routes, JSON.stringify(ROUTES));
	return {
		inbox,
		flags: ['--routes', routes, '--settle', '0.1', '--poll', '0.1'],
		drop: (name, text) => writeFileSync(join(inbox, 'unprocessed', name), text),
	};
}

const namesIn = (...folder: string[]): string[] =>
	readdirSync(join(...folder)).map(name => name.replace(/^[^_]*__/, ''));

test.skipIf(whyNoTerminal !== null)(
	'files are seen coming and going, a failed one is retried on another route, and q leaves in order',
	async () => {
		const {inbox, flags, drop} = createInbox();
		const robot = Robot.command(['watch', inbox, ...flags], {cwd: inbox.slice(0, -6)});
		await robot.waitForScreen('There is no file yet: drop some into unprocessed/.');
		drop('good.csv', transactions(20));
		await robot.waitForScreen(/good\.csv +✔ done +strict +analyze/);
		drop('people.csv', 'name,city\nAda,London\n');
		drop('late.csv.part', 'not');
		await robot.waitForScreen(/▸ people\.csv +✖ failed +MISSING_COLUMN/);
		expect(await robot.waitForScreen('» 1 not taken')).toMatch(/late\.csv\.part +» not taken/);
		robot.press('\r');
		await robot.waitForScreen(/lies at +failed\/\S+__people\.csv/);
		robot.press('\u{1b}');
		await robot.waitForScreen('AGE');
		robot.press('r');
		await robot.waitForScreen('Retrying people.csv');
		// It fails again, as another claim: nothing doubles.
		await vi.waitFor(
			() => expect(namesIn(inbox, 'failed').sort()).toEqual(['people.csv', 'people.csv.reason.json']),
			PATIENT,
		);
		await robot.waitForScreen('last hour 3 files');
		await robot.waitForScreen(/✔ 1 done +✖ 1 failed/);
		await robot.waitForScreen(/▸ people\.csv +✖ failed/);
		robot.press('t');
		await robot.waitForScreen('Retry people.csv on the route');
		robot.press('j');
		await robot.waitForScreen('▸ loose');
		robot.press('\r');
		await robot.waitForScreen(/people\.csv +✔ done +loose/);
		expect(await robot.waitForScreen('✔ 2 done')).not.toMatch(/\d failed/);
		expect(namesIn(inbox, 'failed')).toEqual([]);
		expect(namesIn(inbox, 'processed').sort()).toEqual(['good.csv', 'people.csv']);
		robot.press('p');
		await robot.waitForScreen('‖ No further file is taken until it is resumed');
		drop('other.csv', transactions(30));
		await robot.waitForScreen('· 1 waiting');
		robot.press('q');
		await robot.waitForScreen('Stop watching?');
		robot.press('y');
		expect(await robot.exit).toBe(0);
		await robot.expectRestored();
		expect(await robot.scrollback()).toMatch(
			/^Stopped watching \S+\/inbox: 4 files .*\nIn the folder: 1 waiting, 0 in work, 2 completed, 0 failed/m,
		);
		expect(existsSync(join(inbox, 'unprocessed/other.csv'))).toBe(true);
	},
);

test.skipIf(whyNoTerminal !== null)(
	'what failed in an earlier process is listed, and R retries all of it',
	async () => {
		const {inbox, flags, drop} = createInbox();
		const first = startCommand(['watch', inbox, ...flags, '--jsonl', '--once']);
		await first.ended;
		for (let index = 0; index < 5; index++) drop(`people-${index}.csv`, `name,city\nAda${index},London\n`);
		await startCommand(['watch', inbox, ...flags, '--once', '--jsonl']).ended;
		expect(namesIn(inbox, 'failed')).toHaveLength(10);
		writeFileSync(flags[1] ?? '', JSON.stringify({watch: {routes: [ROUTES.watch.routes[1]]}}));
		const robot = Robot.command(['watch', inbox, ...flags], {cwd: inbox.slice(0, -6)});
		await robot.waitForScreen('✖ 5 failed');
		robot.press('R');
		await robot.waitForScreen('Retry 5 failed files?');
		robot.press('y');
		await robot.waitForScreen('✔ 5 done');
		expect(namesIn(inbox, 'failed')).toEqual([]);
		robot.kill('SIGTERM');
		await robot.exit;
		await robot.expectRestored();
	},
);

test.skipIf(whyNoTerminal !== null)(
	'what is told meanwhile stands in the last line, and the watch goes on',
	async () => {
		const {inbox, flags, drop} = createInbox();
		const robot = Robot.command(['watch', inbox, ...flags], {cwd: inbox.slice(0, -6)});
		await robot.waitForScreen('There is no file yet');
		drop('people.csv', 'name,city\nAda,London\n');
		await robot.waitForScreen(/▸ people\.csv +✖ failed/);
		for (const name of readdirSync(join(inbox, 'failed'))) rmSync(join(inbox, 'failed', name));
		robot.press('r');
		// The screen may have seen already that the file is gone: then it asks for all that have failed.
		const shown = await robot.waitForScreen(/Retry 1 failed file|people\.csv cannot be/);
		if (shown.includes('Retry 1 failed file')) robot.press('y');
		await robot.waitForScreen(/people\.csv cannot be (tried again: it does not lie|retried any more)/);
		drop('good.csv', transactions(20));
		await robot.waitForScreen(/good\.csv +✔ done/);
		robot.kill('SIGTERM');
		await robot.exit;
		expect(await robot.scrollback()).toContain('people.csv cannot be tried again: it does not lie in failed/');
	},
);

test('plain lines tell each file with where it lies, and of an end only when somebody stops it', async () => {
	const {inbox, flags, drop} = createInbox();
	const written = {text: ''};
	const watch = startCommand(['watch', inbox, ...flags, '--plain'], {
		onOutput(text) {
			written.text = text;
		},
	});
	const see = (expected: string | RegExp): Promise<void> =>
		vi.waitFor(() => expect(written.text).toMatch(expected), PATIENT);
	await see(/^Watching \S+inbox\nStatus: 0 waiting, 0 in work, 0 completed, 0 failed; last minute 0 files \(0 B\)\n/);
	await vi.waitFor(() => expect(existsSync(join(inbox, 'unprocessed'))).toBe(true), PATIENT);
	drop('good.csv', transactions(20));
	await see(/^✔ good\.csv: 20 rows → processed\/\S+__good\.csv \(route strict\)$/m);
	drop('twin.csv', transactions(20));
	await see(/^- twin\.csv: .* → processed\/\S+__twin\.csv$/m);
	drop('people.csv', 'name,city\nAda,London\n');
	await see(/^✖ people\.csv: MISSING_COLUMN .* → failed\/\S+__people\.csv \(route strict\)$/m);
	expect(written.text).not.toMatch(/Processed|ETA|Stopped/);
	watch.kill('SIGTERM');
	const {stdout, stderr} = await watch.ended;
	expect(stderr).toMatch(/^fileproc-tui: \S+inbox was not there: it was made, with the folders in it\. .*\n$/);
	expect(stdout).toMatch(
		/\nStopped watching \S+inbox: 3 files \(.*\) since the start\nIn the folder: 0 waiting, 0 in work, 1 completed, 1 failed, 1 duplicate\n$/,
	);
});
