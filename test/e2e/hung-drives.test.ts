// Files on a drive that does not answer: a thread that waits for one cannot be ended, but the command must end.
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {
	createFolder,
	expectToAddUp,
	parseEvents,
	parseReport,
	readReport,
	startCommand,
	transactions,
	untilDelivered,
} from '../helpers/command.ts';
import {type Fault, injecting} from '../helpers/faults.ts';

/** Hanging and healthy files, in a folder of their own. */
function createFiles(hung: number, healthy: number, call: Fault['call'] = 'read'): {cwd: string; faults: Fault[]} {
	const cwd = createFolder();
	mkdirSync(join(cwd, 'data'));
	const faults: Fault[] = [];
	for (let number = 1; number <= hung; number++) {
		const name = `hung-${number}.csv`;
		writeFileSync(join(cwd, 'data', name), transactions(10));
		faults.push({call, name, error: 'hang'});
	}
	for (let number = 1; number <= healthy; number++) {
		writeFileSync(join(cwd, 'data', `healthy-${number}.csv`), transactions(10));
	}
	return {cwd, faults};
}

// Together, because they hardly do anything but wait.
test('a file that hangs in any call times out, and the command ends', async () => {
	await Promise.all((['open', 'fstat', 'read', 'stat', 'close'] as const).map(expectTimeout));
});

async function expectTimeout(call: Fault['call']): Promise<void> {
	const {cwd, faults} = createFiles(1, 3, call);
	const {code, stdout, stderr} = await startCommand(['data', '--json', '--timeout', '3'], {cwd, env: injecting(faults)})
		.ended;
	const report = parseReport(stdout);
	expectToAddUp(report, 4);
	const codes = report.files.map(({status, error}) => error?.code ?? status);
	expect(codes, call).toEqual(['completed', 'completed', 'completed', 'TIMEOUT']);
	expect(stderr, call).toBe(
		'fileproc-tui: One thread does not answer and is ended with the program. Is the drive reachable?\n',
	);
	expect(code, call).toBe(1);
}

test('where many files hang, few threads are lost, and the others fail at once', async () => {
	const {cwd, faults} = createFiles(40, 20);
	const args = ['data', '--json', '--timeout', '3', '--threads', '8', '--concurrency', '8'];
	const {code, stdout, stderr} = await startCommand(args, {cwd, env: injecting(faults)}).ended;
	const report = parseReport(stdout);
	expectToAddUp(report, 60);
	// A healthy file that was in a group with one that hangs may have been tried before.
	const hung = report.files.filter(({file}) => file.includes('hung'));
	const codes = hung.map(({error}) => error?.code);
	const timeouts = codes.filter(found => found === 'TIMEOUT').length;
	expect(timeouts).toBeGreaterThanOrEqual(16);
	expect(timeouts).toBeLessThanOrEqual(23);
	expect(codes.filter(found => found === 'TOO_MANY_HUNG_THREADS')).toHaveLength(40 - timeouts);
	expect(hung.find(({error}) => error?.code === 'TOO_MANY_HUNG_THREADS')).toMatchObject({attempts: 1});
	expect(stderr).toMatch(/^fileproc-tui: (?:1[6-9]|2[0-3]) threads do not answer/);
	expect(code).toBe(1);
});

describe.each([
	['SIGINT', 130],
	['SIGTERM', 143],
] as const)('%s while files hang', (signal, exitCode) => {
	/** Resolves when a file has started. */
	async function startHung(...args: string[]) {
		const {cwd, faults} = createFiles(30, 0);
		const begun = Promise.withResolvers<void>();
		const command = startCommand(['data', '--jsonl', '--report', 'x.json', ...args], {
			cwd,
			env: injecting(faults),
			onOutput(text) {
				if (text.includes('"type":"file-started"')) begun.resolve();
			},
		});
		await begun.promise;
		return {cwd, command};
	}

	test('ends the run in an orderly way', async () => {
		const {cwd, command} = await startHung();
		command.kill(signal);
		const {code, stdout} = await command.ended;
		expect(parseEvents(stdout).at(-1)?.type).toBe('run-completed');
		const report = readReport(join(cwd, 'x.json'));
		expectToAddUp(report, 30);
		expect(report.totals.cancelled).toBe(30);
		expect(code).toBe(exitCode);
	});

	test('ends the process at once when it comes again', async () => {
		const {command} = await startHung();
		command.kill(signal);
		await untilDelivered(command.pid);
		command.kill(signal);
		const {code, stdout} = await command.ended;
		expect(parseEvents(stdout).map(({type}) => type)).not.toContain('run-completed');
		expect(code).toBe(exitCode);
	});
});
