// The tasks of an account, read once for all dashboards that show them.
import {expect, onTestFinished, test, vi} from 'vitest';
import {followServer} from '../../source/cli/commands/attach/follow-server.ts';
import {TaskLogs} from '../../source/cli/commands/attach/task-log.ts';
import {Connection} from '../../source/client/connection.ts';
import type {ConnectionState} from '../../source/model/connection.ts';
import {transactions} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';
import {startTestServer} from '../helpers/server.ts';

type TestServer = Awaited<ReturnType<typeof startTestServer>>;

/** A dashboard: what it shows, what it says, and how it was connected. */
async function open(server: TestServer, logs: TaskLogs, token: string) {
	const connection = new Connection({origin: server.url, token, userAgent: 'test'});
	const messages: string[] = [];
	const run = await followServer(connection, {
		framesPerSecond: 10,
		onMessage: message => messages.push(message),
		log: logs.of('ann'),
	});
	const states: ConnectionState[] = [run.connection.get()];
	run.connection.subscribe(() => states.push(run.connection.get()));
	const close = (): void => {
		run.close();
		connection.close();
	};
	onTestFinished(close);
	const shown = () => {
		const {files, counts, rows, fileCount} = run.store.getSnapshot();
		return {files: files.map(({file}) => file), completed: counts.completed, rows, fileCount};
	};
	return {messages, states, close, shown};
}

/** Resolves when each shows these files, once each, with 20 rows each. */
const untilShown = (dashboards: readonly {readonly shown: () => unknown}[], files: readonly string[]): Promise<void> =>
	vi.waitFor(() => {
		const [completed, rows] = [files.length, 20 * files.length];
		for (const {shown} of dashboards) expect(shown()).toEqual({files, completed, rows, fileCount: files.length});
	}, PATIENT);

test('dashboards of an account read one stream, which another one goes on with when the first has gone', async () => {
	const server = await startTestServer();
	const {token} = server.seat('ann', 'user');
	const streams = async (): Promise<unknown> => (await server.ask('GET', '/api/v1/usage', {token})).json;
	const run = async (file: string): Promise<void> => {
		await server.run(token, await server.upload(token, file, transactions(20)));
	};
	const logs = new TaskLogs(server.url);
	const [first, second] = await Promise.all([0, 1].map(() => open(server, logs, token)));
	if (first === undefined || second === undefined) throw new Error('Expected two');
	await run('a.csv');
	await untilShown([first, second], ['a.csv']);
	const late = await open(server, logs, token);
	await untilShown([late], ['a.csv']);
	expect(await streams()).toMatchObject({streams: {used: 1}});
	first.close();
	await run('b.csv');
	await untilShown([second, late], ['a.csv', 'b.csv']);
	second.close();
	await run('c.csv');
	await untilShown([late], ['a.csv', 'b.csv', 'c.csv']);
	for (const {messages, states} of [second, late]) expect({messages, states}).toEqual({messages: [], states: ['live']});
	expect(await streams()).toMatchObject({streams: {used: 1}});
	late.close();
	await vi.waitFor(async () => expect(await streams()).toMatchObject({streams: {used: 0}}), PATIENT);
	// What nobody reads is not kept.
	const again = await open(server, logs, token);
	await untilShown([again], ['a.csv', 'b.csv', 'c.csv']);
});

test('who is refused is told so, and the others go on', async () => {
	const server = await startTestServer();
	const {token} = server.seat('ann', 'user');
	const logs = new TaskLogs(server.url);
	const [refused, taken] = await Promise.allSettled([open(server, logs, 'nobody'), open(server, logs, token)]);
	expect(refused).toMatchObject({status: 'rejected', reason: {code: 'UNAUTHORIZED'}});
	expect(taken).toMatchObject({status: 'fulfilled', value: {messages: [], states: ['live']}});
});
