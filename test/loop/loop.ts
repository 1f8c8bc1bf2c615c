// Runs the tests again and again on a machine that is kept busy, and counts which of them fail: a test must not depend on how
// fast the machine is. By hand, not in CI:
//
//   npm run test:loop                               20 runs beside 4 busy processes
//   npm run test:loop -- --runs 5 --busy 8 test/e2e only these tests
//   npm run test:long                               one run, with twenty times as many cases of random tests
import {type ChildProcess, spawn, spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {parseArgs} from 'node:util';

/** What is used of vitest's JSON report. */
interface TestReport {
	readonly numTotalTests: number;
	readonly testResults: readonly {
		readonly name: string;
		readonly message: string;
		readonly assertionResults: readonly {
			readonly fullName: string;
			readonly status: string;
			readonly failureMessages: readonly string[];
		}[];
	}[];
}

const {values, positionals} = parseArgs({
	options: {
		runs: {type: 'string', default: '20'},
		busy: {type: 'string', default: '4'},
		cases: {type: 'string'},
	},
	allowPositionals: true,
});
const runCount = Number(values.runs);
const busyCount = Number(values.busy);
if (!(runCount >= 1 && busyCount >= 0)) throw new Error('Expected --runs from 1 and --busy from 0.');

function keepBusy(): ChildProcess {
	const child = spawn(process.execPath, ['-e', 'for (;;) Math.sqrt(Math.random())'], {stdio: 'ignore'});
	// It is ended with this process, and does not keep it from ending.
	child.unref();
	return child;
}

function runTests(folder: string): TestReport {
	const outputFile = join(folder, 'report.json');
	rmSync(outputFile, {force: true});
	const args = [
		'node_modules/vitest/vitest.mjs',
		'run',
		'--reporter=json',
		`--outputFile=${outputFile}`,
		...positionals,
	];
	const env = {...process.env, ...(values.cases !== undefined && {RANDOM_CASES: values.cases})};
	const {status} = spawnSync(process.execPath, args, {env, stdio: ['ignore', 'ignore', 'inherit']});
	if (!existsSync(outputFile)) throw new Error(`Expected vitest to write a report; it ended with ${String(status)}.`);
	return JSON.parse(readFileSync(outputFile, 'utf8')) as TestReport;
}

interface Failure {
	readonly test: string;
	/** What was expected, and where; of a terminal its screen. */
	readonly message: string;
}

function failuresOf({testResults}: TestReport): Failure[] {
	return testResults.flatMap(({name, message, assertionResults}) => {
		const file = name.replace(`${process.cwd()}/`, '');
		const failed = assertionResults.filter(({status}) => status === 'failed');
		// A file that cannot be loaded has no test that could fail.
		if (failed.length === 0 && message !== '') return [{test: `${file} itself`, message}];
		return failed.map(({fullName, failureMessages}) => ({
			test: `${file}: ${fullName}`,
			message: failureMessages.join('\n'),
		}));
	});
}

const folder = mkdtempSync(join(tmpdir(), 'fileproc-tui-loop-'));
const busy = Array.from({length: busyCount}, keepBusy);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
process.on('exit', () => {
	for (const child of busy) child.kill('SIGKILL');
	rmSync(folder, {recursive: true, force: true});
});

const counts = new Map<string, number>();
let passedRuns = 0;
for (let run = 1; run <= runCount; run++) {
	const startedAtMs = performance.now();
	const report = runTests(folder);
	const failures = failuresOf(report);
	if (failures.length === 0) passedRuns++;
	for (const {test} of failures) counts.set(test, (counts.get(test) ?? 0) + 1);
	const seconds = Math.round((performance.now() - startedAtMs) / 1000);
	process.stdout.write(`run ${run}: ${report.numTotalTests} tests, ${failures.length} failed, ${seconds} s\n`);
	for (const {test, message} of failures) process.stdout.write(`  ${test}\n${message.replaceAll(/^/gmu, '    ')}\n`);
}
process.stdout.write(`${passedRuns} of ${runCount} runs passed beside ${busyCount} busy processes.\n`);
for (const [test, count] of counts) process.stdout.write(`${count} × ${test}\n`);
process.exitCode = passedRuns === runCount ? 0 : 1;
