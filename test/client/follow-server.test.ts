// A real server in the dashboard: its tasks come, are told apart, tried again, and bring their results where they are looked at.
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, onTestFinished, test, vi} from 'vitest';
import {readWatchFlags} from '../../source/cli/arguments/read-watch-flags.ts';
import {followServer} from '../../source/cli/commands/attach/follow-server.ts';
import type {FollowedRun} from '../../source/cli/commands/attach/followed-run.ts';
import {openInbox} from '../../source/cli/commands/serve/open-inbox.ts';
import {Connection} from '../../source/client/connection.ts';
import type {RunEvent} from '../../source/model/events.ts';
import {createRunState, reduceInPlace} from '../../source/store/reduce.ts';
import {runCommand, transactions} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';
import {startTestServer} from '../helpers/server.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

test('what is sent from the dashboard runs there, is shown with its results', async () => {
	const server = await startTestServer({isOpen: true});
	const connection = new Connection({origin: server.url, token: null, userAgent: 'test'});
	const messages: string[] = [];
	const run = await followServer(connection, {framesPerSecond: 10, onMessage: message => messages.push(message)});
	onTestFinished(() => {
		run.close();
		connection.close();
	});
	const folder = createTemporaryFolder();
	writeFileSync(folder.at('a.csv'), transactions(20));
	writeFileSync(folder.at('b.csv'), 'no table at all\u0000');
	const sentences: string[] = [];
	const upload = (path: string) => run.control.upload?.(path, sentence => sentences.push(sentence));
	expect(await upload(folder.path)).toMatch(/^Sent \d of \d files/);
	expect(sentences.join()).toMatch(/Sending .*a\.csv/);
	const rows = () => run.store.getSnapshot().files;
	await vi.waitFor(() => expect(rows().find(({file}) => file === 'a.csv')?.status).toBe('completed'), PATIENT);
	expect(rows()[0]?.report?.result).toBeNull();
	await run.control.loadReport?.({file: 'a.csv'});
	await vi.waitFor(() => expect(rows()[0]?.report?.result).toMatchObject({total_transactions: 20}), PATIENT);
	expect(run.connection.get()).toBe('live');
	expect(await upload(folder.at('nothing.csv'))).toMatch(/^Nothing to send at .*nothing\.csv/);
	expect(messages).toEqual([]);
	await expectHistory(run);
});

/** The tasks of `a.csv`, which completed, and of `b.csv`, which failed, as past runs. */
async function expectHistory({pastRuns, control, mayControl}: FollowedRun): Promise<void> {
	if (pastRuns === undefined) throw new Error('Expected past runs');
	const failed = {status: 'completed', paths: ['b.csv'], totals: {files: 1, failed: 1, rows: 0}};
	const completed = {status: 'completed', paths: ['a.csv'], totals: {files: 1, completed: 1, failed: 0, rows: 20}};
	await vi.waitFor(async () => {
		const {runs, hasMore} = await pastRuns.find('');
		expect({runs, hasMore}).toMatchObject({runs: [failed, completed], hasMore: false});
	}, PATIENT);
	const {runs} = await pastRuns.find('a.csv');
	expect(runs).toMatchObject([completed]);
	await expect(pastRuns.find('size>')).rejects.toThrow(/size/);
	const [{id} = {id: ''}] = runs;
	const state = await stateOf(pastRuns.read(id, new AbortController().signal));
	expect(state).toMatchObject({phase: 'ended', rows: 20, counts: {completed: 1}});
	expect(state.analyses).toMatchObject({transactions: {total_transactions: 20}});
	expect(state.files[0]?.report?.result).toMatchObject({total_transactions: 20});
	const [{id: lost} = {id: ''}] = (await pastRuns.find('status:failed')).runs;
	const ofFailed = await stateOf(pastRuns.read(lost, new AbortController().signal));
	expect(ofFailed.files[0]?.report).toMatchObject({status: 'failed', error: {code: expect.any(String)}});
	await expect(pastRuns.readAgain(id, ['a.csv'])).rejects.toThrow(/.+/);
	expect(await pastRuns.readAgain(lost, ['b.csv'])).toContain('tries it again');
	expect(pastRuns.reportCommand(id)).toMatch(new RegExp(`^fileproc-tui get http\\S+ ${id} > report\\.json$`));
	expect(control.noQuestions).toMatch(/Questions go to a server with a file/);
	expect(mayControl).toBe(true);
}

async function stateOf(events: AsyncIterable<RunEvent>) {
	const all: RunEvent[] = [];
	for await (const event of events) all.push(event);
	return reduceInPlace(createRunState(), all);
}

test('operators see the folder that is watched beside, and are told when that is over', async () => {
	const folder = createTemporaryFolder();
	const inbox = await openInbox(folder.at('inbox'), readWatchFlags({settle: 0, poll: 0.1}, []), {threads: 1}, () => {});
	onTestFinished(() => inbox.close());
	const server = await startTestServer({inbox: inbox.served});
	const messages: string[] = [];
	const follow = async (name: string, role: 'operator' | 'user') => {
		const connection = new Connection({origin: server.url, token: server.seat(name, role).token, userAgent: 'test'});
		const run = await followServer(connection, {framesPerSecond: 10, onMessage: message => messages.push(message)});
		onTestFinished(() => {
			run.close();
			connection.close();
		});
		return run;
	};
	expect((await follow('ann', 'user')).watched).toBeUndefined();
	const {watched} = await follow('op', 'operator');
	if (watched === undefined) throw new Error('Expected the folder');
	expect(watched).toMatchObject({isBeside: true, actions: expect.anything()});
	expect(watched.noChanges).toBeUndefined();
	writeFileSync(join(inbox.served.unprocessed, 'a.csv'), transactions(20));
	const done = {file: 'a.csv', key: expect.stringMatching(/^\d{8}-/), state: 'completed', attempts: 1, rows: 20};
	await vi.waitFor(() => {
		const {status, files} = watched.look();
		expect(status.files).toMatchObject({completed: 1, waiting: 0});
		expect(files).toMatchObject([{...done, cameAt: expect.any(Number), tag: expect.any(String)}]);
	}, PATIENT);
	await server.close();
	await vi.waitFor(() => {
		expect(watched.look().files).toMatchObject([done]);
		expect(messages.join('\n')).toMatch(/The inbox is shown as it was at \d{4}-/);
	}, PATIENT);
});

test('who may only look is offered nothing that would be refused', async () => {
	const server = await startTestServer();
	const connection = new Connection({origin: server.url, token: server.seat('eve', 'viewer').token, userAgent: 'test'});
	const run = await followServer(connection, {framesPerSecond: 10, onMessage() {}});
	onTestFinished(() => {
		run.close();
		connection.close();
	});
	expect(run.mayControl).toBe(false);
	expect(await run.pastRuns?.find('')).toEqual({runs: [], hasMore: false});
});

test('who is not logged in gets no dashboard, but is told so once, in the words of the command', async () => {
	const server = await startTestServer();
	await server.account('ann');
	const folder = createTemporaryFolder();
	const env = {XDG_CONFIG_HOME: folder.path};
	const {code, stdout, stderr} = await runCommand(['attach', server.url, '--once'], {env});
	expect({code, stdout}).toEqual({code: 3, stdout: ''});
	expect(stderr).toBe(
		`fileproc-tui: Nobody is logged in to ${server.url}, or not any more. Log in: fileproc-tui login ${server.url}\n`,
	);
});
