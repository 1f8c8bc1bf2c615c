// The page in a browser, where one is installed.
import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {expect, onTestFinished, test} from 'vitest';
import {writeReport} from '../../source/report/write-report.ts';
import {PATIENT} from '../helpers/patient.ts';
import {fileReport} from '../store/run-log.ts';
import {analyses, HOSTILE_TEXTS, reportOf} from './sample-report.ts';

const chromium = ['chromium', 'chromium-browser', 'google-chrome'].find(
	name => spawnSync(name, ['--version']).status === 0,
);

test.skipIf(chromium === undefined)(
	'a browser shows every row of the page from a file, and its policy refuses nothing of it',
	async () => {
		const folder = mkdtempSync(join(tmpdir(), 'html-in-chromium-'));
		onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
		const path = join(folder, 'report.html');
		await writeReport(path, reportOf(HOSTILE_TEXTS.map(name => fileReport(name, {rows: 1}))), analyses);
		const flags = [
			'--headless',
			'--no-sandbox',
			'--disable-gpu',
			'--enable-logging=stderr',
			`--user-data-dir=${folder}`,
		];
		const {stdout, stderr} = spawnSync(chromium ?? '', [...flags, '--dump-dom', pathToFileURL(path).href], {
			encoding: 'utf8',
			timeout: PATIENT.timeout,
		});
		expect(stdout.match(/<tr>/g)).toHaveLength(HOSTILE_TEXTS.length + 1);
		expect(stdout).not.toMatch(/<(?:script|img)/);
		expect(stderr).not.toMatch(/CONSOLE|Refused|Content Security Policy/);
	},
);
